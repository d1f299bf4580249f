// What the server says of itself, kept current by its event stream: status, job counts, and a tick that moves
// whenever the library changed. One stream serves the whole app.

import { api, ApiError, asApiError, onUnauthorized, urls } from '../api/client';
import type { Activity, JobCounts, Status } from '../api/types';

class Server {
  status = $state.raw<Status | null>(null);
  jobs = $state.raw<JobCounts | null>(null);
  /** The queue kind by kind, once the stream has told of it. */
  activity = $state.raw<Activity | null>(null);
  error = $state.raw<ApiError | null>(null);
  signInNeeded = $state(false);
  /** Moves when media were added or changed. */
  libraryTick = $state(0);
  #events: EventSource | null = null;
  #pending: ReturnType<typeof setTimeout> | null = null;

  /** Whoever looks is a guest: nothing is offered that would be refused to them. */
  readonly guest = $derived(this.status?.audience === 'guest');
  readonly busy = $derived((this.jobs?.running ?? 0) + (this.jobs?.queued ?? 0) > 0);

  start(): void {
    onUnauthorized(() => (this.signInNeeded = true));
    void this.refresh().then(() => this.#listen());
  }

  async refresh(): Promise<void> {
    try {
      const status = await api.status();
      this.status = status;
      this.jobs = status.jobs;
      this.error = null;
      this.signInNeeded = false;
    } catch (reason) {
      this.error = asApiError(reason);
    }
  }

  async signIn(token: string): Promise<void> {
    await api.signIn(token);
    await this.refresh();
    this.#listen();
  }

  /** Forgets the token; what is shown then is what somebody without one sees. */
  async signOut(): Promise<void> {
    await api.signOut();
    location.assign('/');
  }

  #listen(): void {
    this.#events?.close();
    // What goes on in the background is not told to guests.
    if (this.guest || this.signInNeeded) return;
    const events = new EventSource(urls.events);
    this.#events = events;
    events.addEventListener('jobs', (event) => {
      const activity = parse<Activity>(event);
      if (!activity) return;
      const wasBusy = this.busy;
      this.activity = activity;
      this.jobs = activity.counts;
      if (wasBusy && !this.busy) this.#soon(0);
    });
    events.addEventListener('library', () => this.#soon(1500));
    events.addEventListener('open', () => {
      if (this.error) void this.refresh();
    });
  }

  /** Many changes in a row make one refresh. */
  #soon(ms: number): void {
    this.#pending ??= setTimeout(() => {
      this.#pending = null;
      this.libraryTick += 1;
      void this.refresh();
    }, ms);
  }
}

function parse<T>(event: MessageEvent<string>): T | null {
  try {
    return JSON.parse(event.data) as T;
  } catch {
    return null;
  }
}

export const server = new Server();

/** What is missing for speaking, if the server has said so. */
export function missingSpeech(): ApiError | null {
  const model = server.status?.models.find((each) => each.role === 'speech');
  if (!model || model.state === 'ready' || model.state === 'loading') return null;
  const message = model.state === 'missing' ? 'No speech model is installed yet.' : 'The speech model does not start.';
  const hint = model.hint?.startsWith('recollect ') ? `Add one with the command: ${model.hint}` : model.hint;
  return new ApiError({ code: 'no_speech_model', message, hint }, 503);
}
