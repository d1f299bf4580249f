// Lays out the whole library from its day counts alone, so that the height of the page and the place of every
// picture are exact before a single picture is loaded: scrolling never jumps. Days are newest first; a picture is
// known by its index in that order. Pure functions; loading and drawing are the page's business.

import type { TimelineDay } from '../api/types';

/** A run of one day's pictures within a row. */
export interface Span {
  day: string | null;
  /** Index of the first picture. */
  start: number;
  count: number;
  /** The column of the first picture. */
  column: number;
  /** How many pictures the day has in all. */
  ofDay: number;
}

export interface TimelineRow {
  top: number;
  height: number;
  /** `2019-06` when a month starts here, '' when the undated start here, null otherwise. */
  month: string | null;
  /** Whether day headings stand above the tiles. */
  headed: boolean;
  spans: Span[];
}

export interface TimelineOptions {
  columns: number;
  /** Side of the square tiles. */
  tile: number;
  gap: number;
  dayHeading: number;
  monthHeading: number;
}

export interface TimelineLayout {
  rows: TimelineRow[];
  height: number;
  total: number;
}

/** As many columns as fit with tiles of about `wanted` pixels, at least two. */
export function columnsFor(width: number, wanted: number, gap: number): { columns: number; tile: number } {
  const columns = Math.max(2, Math.round((width + gap) / (wanted + gap)));
  return { columns, tile: Math.max(1, (width - gap * (columns - 1)) / columns) };
}

/** Rows for all days. Short days of one month share a row when they fit, each under its own heading. */
export function layoutTimeline(days: readonly TimelineDay[], options: TimelineOptions): TimelineLayout {
  const { columns, tile, gap, dayHeading, monthHeading } = options;
  const rows: TimelineRow[] = [];
  let top = 0;
  let index = 0;
  let month: string | null = null;
  let open: TimelineRow | null = null;
  const add = (row: Omit<TimelineRow, 'top' | 'height'>): TimelineRow => {
    const height = tile + gap + (row.headed ? dayHeading : 0) + (row.month === null ? 0 : monthHeading);
    const placed = { ...row, top, height };
    rows.push(placed);
    top += height;
    return placed;
  };
  for (const { day, count } of days) {
    if (count <= 0) continue;
    const dayMonth = day?.slice(0, 7) ?? '';
    const opens = dayMonth === month ? null : dayMonth;
    month = dayMonth;
    const last = open?.spans.at(-1);
    const used = last ? last.column + last.count : columns;
    if (open && opens === null && used + count <= columns) {
      open.spans.push({ day, start: index, count, column: used, ofDay: count });
    } else {
      const first = Math.min(columns, count);
      const row = add({ month: opens, headed: true, spans: [{ day, start: index, count: first, column: 0, ofDay: count }] });
      open = count <= columns ? row : null;
      for (let done = first; done < count; done += columns) {
        const length = Math.min(columns, count - done);
        add({ month: null, headed: false, spans: [{ day, start: index + done, count: length, column: 0, ofDay: count }] });
      }
    }
    index += count;
  }
  return { rows, height: top, total: index };
}

/** The last of ascending `starts` that is not above `value`; 0 when all are. */
export function lastNotAbove<T>(items: readonly T[], value: number, startOf: (item: T) => number): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startOf(items[middle] as T) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function rowAt(layout: TimelineLayout, offset: number): number {
  return lastNotAbove(layout.rows, offset, (row) => row.top);
}

export function rowOfIndex(layout: TimelineLayout, index: number): number {
  return lastNotAbove(layout.rows, index, (row) => row.spans[0]?.start ?? 0);
}

/** Where the arrow keys lead from a picture, by rows. */
export function moveInTimeline(layout: TimelineLayout, index: number, step: -1 | 1): number {
  const at = rowOfIndex(layout, index);
  const span = layout.rows[at]?.spans.find((s) => index < s.start + s.count);
  const target = layout.rows[at + step];
  if (!span || !target) return index;
  const column = span.column + index - span.start;
  const candidates = target.spans.filter((s) => s.column <= column);
  const into = candidates.at(-1) ?? target.spans[0];
  if (!into) return index;
  return into.start + Math.min(into.count - 1, Math.max(0, column - into.column));
}

/** A run of whole days that is fetched at once. */
export interface Chunk {
  /** Oldest and newest day, both included; null for the media without a date. */
  from: string | null;
  to: string | null;
  start: number;
  count: number;
}

/** Cuts the days into runs of about `size` media. Media without a date are a run of their own. */
export function chunkDays(days: readonly TimelineDay[], size: number): Chunk[] {
  const chunks: Chunk[] = [];
  let index = 0;
  let open: Chunk | null = null;
  for (const { day, count } of days) {
    if (count <= 0) continue;
    if (open && day !== null && open.from !== null && open.count + count <= size) {
      open.from = day;
      open.count += count;
    } else {
      open = { from: day, to: day, start: index, count };
      chunks.push(open);
    }
    index += count;
  }
  return chunks;
}

/** The chunks that hold the pictures `first` to `last`, both included. */
export function chunksBetween(chunks: readonly Chunk[], first: number, last: number): number[] {
  if (chunks.length === 0 || last < first) return [];
  const from = lastNotAbove(chunks, first, (chunk) => chunk.start);
  const to = lastNotAbove(chunks, last, (chunk) => chunk.start);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

export interface Mark {
  /** `2019-06`, '' for the undated. */
  month: string;
  top: number;
}

export function marksOf(layout: TimelineLayout): Mark[] {
  return layout.rows.flatMap((row) => (row.month === null ? [] : [{ month: row.month, top: row.top }]));
}

/** The first mark of each year that has room for a label at least `distance` (0–1 of the height) below the last one. */
export function yearLabels(marks: readonly Mark[], height: number, distance: number): { year: string; at: number }[] {
  const labels: { year: string; at: number }[] = [];
  let year = '';
  for (const mark of marks) {
    const own = mark.month.slice(0, 4);
    if (!own || own === year) continue;
    year = own;
    const at = height > 0 ? mark.top / height : 0;
    const last = labels.at(-1);
    if (!last || at - last.at >= distance) labels.push({ year, at });
  }
  return labels;
}
