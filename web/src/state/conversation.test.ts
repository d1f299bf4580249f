import { afterEach, describe, expect, it, vi } from 'vitest';
import { LiveTurn, OpenConversation } from './conversation.svelte';

const reading = { language: 'en', intent: 'find', chips: [], certainty: 0.4, filter: {}, content: null };
const call = (status: 'running' | 'done') => ({ id: 't', name: 'search_media', arguments: {}, status, result: null, elapsed_ms: 1 });
const stored = (id: string, question: string, answer: string) => ({
  id, question, created: '', answer, hits: [], total: 0, count: null, reading, tool_calls: [], mode: 'agent', elapsed_ms: 5,
});
const sse = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const envelope = (data: unknown) => new Response(JSON.stringify({ data, meta: {}, error: null }), { headers: { 'content-type': 'application/json' } });

afterEach(() => vi.unstubAllGlobals());

describe('a turn as it comes', () => {
  it('shows steps, keeps thinking apart and takes back what was no answer', () => {
    const turn = new LiveTurn('q');
    turn.hear({ event: 'understanding', data: reading });
    turn.hear({ event: 'thinking', data: { delta: 'hm ' } });
    turn.hear({ event: 'text', data: { delta: 'Let me look.' } });
    turn.hear({ event: 'take_back', data: {} });
    expect([turn.answer, turn.state, turn.thinking]).toEqual(['', 'searching', 'hm ']);
    turn.hear({ event: 'tool_call', data: call('running') });
    turn.hear({ event: 'tool_call', data: call('done') });
    expect(turn.calls.map((each) => each.status)).toEqual(['done']);
    turn.hear({ event: 'text', data: { delta: 'Yes.' } });
    expect([turn.answer, turn.state]).toEqual(['Yes.', 'writing']);
    expect(() => turn.hear({ event: 'error', data: { code: 'x', message: 'no' } })).toThrow('no');
  });
});

describe('a conversation', () => {
  it('sends the mode, and an edited question in place of the first', async () => {
    const sent: unknown[] = [];
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      if (url.endsWith('/turns')) {
        const body = JSON.parse(String(init?.body)) as { question: string };
        sent.push(body);
        return new Response(sse('done', stored(`u${sent.length}`, body.question, 'ok')));
      }
      return envelope(init?.method === 'POST' ? { id: 'c1' } : []);
    });
    const conversation = new OpenConversation();
    const opened: string[] = [];
    await conversation.ask('first', (id) => opened.push(id), 'agent');
    const [first] = conversation.turns;
    await conversation.ask('second', (id) => opened.push(id), 'auto', first);
    expect(opened).toEqual(['c1']);
    expect(sent).toEqual([{ question: 'first', mode: 'agent' }, { question: 'second', mode: 'auto', replaces: 'u1' }]);
    expect(conversation.turns.map((turn) => [turn.question, turn.id])).toEqual([['second', 'u2']]);
  });

  it('keeps what a stopped turn had', async () => {
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      if (url.endsWith('/turns')) {
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new TextEncoder().encode(sse('text', { delta: 'Half' })));
            init?.signal?.addEventListener('abort', () => controller.error(new DOMException('', 'AbortError')));
          },
        });
        return new Response(body);
      }
      if (url.endsWith('/conversations/c1')) return envelope({ id: 'c1', title: 'q', turns: [stored('u1', 'q', 'Half\n\n*Stopped.*')] });
      return envelope(init?.method === 'POST' ? { id: 'c1' } : []);
    });
    const conversation = new OpenConversation();
    const asked = conversation.ask('q', () => undefined, 'agent');
    await vi.waitFor(() => expect(conversation.turns[0]?.answer).toBe('Half'));
    conversation.stop();
    await asked;
    expect(conversation.turns[0]?.state).toBe('stopped');
    await vi.waitFor(() => expect(conversation.turns[0]?.id).toBe('u1'), { timeout: 2000 });
    expect(conversation.turns[0]?.state).toBe('stopped');
  });
});
