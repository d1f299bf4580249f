// The shapes of memories and of what is wanted less of, as `/api/v1/memories` sends them.

import type { MediaCard } from './types';

export type MemoryKind = 'on_this_day' | 'this_week' | 'this_month' | 'person' | 'place' | 'year';

/** A box in 0–1 of the upright picture: left, top, width, height. */
export type Box = [number, number, number, number];

/** One of two photos side by side. */
export interface MemorySide {
  media: string;
  /** Whose face it is about; null: all of the picture. */
  area: Box | null;
  taken: string;
}

/** A picture of a memory. */
export interface ShownMedium {
  media: MediaCard;
  /** Why it was chosen. */
  why: string;
  /** The middle of the faces in it, 0–1 of the upright picture. */
  focus: [number, number] | null;
}

/** Something to see again. */
export interface Memory {
  id: string;
  kind: MemoryKind;
  title: string;
  subtitle: string;
  /** Why it is shown. */
  reason: string;
  summary: { text: string; media: string[] } | null;
  /** How many years ago, or between then and now. */
  years: number;
  first: string;
  last: string;
  media: ShownMedium[];
  sides: [MemorySide, MemorySide] | null;
  people: { id: string; name: string }[];
  event: { id: string; name: string } | null;
}

export interface MemoriesOfDay {
  date: string;
  memories: Memory[];
}

/** What is wanted less of: somebody, an event, the days `2019-07-03..2019-07-06`, a kind of memory. */
export interface FeedbackSubject {
  about: 'person' | 'event' | 'days' | 'kind';
  subject: string;
}

export type FeedbackAmount = 'less' | 'never';

export interface Feedback extends FeedbackSubject {
  amount: FeedbackAmount;
  /** What the subject is called. */
  name: string;
}
