// Which page the address names, and how to go to another: the History API and nothing more.
// Plain links to paths of this app are followed without a reload; the server answers every such path with index.html.

import { readRegion, type Region } from './lightbox/region';

export type Route =
  | { page: 'ask'; conversation: string | null }
  | { page: 'library' }
  | { page: 'search'; q: string; without: string[] }
  | { page: 'like'; id: string; region: Region | null; but: string }
  | { page: 'people' }
  | { page: 'person'; id: string }
  | { page: 'concepts' }
  | { page: 'concept'; id: string }
  | { page: 'map'; at: string | null }
  | { page: 'events' }
  | { page: 'themes' }
  | { page: 'theme'; id: string }
  | { page: 'films' }
  | { page: 'film'; id: string }
  | { page: 'memory'; id: string; date: string | null }
  | { page: 'collection'; kind: 'events' | 'albums'; id: string }
  | { page: 'activity' }
  | { page: 'models' }
  | { page: 'not_found' };

/** The pages of which everything works for guests. */
const FOR_GUESTS: ReadonlySet<Route['page']> = new Set(['library', 'search', 'people', 'person', 'map', 'events', 'themes', 'theme', 'collection', 'not_found']);

export const guestsSee = (page: Route['page']): boolean => FOR_GUESTS.has(page);

export function routeOf(path: string, search: string): Route {
  const parts = path.split('/').filter(Boolean).map(decode);
  const [first, second] = parts;
  if (parts.length === 0) return { page: 'ask', conversation: null };
  if (parts.length === 1) {
    switch (first) {
      case 'like': {
        const query = new URLSearchParams(search);
        const id = query.get('id');
        return id ? { page: 'like', id, region: readRegion(query.get('box')), but: query.get('but') ?? '' } : { page: 'not_found' };
      }
      case 'library':
      case 'people':
      case 'concepts':
      case 'events':
      case 'themes':
      case 'films':
      case 'activity':
      case 'models':
        return { page: first };
      case 'map':
        return { page: 'map', at: new URLSearchParams(search).get('at') };
      case 'search': {
        const query = new URLSearchParams(search);
        return { page: 'search', q: query.get('q') ?? '', without: (query.get('without') ?? '').split(',').filter(Boolean) };
      }
    }
  }
  if (parts.length === 2 && second) {
    if (first === 'ask') return { page: 'ask', conversation: second };
    if (first === 'films') return { page: 'film', id: second };
    if (first === 'memories') return { page: 'memory', id: second, date: new URLSearchParams(search).get('date') };
    if (first === 'themes') return { page: 'theme', id: second };
    if (first === 'people') return { page: 'person', id: second };
    if (first === 'concepts') return { page: 'concept', id: second };
    if (first === 'events' || first === 'albums') return { page: 'collection', kind: first, id: second };
  }
  return { page: 'not_found' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

class Router {
  #path = $state(location.pathname);
  #search = $state(location.search);
  readonly route = $derived(routeOf(this.#path, this.#search));

  constructor() {
    addEventListener('popstate', () => this.#read());
    document.addEventListener('click', (event) => this.#follow(event));
  }

  go(address: string, options: { replace?: boolean } = {}): void {
    if (address === location.pathname + location.search) return;
    if (options.replace) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    this.#read();
  }

  #read(): void {
    this.#path = location.pathname;
    this.#search = location.search;
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a[href]');
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return;
    if (link.origin !== location.origin || link.pathname.startsWith('/api/') || link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();
