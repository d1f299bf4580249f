// The library in timeline order: its days at once, its media in runs of days as they come into view.
// Loaded runs stay; when the server says that the library changed, the days are read anew.

import { SvelteMap } from 'svelte/reactivity';
import { api, asApiError, isAbort, type ApiError } from '../api/client';
import type { MediaCard, Timeline } from '../api/types';
import { chunkDays, chunksBetween, lastNotAbove, type Chunk } from '../layout/timeline';
import type { Sequence } from '../lightbox/sequence';

const CHUNK = 150;

export class TimelineMedia implements Sequence {
  timeline = $state.raw<Timeline | null>(null);
  error = $state.raw<ApiError | null>(null);
  #chunks: Chunk[] = [];
  #loaded = new SvelteMap<number, MediaCard[]>();
  #loading = new Map<number, { promise: Promise<void>; abort: AbortController }>();
  #failed = new Map<number, number>();

  get length(): number {
    return this.timeline?.total ?? 0;
  }

  async refresh(): Promise<void> {
    try {
      const timeline = await api.timeline();
      for (const { abort } of this.#loading.values()) abort.abort();
      this.#loading.clear();
      this.#loaded.clear();
      this.#failed.clear();
      this.#chunks = chunkDays(timeline.days, CHUNK);
      this.timeline = timeline;
      this.error = null;
    } catch (reason) {
      this.error = asApiError(reason);
    }
  }

  get(index: number): MediaCard | undefined {
    const at = this.#chunkOf(index);
    const chunk = this.#chunks[at];
    return chunk ? this.#loaded.get(at)?.[index - chunk.start] : undefined;
  }

  async load(index: number): Promise<MediaCard | undefined> {
    await this.#loadChunk(this.#chunkOf(index));
    return this.get(index);
  }

  /** Loads what lies between two pictures and gives up what is being loaded elsewhere. */
  want(first: number, last: number): void {
    const wanted = new Set(chunksBetween(this.#chunks, first, Math.min(last, this.length - 1)));
    for (const [at, { abort }] of this.#loading) {
      if (!wanted.has(at)) {
        abort.abort();
        this.#loading.delete(at);
      }
    }
    for (const at of wanted) void this.#loadChunk(at);
  }

  #chunkOf(index: number): number {
    return lastNotAbove(this.#chunks, index, (chunk) => chunk.start);
  }

  async #loadChunk(at: number): Promise<void> {
    const chunk = this.#chunks[at];
    if (!chunk || this.#loaded.has(at)) return;
    const running = this.#loading.get(at);
    if (running) return running.promise;
    const failures = this.#failed.get(at) ?? 0;
    if (failures >= 3) return;
    const abort = new AbortController();
    const promise = (async () => {
      try {
        const { from, to } = chunk;
        const cards = from === null || to === null ? await api.undatedMedia(abort.signal) : await api.mediaOfDays(from, to, abort.signal);
        if (!abort.signal.aborted) this.#loaded.set(at, cards);
      } catch (reason) {
        if (isAbort(reason) || abort.signal.aborted) return;
        this.#failed.set(at, failures + 1);
        if (failures + 1 >= 3) this.error = asApiError(reason);
      } finally {
        if (this.#loading.get(at)?.abort === abort) this.#loading.delete(at);
      }
    })();
    this.#loading.set(at, { promise, abort });
    return promise;
  }
}

export const timeline = new TimelineMedia();
