// Everybody, and what was just done to them: one place, so that every page that changes people offers to take it back.

import { api, asApiError, type ApiError } from '../api/client';
import type { PeopleAction, PeopleChange, Person } from '../api/types';

class People {
  all = $state.raw<Person[] | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** The last change, until it is taken back or dismissed. */
  done = $state.raw<PeopleChange | null>(null);
  /** Rises with every change, so that pages look again. */
  tick = $state(0);

  /** Names for completion. */
  readonly names = $derived((this.all ?? []).filter((person) => person.confirmed).map((person) => person.name).sort((a, b) => a.localeCompare(b)));

  async refresh(): Promise<void> {
    try {
      [this.all, this.error] = [await api.everybody(), null];
    } catch (reason) {
      this.error = asApiError(reason);
    }
  }

  /** Does something; returns the change, or null with `error` set. */
  async act(action: PeopleAction): Promise<PeopleChange | null> {
    return this.#run(() => api.changePeople(action));
  }

  async undo(): Promise<void> {
    const change = this.done;
    if (!change) return;
    if (await this.#run(() => api.undoPeopleChange(change.id))) this.done = null;
  }

  dismiss(): void {
    this.done = null;
  }

  async #run(work: () => Promise<PeopleChange>): Promise<PeopleChange | null> {
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

export const people = new People();
