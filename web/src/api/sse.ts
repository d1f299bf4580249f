// Reads server-sent events (HTML Living Standard, 9.2) from a fetch body, because EventSource cannot POST.
// The parser keeps half-received lines and characters between chunks; it knows nothing of what events mean.

export interface ServerEvent {
  event: string;
  data: string;
}

/** Feed it text as it arrives; every call returns the events that are complete by then. */
export class SseParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #started = false;

  push(text: string): ServerEvent[] {
    let input = this.#rest + text;
    if (!this.#started && input.length > 0) {
      this.#started = true;
      if (input.startsWith('\uFEFF')) input = input.slice(1);
    }
    const events: ServerEvent[] = [];
    let from = 0;
    for (;;) {
      const end = lineEnd(input, from);
      if (!end) break;
      const event = this.#line(input.slice(from, end.at));
      if (event) events.push(event);
      from = end.next;
    }
    this.#rest = input.slice(from);
    return events;
  }

  #line(line: string): ServerEvent | null {
    if (line === '') {
      const event = this.#data.length > 0 ? { event: this.#event || 'message', data: this.#data.join('\n') } : null;
      this.#event = '';
      this.#data = [];
      return event;
    }
    if (line.startsWith(':')) return null;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    return null;
  }
}

/** The next line end (LF, CR LF or CR). A CR at the very end may be half of a CR LF, so it waits for more. */
function lineEnd(input: string, from: number): { at: number; next: number } | null {
  for (let at = from; at < input.length; at++) {
    const code = input.charCodeAt(at);
    if (code === 10) return { at, next: at + 1 };
    if (code === 13) {
      if (at + 1 === input.length) return null;
      return { at, next: input.charCodeAt(at + 1) === 10 ? at + 2 : at + 1 };
    }
  }
  return null;
}

/** All events of a response body, as they arrive. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
    yield* parser.push(decoder.decode());
  } finally {
    reader.releaseLock();
  }
}
