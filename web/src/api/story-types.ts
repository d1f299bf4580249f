// The shapes of events and of what is told of the library, as `/api/v1/events` and `/api/v1/summaries` send them.

import type { EventStop } from './map-types';
import type { LibraryEvent } from './types';

/** What was photographed without a pause. */
export interface EventMoment {
  start: string | null;
  end: string | null;
  media: string[];
}

export interface EventDay {
  date: string;
  place: string | null;
  count: number;
  moments: EventMoment[];
}

export interface WholeEvent extends LibraryEvent {
  days: EventDay[];
  /** Where it went, in order of time. */
  stops: EventStop[];
  parts: LibraryEvent[];
}

export type EventAction =
  | { action: 'rename'; event: string; name: string }
  | { action: 'merge'; into: string; events: string[] }
  | { action: 'split'; event: string; at: string; name?: string | null }
  | { action: 'cover'; event: string; media: string | null }
  | { action: 'set_clock'; media: string[]; shift_s: number };

/** What an event could be called. */
export interface NameProposal {
  name: string;
  /** The language model that proposes it; empty: the library's own rules. */
  by: string;
}

/** Something that was done to events. */
export interface EventChange {
  id: string;
  made: string;
  action: string;
  summary: string;
  undoes: string | null;
  undone: string | null;
  event: string | null;
  kept: number;
}

/** A camera whose clock was off, as far as other cameras tell. */
export interface ClockOff {
  camera: string;
  start: string | null;
  media: string[];
  /** Seconds to add to its times. */
  shift_s: number;
  compared_with: string[];
  /** Moments that fit then, as they are, and of how many. */
  fits: [number, number, number];
}

export type SummaryAbout = 'event' | 'album' | 'year' | 'person';
export type SummaryLength = 'line' | 'paragraph' | 'page';
export type SummaryTone = 'plain' | 'warm' | 'playful';
/** How a summary is told. */
export interface SummaryTelling {
  length: SummaryLength;
  tone: SummaryTone;
  /** Code: en, de, fr, es, zh. */
  language: string;
}

/** What was told. */
export interface Summary {
  name: string;
  text: string;
  /** Each with the media that bear it out; `opens`: it begins a line. */
  sentences: { text: string; media: string[]; opens?: boolean }[];
  /** Empty: told without a language model; `user`: the user's own words; else the model's name. */
  by: string;
  /** The library has changed since the user wrote it. */
  outdated: boolean;
  /** A language model is still to tell it. */
  to_come: boolean;
}
