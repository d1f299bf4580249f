// The shapes of models and their downloads, as `/api/v1/models` sends them.

export interface ModelStatus {
  role: string;
  name: string;
  state: 'ready' | 'missing' | 'loading' | 'failed';
  hint: string | null;
}

export type PullPhase = 'waiting' | 'download' | 'package' | 'unpack' | 'paused' | 'failed' | 'done' | 'gone';

/** How far the download of a model is. */
export interface Pull {
  model: string;
  phase: PullPhase;
  file: string | null;
  source: string | null;
  done: number;
  total: number;
  bytes_per_s: number | null;
  error: string | null;
  hint: string | null;
}

export interface Model {
  id: string;
  /** What it is for; null when only the user knows. */
  ability: string | null;
  role: string;
  description: string;
  licence: string | null;
  /** What the licence forbids. */
  restriction: string | null;
  home: string | null;
  languages: string[];
  memory_mb: number | null;
  size: number;
  tiers: string[];
  installed: boolean;
  outdated: boolean;
  /** It can be got again. */
  known: boolean;
  source: string | null;
  /** Bytes of an unfinished download. */
  partial: number;
  pull: Pull | null;
}

export interface ModelTier {
  id: string;
  machine: string;
  models: string[];
  abilities: string[];
  size: number;
  missing: number;
  memory_mb: number;
}

/** Data that tesseract reads a language or a script with. */
export interface LanguagePack {
  name: string;
  /** BCP 47; null for a script. */
  language: string | null;
  /** ISO 15924; null for a language. */
  script: string | null;
  /** The system's package. */
  package: string;
  installed: boolean;
  used: boolean;
  /** The user speaks it, and nothing that is here reads it. */
  wanted: boolean;
}

export interface Models {
  folder: string;
  free: number | null;
  offline: boolean;
  abilities: { id: string; purpose: string; ready: boolean; at_once: boolean; needs?: string | null; packs?: LanguagePack[] }[];
  tiers: ModelTier[];
  models: Model[];
}
