// The models as the server has them, kept current by its stream of downloads while the page of models is open.

import { api, asApiError, urls, type ApiError } from '../api/client';
import type { Model, Models, Pull } from '../api/types';
import { usedAtOnce, withPull } from '../text/models';
import { server } from './server.svelte';

class ModelsState {
  all = $state.raw<Models | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** What happened last, for who cannot see it. */
  news = $state('');
  /** What was installed since the page was opened: all of it is used already, or some of it waits for the next start. */
  added = $state<'used' | 'waits' | null>(null);
  /** What went wrong with a click, by model. */
  problems = $state.raw<Readonly<Record<string, string>>>({});
  #events: EventSource | null = null;

  /** Follows the downloads until the returned function is called. */
  follow(): () => void {
    void this.refresh();
    const events = new EventSource(urls.pulls);
    this.#events = events;
    events.addEventListener('pull', (event: MessageEvent<string>) => this.#hear(event.data));
    events.addEventListener('open', () => this.error && void this.refresh());
    return () => {
      events.close();
      if (this.#events === events) this.#events = null;
    };
  }

  async refresh(): Promise<void> {
    try {
      this.all = await api.models();
      this.error = null;
    } catch (reason) {
      this.error = asApiError(reason);
    }
  }

  async get(models: readonly Model[], acceptLicence = false): Promise<void> {
    for (const model of models) await this.#do(model.id, () => api.startPull(model.id, acceptLicence));
  }

  pause(model: Model): Promise<void> {
    return this.#do(model.id, () => api.pausePull(model.id));
  }

  cancel(model: Model): Promise<void> {
    return this.#do(model.id, () => api.cancelPull(model.id));
  }

  async remove(model: Model): Promise<void> {
    await this.#do(model.id, () => api.removeModel(model.id));
    if (!this.problems[model.id]) this.news = `${model.id} is removed.`;
  }

  async #do(id: string, work: () => Promise<unknown>): Promise<void> {
    const { [id]: _before, ...others } = this.problems;
    this.problems = others;
    try {
      await work();
    } catch (reason) {
      const error = asApiError(reason);
      this.problems = { ...this.problems, [id]: [error.message, error.hint].filter(Boolean).join(' ') };
    }
    await this.refresh();
  }

  #hear(text: string): void {
    let pull: Pull;
    try {
      pull = JSON.parse(text) as Pull;
    } catch {
      return;
    }
    if (!this.all) return;
    const known = this.all.models.find((model) => model.id === pull.model);
    const moved = withPull(this.all, pull);
    this.all = moved.models;
    if (!moved.ended) return;
    // A stream that is opened anew tells of downloads that ended long ago.
    if (pull.phase === 'done' && known && !known.installed) {
      this.news = `${pull.model} is installed.`;
      const used = usedAtOnce(this.all, known);
      this.added = used && this.added !== 'waits' ? 'used' : 'waits';
    }
    void this.refresh();
    void server.refresh();
  }
}

export const models = new ModelsState();
