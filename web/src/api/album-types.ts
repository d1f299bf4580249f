// The shapes of albums and of the rules by which they keep themselves, as `/api/v1/albums` sends them.

import type { Collection, MediaCard } from './types';

/** An album; one with a rule keeps itself. */
export interface Album extends Collection {
  rule: string | null;
  /** Why its rule cannot be followed. */
  problem: string | null;
  created: string;
  edited: string;
}

/** What was done to an album, and by what it is taken back. */
export interface ChangedAlbum {
  change: string;
  summary: string;
  /** The album as it is now; null: it is gone. */
  album: Album | null;
}

/** What is wrong with a rule; places count UTF-16 units. */
export interface RuleProblem {
  start: number;
  end: number;
  message: string;
}

/** What a rule means while it is written. */
export interface RuleReading {
  /** As it is kept; null while something is wrong. */
  rule: string | null;
  count: number | null;
  media: MediaCard[];
  problems: RuleProblem[];
  /** Where what is offered would stand. */
  start: number;
  end: number;
  candidates: { text: string; hint: string }[];
}

/** Why a picture is in an album, or is not: clause by clause. */
export interface AlbumReasons {
  kept: boolean;
  clauses: { clause: string; met: boolean; by: string[] }[];
}
