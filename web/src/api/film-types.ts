// The shapes of films and their storyboards, as `/api/v1/films` sends them.

import type { MediaCard } from './types';

/** A box in 0–1 of the upright picture. */
export interface Area {
  x: number;
  y: number;
  w: number;
  h: number;
}

export type Easing = 'linear' | 'gentle';

export type Show =
  | { kind: 'card' }
  | { kind: 'still'; path: { from: Area; to: Area; easing: Easing }; fit: boolean }
  | { kind: 'clip'; in_ms: number; out_ms: number; area: Area; fit: boolean; sound: boolean };

export interface Caption {
  text: string;
  small?: string;
  place: 'middle' | 'corner' | 'below';
}

export interface Shot {
  media: string;
  show: Show;
  /** From cut to cut; half of the transitions at both ends comes on top. */
  duration_ms: number;
  transition: { kind: 'cut' | 'dissolve' | 'dip' | 'wipe' | 'push'; ms: number };
  caption?: Caption;
  section: number;
  reason: string;
  score: number;
  fixed?: boolean;
}

/** The beats of a piece of music, as they were found when it was chosen. */
export interface Beats {
  of: string;
  /** Beats a minute; 0 when there are none. */
  tempo: number;
  /** 0–1; cuts follow the beats from 0.3 on. */
  confidence: number;
  at_ms: number[];
}

export interface Storyboard {
  schema: number;
  title: string;
  subtitle?: string;
  format: '16:9' | '9:16' | '1:1';
  pace: 'calm' | 'even' | 'lively';
  mood: 'gentle' | 'happy' | 'nostalgic' | 'epic' | 'energetic';
  captions: boolean;
  wished_ms: number;
  sections: { title: string; subtitle?: string }[];
  shots: Shot[];
  music: { kind: 'made' } | { kind: 'file'; path: string; beats?: Beats } | { kind: 'none' };
  ending: { fade_ms: number };
  [more: string]: unknown;
}

/** A piece of music of the user's. */
export interface Tune {
  id: string;
  title: string;
  /** Where it lies: what the storyboard names. */
  path: string;
  given: boolean;
}

export type Quality = 'preview' | 'medium' | 'full';

export type Codec = 'h264' | 'hevc' | 'av1';

/** A way to compress films, and what does it here. */
export interface CodecChoice {
  codec: Codec;
  title: string;
  /** None when this machine has none. */
  encoder: string | null;
  hardware: boolean;
  /** What is missing, and what to install. */
  missing: string | null;
}

export interface FilmRender {
  quality: Quality;
  codec: Codec;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /** 0–1. */
  progress: number;
  /** It shows the storyboard as it is now. */
  current: boolean;
  error: string | null;
  /** Why another encoder was used than was to be. */
  notice: string | null;
}

export interface FilmCard {
  id: string;
  title: string;
  seconds: number;
  shots: number;
  cover: MediaCard | null;
  renders: FilmRender[];
  updated: string;
  deleted: string | null;
}

/** A film that is planned and not kept. */
export interface FilmPlan {
  storyboard: Storyboard;
  media: Record<string, MediaCard>;
}

export interface Film extends FilmCard {
  prompt: string;
  version: number;
  said: string;
  storyboard: Storyboard;
  media: Record<string, MediaCard>;
}
