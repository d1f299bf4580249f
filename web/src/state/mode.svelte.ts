// How questions are answered: by reading them, by the language model, or as it suits. Remembered on this device.

import type { Mode } from '../api/client';
import type { ModelStatus, Status } from '../api/types';

const KEY = 'recollect.mode';

export const MODES: readonly { mode: Mode; name: string; means: string }[] = [
  { mode: 'auto', name: 'Automatic', means: 'The language model helps where reading the question is not certain' },
  { mode: 'direct', name: 'Direct', means: 'By reading the question alone: at once, and always the same' },
  { mode: 'agent', name: 'Language model', means: 'The language model searches and answers every question' },
];

export function asMode(value: unknown): Mode {
  return MODES.find(({ mode }) => mode === value)?.mode ?? 'auto';
}

/** The language model, as the server reports it. */
export function chatModel(status: Status | null): ModelStatus | null {
  return status?.models.find((model) => model.role === 'chat') ?? null;
}

/** Whether there is a language model to choose. One that failed may be back by the next question. */
export function canChoose(status: Status | null): boolean {
  const model = chatModel(status);
  return model !== null && model.state !== 'missing';
}

/** What to say under an answer that a language model could have found better: the command that adds one. */
export function wanting(status: Status | null, certainty: number | null, intent: string | null): string | null {
  const model = chatModel(status);
  if (model?.state !== 'missing' || certainty === null) return null;
  return certainty <= 0.6 || intent === 'summarize' ? model.hint : null;
}

class Choice {
  #mode = $state<Mode>(asMode(typeof localStorage === 'undefined' ? null : localStorage.getItem(KEY)));

  get mode(): Mode {
    return this.#mode;
  }

  set mode(mode: Mode) {
    this.#mode = mode;
    if (typeof localStorage !== 'undefined') localStorage.setItem(KEY, mode);
  }
}

export const choice = new Choice();
