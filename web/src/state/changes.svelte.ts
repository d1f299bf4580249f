// What was just done to something, and the way back: every page that changes things offers to take it back.

import { asApiError, type ApiError } from '../api/client';

/** Something that was done. */
export interface Done {
  id: string;
  action: string;
  /** In words. */
  summary: string;
  /** Rows that were kept as they are, because they were changed since. */
  kept: number;
}

export abstract class Changes<Action, Change extends Done> {
  error = $state.raw<ApiError | null>(null);
  /** The last change, until it is taken back or dismissed. */
  done = $state.raw<Change | null>(null);
  /** Rises with every change, so that pages look again. */
  tick = $state(0);

  protected abstract send(action: Action): Promise<Change>;
  protected abstract takeBack(id: string): Promise<Change>;
  abstract refresh(): Promise<void>;

  /** Does something; returns the change, or null with `error` set. */
  async act(action: Action): Promise<Change | null> {
    return this.#run(() => this.send(action));
  }

  async undo(): Promise<void> {
    const change = this.done;
    if (!change) return;
    if (await this.#run(() => this.takeBack(change.id))) this.done = null;
  }

  dismiss(): void {
    this.done = null;
  }

  async #run(work: () => Promise<Change>): Promise<Change | null> {
    try {
      const change = await work();
      [this.done, this.error] = [change, null];
      this.tick += 1;
      await this.refresh();
      return change;
    } catch (reason) {
      this.error = asApiError(reason);
      return null;
    }
  }
}
