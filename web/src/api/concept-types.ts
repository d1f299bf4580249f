// The shapes of concepts, as `/api/v1/concepts` sends them.

import type { MediaCard, NamedRef } from './types';

/** Something that the user taught by pictures: "our cabin". */
export interface Concept {
  id: string;
  name: string;
  builtin: 'quality' | 'screenshots' | 'documents' | 'nudity' | null;
  /** What belongs to it is kept from others. */
  hides: boolean;
  /** Certainty from which a picture belongs, 0–1. */
  threshold: number;
  count: number;
  belonging: number;
  others: number;
  ready: boolean;
  /** Why it has not been learned. */
  problem: string | null;
  best: MediaCard[];
}

export interface ConceptMember {
  media: MediaCard;
  certainty: number;
}

export interface ConceptDetail extends Concept {
  examples: { media: MediaCard; belongs: boolean }[];
  versions: { version: number; made: string; summary: string; current: boolean }[];
  /** Judged on examples that were left out. */
  quality: { recognised: number; kept_out: number | null; among_others: number | null } | null;
}

export interface ConceptExplanation {
  certainty: number | null;
  said: boolean | null;
  like: { media: MediaCard; alike: number }[];
  unlike: { media: MediaCard; alike: number }[];
}

export interface ConceptMembership extends NamedRef {
  builtin: boolean;
  certainty: number;
}

/** What is said of pictures at once. */
export interface ConceptWords {
  belonging?: string[];
  others?: string[];
  neither?: string[];
}
