// Memories: what can be wanted less of, and which part of a picture a frame shows. Plain functions of values.

import type { Box, FeedbackSubject, MediaCard, Memory, MemoryKind } from '../api/types';
import { dayRange } from './dates';

/** People that the menu names. */
const NAMED = 4;
/** Share of a frame's height that a face takes. */
const FACE = 0.36;
/** Where the middle of a face is, share of the frame's height. */
const EYE_LINE = 0.44;

const KINDS: Record<MemoryKind, string> = {
  on_this_day: 'days of earlier years',
  this_week: 'weeks of earlier years',
  this_month: 'months of earlier years',
  person: 'people then and now',
  place: 'places then and now',
  year: 'years in pictures',
};

export interface LessOf extends FeedbackSubject {
  /** As it stands after "Less of". */
  name: string;
}

/** What somebody may want less of who looks at a memory. */
export function lessOf(memory: Memory): LessOf[] {
  const people = memory.people.slice(0, NAMED).map(({ id, name }): LessOf => ({ about: 'person', subject: id, name }));
  const event: LessOf[] = memory.event ? [{ about: 'event', subject: memory.event.id, name: memory.event.name }] : [];
  const days: LessOf[] = memory.kind === 'year' || memory.sides ? [] : [{ about: 'days', subject: `${memory.first}..${memory.last}`, name: dayRange(memory.first, memory.last) }];
  return [...people, ...event, ...days, { about: 'kind', subject: memory.kind, name: KINDS[memory.kind] }];
}

interface Sized {
  width: number | null;
  height: number | null;
}

const clamp = (value: number, most: number) => Math.min(Math.max(0, most), Math.max(0, value));

/** The part of a picture (0–1) that a frame of an aspect shows, so that a face is as large in one frame as in the other. */
export function aroundFace(card: Sized, [x, y, w, h]: Box, aspect: number): Box {
  const shape = (card.width ?? 4) / (card.height ?? 3);
  // Height of the part, in heights of the picture; never more than there is.
  const height = Math.min(1, shape / aspect, h / FACE);
  const width = (height * aspect) / shape;
  return [clamp(x + w / 2 - width / 2, 1 - width), clamp(y + h / 2 - height * EYE_LINE, 1 - height), width, height];
}

/** `object-position` by which a picture that fills a frame of an aspect shows its focus. */
export function positionOf(card: Pick<MediaCard, 'width' | 'height'>, focus: [number, number] | null, aspect: number): string {
  if (!focus) return '50% 40%';
  const shape = (card.width ?? 4) / (card.height ?? 3);
  // How much larger than the frame the picture is, each way.
  const over = [Math.max(1, shape / aspect), Math.max(1, aspect / shape)] as const;
  const place = (at: number, times: number) => (times <= 1 ? 50 : 100 * clamp((at * times - 0.5) / (times - 1), 1));
  return `${place(focus[0], over[0]).toFixed(1)}% ${place(focus[1], over[1]).toFixed(1)}%`;
}

/** The day before or after, ISO 8601. */
export function dayBeside(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}
