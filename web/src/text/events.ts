// Events in words, and by year.

import type { ClockOff, LibraryEvent } from '../api/types';

/** Events by year, the latest first; those that are part of a trip are told with it. */
export function byYear(events: readonly LibraryEvent[]): [string, LibraryEvent[]][] {
  const known = new Set(events.map((event) => event.id));
  const sorted = events
    .filter((event) => !event.parent || !known.has(event.parent))
    .sort((a, b) => (b.start ?? '').localeCompare(a.start ?? ''));
  const years = new Map<string, LibraryEvent[]>();
  for (const event of sorted) {
    const year = event.start?.slice(0, 4) ?? 'Date unknown';
    years.set(year, [...(years.get(year) ?? []), event]);
  }
  return [...years];
}

/** The names of the events that are part of each trip. */
export function partsOf(events: readonly LibraryEvent[]): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const event of events) {
    if (event.parent) parts.set(event.parent, [event.name, ...(parts.get(event.parent) ?? [])]);
  }
  return parts;
}

/** The events just before and just after, of the same trip or of none. */
export function neighbours(events: readonly LibraryEvent[], id: string): LibraryEvent[] {
  const one = events.find((event) => event.id === id);
  if (!one) return [];
  const beside = events
    .filter((event) => (event.parent ?? null) === (one.parent ?? null) && event.start)
    .sort((a, b) => (a.start ?? '').localeCompare(b.start ?? ''));
  const at = beside.findIndex((event) => event.id === id);
  return at < 0 ? [] : [beside[at - 1], beside[at + 1]].filter((event) => event !== undefined);
}

/** `6 hours behind`, `30 minutes ahead`: how a clock was off that has to be put right by `shift` seconds. */
export function offBy(clock: Pick<ClockOff, 'shift_s'>): string {
  const minutes = Math.round(Math.abs(clock.shift_s) / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [hours > 0 ? `${hours} ${hours === 1 ? 'hour' : 'hours'}` : '', rest > 0 ? `${rest} minutes` : ''];
  return `${parts.filter(Boolean).join(' ')} ${clock.shift_s > 0 ? 'behind' : 'ahead'}`;
}
