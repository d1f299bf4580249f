// How summaries are told: one choice for all of them, remembered on this device.

import type { SummaryTelling } from '../api/types';

const KEY = 'recollect-telling';

export const LENGTHS: [SummaryTelling['length'], string][] = [['line', 'One line'], ['paragraph', 'A paragraph'], ['page', 'A page']];
export const TONES: [SummaryTelling['tone'], string][] = [['plain', 'Plain'], ['warm', 'Warm'], ['playful', 'Playful']];
export const LANGUAGES: [string, string][] = [['en', 'English'], ['de', 'Deutsch'], ['fr', 'Français'], ['es', 'Español'], ['zh', '中文']];

/** What was remembered, as far as there still is such a choice. */
export function asTelling(text: string | null): SummaryTelling {
  let kept: Partial<Record<keyof SummaryTelling, unknown>> = {};
  try {
    kept = (JSON.parse(text ?? '{}') as typeof kept | null) ?? {};
  } catch {
    // Whatever else was written there is no choice.
  }
  const one = <T extends string>(choices: [T, string][], wanted: unknown, usual: T) => choices.find(([value]) => value === wanted)?.[0] ?? usual;
  return { length: one(LENGTHS, kept.length, 'paragraph'), tone: one(TONES, kept.tone, 'plain'), language: one(LANGUAGES, kept.language, 'en') };
}

class Telling {
  #now = $state.raw<SummaryTelling>(asTelling(typeof localStorage === 'undefined' ? null : localStorage.getItem(KEY)));

  get now(): SummaryTelling {
    return this.#now;
  }

  choose(change: Partial<SummaryTelling>) {
    this.#now = { ...this.#now, ...change };
    if (typeof localStorage !== 'undefined') localStorage.setItem(KEY, JSON.stringify(this.#now));
  }
}

export const telling = new Telling();
