// Conversations: the list in the side panel, and the one that is open with its turns, the running one included.
// A turn shows what has arrived so far; when it is done the server's own record replaces it.

import { api, ask, asApiError, isAbort, ApiError, type Mode, type TurnEvent } from '../api/client';
import type { Conversation, ConversationHead, Hit, Reading, ToolCall, Turn } from '../api/types';

export type TurnState = 'asking' | 'reading' | 'searching' | 'writing' | 'done' | 'stopped' | 'failed';

let nextKey = 0;

/** A turn as it is shown, from the moment it is asked. */
export class LiveTurn {
  readonly key = nextKey++;
  readonly question: string;
  id = $state<string | null>(null);
  state = $state<TurnState>('asking');
  answer = $state('');
  /** What the language model thinks on the way; not kept by the server. */
  thinking = $state('');
  reading = $state.raw<Reading | null>(null);
  hits = $state.raw<Hit[]>([]);
  total = $state(0);
  count = $state<number | null>(null);
  calls = $state.raw<ToolCall[]>([]);
  elapsedMs = $state<number | null>(null);
  mode = $state('direct');
  error = $state.raw<ApiError | null>(null);
  loadingMore = $state(false);
  #cursor: string | null = null;

  constructor(question: string) {
    this.question = question;
  }

  static from(turn: Turn): LiveTurn {
    const live = new LiveTurn(turn.question);
    live.take(turn);
    return live;
  }

  get running(): boolean {
    return this.state === 'asking' || this.state === 'reading' || this.state === 'searching' || this.state === 'writing';
  }

  take(turn: Turn): void {
    this.id = turn.id;
    this.answer = turn.answer;
    this.reading = turn.reading;
    this.hits = turn.hits;
    this.total = turn.total;
    this.count = turn.count;
    this.calls = turn.tool_calls;
    this.elapsedMs = turn.elapsed_ms;
    this.mode = turn.mode;
    this.state = 'done';
  }

  /** Takes what happens while the answer comes. */
  hear({ event, data }: TurnEvent): void {
    switch (event) {
      case 'understanding':
        [this.reading, this.state] = [data, 'reading'];
        break;
      case 'tool_call':
        this.putCall(data);
        if (this.state === 'reading' || this.state === 'asking') this.state = 'searching';
        break;
      case 'media':
        [this.hits, this.total] = [data.hits, data.total];
        break;
      case 'text':
        [this.answer, this.state] = [this.answer + data.delta, 'writing'];
        break;
      case 'thinking':
        this.thinking += data.delta;
        if (this.state === 'reading') this.state = 'searching';
        break;
      case 'take_back':
        [this.answer, this.state] = ['', 'searching'];
        break;
      case 'done':
        this.take(data);
        break;
      case 'error':
        throw new ApiError(data, 200);
    }
  }

  putCall(call: ToolCall): void {
    const at = this.calls.findIndex((known) => known.id === call.id);
    this.calls = at < 0 ? [...this.calls, call] : this.calls.map((known, index) => (index === at ? call : known));
  }

  /** Loads every hit of the answer. */
  async loadAll(conversation: string): Promise<void> {
    if (!this.id || this.loadingMore) return;
    this.loadingMore = true;
    try {
      const all: Hit[] = [];
      this.#cursor = null;
      do {
        const page = await api.turnMedia(conversation, this.id, this.#cursor);
        all.push(...page.items);
        this.#cursor = page.next;
        if (all.length > this.hits.length) this.hits = [...all];
      } while (this.#cursor);
      this.hits = all;
    } finally {
      this.loadingMore = false;
    }
  }
}

export class OpenConversation {
  id = $state<string | null>(null);
  turns = $state.raw<LiveTurn[]>([]);
  loading = $state(false);
  error = $state.raw<ApiError | null>(null);
  #abort: AbortController | null = null;

  get running(): boolean {
    return this.turns.at(-1)?.running ?? false;
  }

  clear(): void {
    this.stop();
    this.id = null;
    this.turns = [];
    this.error = null;
  }

  async open(id: string): Promise<void> {
    if (id === this.id) return;
    this.clear();
    this.id = id;
    this.loading = true;
    try {
      const conversation: Conversation = await api.conversation(id);
      if (this.id === id) this.turns = conversation.turns.map((turn) => LiveTurn.from(turn));
    } catch (reason) {
      if (this.id === id) this.error = asApiError(reason);
    } finally {
      this.loading = false;
    }
  }

  /**
   * Asks; `opened` hears the id of the conversation as soon as there is one. `instead` is a turn that this question
   * takes the place of, with those after it.
   */
  async ask(question: string, opened: (id: string) => void, mode: Mode = 'auto', instead: LiveTurn | null = null): Promise<void> {
    if (this.running) return;
    const turn = new LiveTurn(question);
    const at = instead ? this.turns.indexOf(instead) : -1;
    this.turns = [...(at < 0 ? this.turns : this.turns.slice(0, at)), turn];
    const replaces = instead?.id ? { replaces: instead.id } : {};
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const fresh = this.id === null;
      const id = this.id ?? (await api.createConversation()).id;
      if (abort.signal.aborted) return;
      this.id = id;
      if (fresh) opened(id);
      for await (const event of ask(id, { question, mode, ...replaces }, abort.signal)) turn.hear(event);
      if (turn.running) throw new ApiError({ code: 'cut_off', message: 'The answer broke off.', hint: 'Ask again; nothing was changed.' }, 0);
    } catch (reason) {
      if (abort.signal.aborted || isAbort(reason)) {
        turn.state = 'stopped';
        void this.#keep(turn);
      } else {
        turn.error = asApiError(reason);
        turn.state = 'failed';
      }
    } finally {
      if (this.#abort === abort) this.#abort = null;
      void conversations.refresh();
    }
  }

  /** A stopped turn is kept by the server with what it had by then; its id lets it be replaced. */
  async #keep(turn: LiveTurn): Promise<void> {
    const id = this.id;
    for (let attempt = 0; id !== null && attempt < 5; attempt++) {
      await new Promise((done) => setTimeout(done, 300));
      const stored = await api.conversation(id).then((found) => found.turns.at(-1), () => undefined);
      if (stored && stored.question === turn.question && !this.turns.some((known) => known.id === stored.id)) {
        turn.take(stored);
        turn.state = 'stopped';
        return;
      }
    }
  }

  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    const last = this.turns.at(-1);
    if (last?.running) last.state = 'stopped';
  }

  /** Confirms, rejects or undoes a change that an answer proposed or made. */
  async decide(turn: LiveTurn, call: ToolCall, decision: 'confirm' | 'reject' | 'undo'): Promise<void> {
    const send = { confirm: api.confirmToolCall, reject: api.rejectToolCall, undo: api.undoToolCall }[decision];
    const result = await send(call.id);
    turn.putCall(decision === 'reject' && result.status === 'needs_confirmation' ? { ...result, status: 'rejected' } : result);
  }
}

class ConversationList {
  heads = $state.raw<ConversationHead[]>([]);
  error = $state.raw<ApiError | null>(null);

  async refresh(): Promise<void> {
    try {
      this.heads = await api.conversations();
      this.error = null;
    } catch (reason) {
      this.error = asApiError(reason);
    }
  }

  async remove(id: string): Promise<void> {
    await api.deleteConversation(id);
    this.heads = this.heads.filter((head) => head.id !== id);
  }
}

export const conversations = new ConversationList();
export const conversation = new OpenConversation();
