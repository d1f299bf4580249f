// Everybody, and what was just done to them: one place, so that every page that changes people offers to take it back.

import { api, asApiError } from '../api/client';
import type { PeopleAction, PeopleChange, Person } from '../api/types';
import { Changes } from './changes.svelte';

class People extends Changes<PeopleAction, PeopleChange> {
  all = $state.raw<Person[] | null>(null);

  /** Names for completion. */
  readonly names = $derived((this.all ?? []).filter((person) => person.confirmed).map((person) => person.name).sort((a, b) => a.localeCompare(b)));

  protected send = (action: PeopleAction) => api.changePeople(action);
  protected takeBack = (id: string) => api.undoPeopleChange(id);

  async refresh(): Promise<void> {
    try {
      [this.all, this.error] = [await api.everybody(), null];
    } catch (reason) {
      this.error = asApiError(reason);
    }
  }
}

export const people = new People();
