// What the server has for maps, and whether this browser shows online tiles. The server reads a cookie, because the pages
// may load pictures of another host only where it says so.

import { api } from '../api/client';
import type { MapInfo } from '../api/types';

const COOKIE = 'recollect_online_map';

class Maps {
  info = $state.raw<MapInfo | null>(null);
  #wanted = $state(document.cookie.split(';').some((pair) => pair.trim() === `${COOKIE}=1`));

  readonly tiles = $derived(this.info?.tiles ?? null);
  readonly online = $derived(this.#wanted && this.tiles !== null);

  async refresh(): Promise<void> {
    this.info = await api.map();
  }

  /** Shows online tiles from now on, or no longer. The policy of the page changes with it, so the page is loaded anew. */
  toggle(): void {
    const on = !this.#wanted;
    document.cookie = `${COOKIE}=${on ? 1 : 0}; Path=/; SameSite=Strict; Max-Age=${on ? 31536000 : 0}`;
    location.reload();
  }
}

export const maps = new Maps();
