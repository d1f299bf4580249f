import { describe, expect, it } from 'vitest';
import { readEvents, SseParser } from './sse';

function all(chunks: string[]) {
  const parser = new SseParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
}

describe('SseParser', () => {
  const stream = 'event: text\ndata: {"delta":"Hallo"}\n\nevent: done\ndata: {}\n\n';
  const expected = [
    { event: 'text', data: '{"delta":"Hallo"}' },
    { event: 'done', data: '{}' },
  ];

  it('reads whole events', () => expect(all([stream])).toEqual(expected));

  it('gives the same events wherever the stream is cut', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(all([stream.slice(0, cut), stream.slice(cut)])).toEqual(expected);
    }
    expect(all([...stream])).toEqual(expected);
  });

  it('accepts CR LF and lone CR line ends, also cut between CR and LF', () => {
    expect(all([...stream.replaceAll('\n', '\r\n')])).toEqual(expected);
    expect(all([stream.replaceAll('\n', '\r'), 'x'])).toEqual(expected);
  });

  it('joins data lines, skips comments and keep-alives, names unnamed events', () => {
    expect(all([': ping\n\ndata: a\ndata: b\n\n'])).toEqual([{ event: 'message', data: 'a\nb' }]);
  });

  it('gives no event before its blank line, and none for an event without data', () => {
    expect(all(['event: text\ndata: half'])).toEqual([]);
    expect(all(['event: text\n\n'])).toEqual([]);
  });

  it('forgets the event name after each event', () => {
    expect(all(['event: a\ndata: 1\n\ndata: 2\n\n']).map((e) => e.event)).toEqual(['a', 'message']);
  });
});

describe('readEvents', () => {
  it('joins characters that are cut between chunks', async () => {
    const bytes = new TextEncoder().encode('data: Zürich 山\n\n');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const seen = [];
    for await (const event of readEvents(body)) seen.push(event.data);
    expect(seen).toEqual(['Zürich 山']);
  });
});
