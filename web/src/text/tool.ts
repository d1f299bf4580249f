// Says in plain words what a step of an answer did or wants to do. Steps this app does not know are named as they are.

import type { ToolCall } from '../api/types';
import { plural } from './dates';

const DOING: Record<string, [running: string, done: string]> = {
  search_media: ['Searching your library', 'Searched your library'],
  count_media: ['Counting', 'Counted'],
  get_media: ['Looking at a picture', 'Looked at a picture'],
  describe_media: ['Looking at a picture', 'Looked at a picture'],
  find_similar: ['Looking for similar pictures', 'Looked for similar pictures'],
  list_people: ['Reading the list of people', 'Read the list of people'],
  list_events: ['Reading the list of events', 'Read the list of events'],
  summarize: ['Summing up', 'Summed up'],
  create_album: ['Making an album', 'Made an album'],
  add_tags: ['Adding tags', 'Added tags'],
  annotate: ['Writing a description', 'Wrote a description'],
  create_film: ['Making a film', 'Made a film'],
  edit_film: ['Changing the film', 'Changed the film'],
};

export function toolLabel(call: ToolCall): string {
  const [running, done] = (Object.hasOwn(DOING, call.name) ? DOING[call.name] : undefined) ?? [call.name.replaceAll('_', ' '), call.name.replaceAll('_', ' ')];
  return call.status === 'running' ? running : done;
}

/** How many media a step found or is about, where it says so. */
export function toolTotal(call: ToolCall): number | null {
  const { result } = call;
  if (result && typeof result === 'object' && 'total' in result && typeof result.total === 'number') return result.total;
  const media = call.arguments['media'] ?? call.arguments['media_ids'];
  return Array.isArray(media) ? media.length : null;
}

/** What a step's number counts: names in a list, pictures otherwise. */
export function toolUnit(call: ToolCall): string {
  return call.name.startsWith('list_') ? 'name' : 'picture';
}

function words(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').join(', ') : '';
}

/** What a change would do, as a question to the person. */
export function changeTitle(call: ToolCall): string {
  const total = toolTotal(call);
  const media = total === null ? '' : plural(total, 'picture');
  switch (call.name) {
    case 'create_album': {
      const name = words(call.arguments['name']);
      const rule = words(call.arguments['rule']);
      if (rule) return `Keep the album “${name}” by the rule ${rule}`;
      return `New album${name ? ` “${name}”` : ''}${media ? ` with ${media}` : ''}`;
    }
    case 'add_tags': {
      const tags = words(call.arguments['tags']);
      return `Tag${media ? ` ${media}` : ''}${tags ? ` with “${tags}”` : ''}`;
    }
    case 'create_film': {
      const film = filmOf(call);
      if (!film) return `Make a film${media ? ` of ${media}` : ''}`;
      return `Film “${film.title}”, ${film.seconds} s, ${plural(film.shots, 'shot')}`;
    }
    case 'annotate':
      return `Write a description${media ? ` for ${media}` : ''}`;
    default:
      return toolLabel({ ...call, status: 'running' }) + (media ? ` (${media})` : '');
  }
}

/** What a film would be or is, where a step tells it; `id` once it is there. */
export function filmOf(call: ToolCall): { id: string | null; title: string; seconds: number; shots: number } | null {
  if (!call.result || typeof call.result !== 'object') return null;
  const result = call.result as Record<string, unknown>;
  const told = (typeof result['film'] === 'object' && result['film'] ? result['film'] : result) as Record<string, unknown>;
  const id = typeof result['film'] === 'string' ? result['film'] : null;
  if (!Array.isArray(told['shots'])) return null;
  return { id, title: String(told['title'] ?? 'Film'), seconds: Number(told['seconds'] ?? 0), shots: told['shots'].length };
}

const READS = new Set(['search_media', 'count_media', 'get_media', 'describe_media', 'find_similar', 'list_people', 'list_events', 'summarize', 'edit_film']);

/** Whether a step changes the library, so that it is shown as a card with its decision. */
export function isChange(call: ToolCall): boolean {
  return !READS.has(call.name);
}
