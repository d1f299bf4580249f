// The memories of a day, what is wanted less of, and what was just said of it.

import { api, asApiError, type ApiError } from '../api/client';
import type { Feedback, FeedbackAmount, MemoriesOfDay } from '../api/types';
import type { LessOf } from '../text/memories';

class Memories {
  /** Null until they are there. */
  today = $state.raw<MemoriesOfDay | null>(null);
  /** The day that the server calls today, once it was asked. */
  first = $state<string | null>(null);
  feedback = $state.raw<Feedback[]>([]);
  error = $state.raw<ApiError | null>(null);
  /** What was said last, until it is taken back or dismissed. */
  said = $state.raw<(LessOf & { amount: FeedbackAmount }) | null>(null);
  #asked = 0;

  /** Loads the memories of a day; of today without one. Of two requests the later counts. */
  async load(date: string | null): Promise<void> {
    const asked = ++this.#asked;
    try {
      const today = await api.memories(date);
      if (date === null) this.first = today.date;
      if (asked === this.#asked) [this.today, this.error] = [today, null];
    } catch (reason) {
      if (asked === this.#asked) this.error = asApiError(reason);
    }
  }

  async loadFeedback(): Promise<void> {
    this.feedback = await api.memoryFeedback().catch(() => []);
  }

  less(of: LessOf, amount: FeedbackAmount): Promise<void> {
    return this.#say(() => api.wantLess(of, amount), { ...of, amount });
  }

  asBefore(of: Pick<LessOf, 'about' | 'subject'>): Promise<void> {
    return this.#say(() => api.wantAsBefore(of), null);
  }

  dismiss(): void {
    this.said = null;
  }

  async #say(work: () => Promise<Feedback[]>, said: typeof this.said): Promise<void> {
    try {
      [this.feedback, this.error] = [await work(), null];
      // Told when it is seen: whoever reads it finds the memories as they are said to be now.
      await this.load(this.today?.date ?? null);
      this.said = said;
    } catch (reason) {
      this.error = asApiError(reason);
    }
  }
}

export const memories = new Memories();
