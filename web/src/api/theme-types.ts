// The shapes of themes, as `/api/v1/themes` sends them.

import type { MediaCard } from './types';

export type ThemeKind = 'feast' | 'birthday' | 'place' | 'looks' | 'word';

/** What comes back over the years. */
export interface Theme {
  id: string;
  kind: ThemeKind;
  name: string;
  /** The name is the user's. */
  named: boolean;
  hidden: boolean;
  /** Why it is a theme, in a sentence. */
  why: string;
  count: number;
  years: { year: number; count: number }[];
  /** First day of its media, ISO 8601. */
  first: string;
  last: string;
  covers: MediaCard[];
}

export interface Themes {
  /** Those of most years first. */
  themes: Theme[];
  /** Pictures are compared by their looks; where not, themes come from the calendar, places and keywords alone. */
  compared: boolean;
}

export type ThemeReasonSort = 'what' | 'who' | 'where' | 'country' | 'season' | 'weekday';

/** A word that sets a theme apart from the rest of the library. */
export interface ThemeReason {
  text: string;
  /** Of so many of the pictures looked at, and of so many others. */
  evidence: { sort: ThemeReasonSort; text: string; inside: number; of: number; elsewhere: number; others: number };
}

export interface WholeTheme extends Theme {
  /** What tells the most first. */
  reasons: ThemeReason[];
  /** How alike its pictures are on average, and what counts as alike in this library. */
  alike: { average: number; least: number } | null;
  /** In order of time. */
  media: string[];
}

/** What is to be different; an empty name gives a theme back its own. */
export interface ThemeEdit {
  name?: string;
  hidden?: boolean;
}

/** Something that was done to themes. */
export interface ThemeChange {
  id: string;
  made: string;
  action: string;
  summary: string;
  undoes: string | null;
  undone: string | null;
  kept: number;
}
