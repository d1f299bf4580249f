// Events and trips, the clocks that were off, and what was just done to them.

import { api, asApiError } from '../api/client';
import type { ClockOff, EventAction, EventChange, LibraryEvent } from '../api/types';
import { server } from './server.svelte';
import { Changes } from './changes.svelte';

class Events extends Changes<EventAction, EventChange> {
  /** Latest first. */
  all = $state.raw<LibraryEvent[] | null>(null);
  clocks = $state.raw<ClockOff[]>([]);

  protected send = (action: EventAction) => api.changeEvents(action);
  protected takeBack = (id: string) => api.undoEventChange(id);

  async refresh(): Promise<void> {
    try {
      [this.all, this.error] = [await api.events(), null];
    } catch (reason) {
      this.error = asApiError(reason);
    }
    if (server.guest) return;
    // It compares all cameras and takes a moment; the page does not wait for it.
    api.clocks().then((found) => (this.clocks = found), () => (this.clocks = []));
  }
}

export const events = new Events();
