// What the page of models says, from what the server knows: pure functions over its answers.

import type { LanguagePack, Model, ModelTier, Models, Pull } from '../api/types';
import { bytes, roughly } from './dates';

export interface AbilityGroup {
  id: string;
  title: string;
  purpose: string;
  ready: boolean;
  at_once: boolean;
  needs?: string | null;
  packs?: LanguagePack[];
  models: Model[];
}

const TITLES: Record<string, string> = {
  chat: 'Conversation',
  vision: 'Looking at pictures',
  'text-embedding': 'Meaning of words',
  'image-embedding': 'Search by sight',
  speech: 'Speech',
  faces: 'Faces',
  objects: 'Things',
  'text-in-pictures': 'Text in pictures',
};

const TIERS: Record<string, string> = { nas: 'Small', laptop: 'Laptop', gpu: 'Graphics card' };

export const abilityTitle = (id: string) => TITLES[id] ?? id;
export const tierTitle = (id: string) => TIERS[id] ?? id;

/** The models under what they are for, in the server's order; those of no known use last. */
export function groupModels({ abilities, models }: Pick<Models, 'abilities' | 'models'>): AbilityGroup[] {
  const groups = abilities.map((ability) => ({
    ...ability,
    title: abilityTitle(ability.id),
    models: models.filter((model) => model.ability === ability.id),
  }));
  const others = models.filter((model) => !groups.some((group) => group.id === model.ability));
  if (others.length > 0) groups.push({ id: 'others', title: 'Others', purpose: 'Brought in by you.', ready: true, at_once: false, models: others });
  return groups.filter((group) => group.models.length > 0);
}

/** What is known of a model in one line: size, memory, languages, licence. One that forbids something is told apart. */
export function modelFacts(model: Pick<Model, 'size' | 'memory_mb' | 'languages' | 'installed' | 'licence' | 'restriction'>): string {
  const facts = [`${model.installed ? '' : 'about '}${bytes(model.size)}`];
  if (model.memory_mb) facts.push(`${bytes(model.memory_mb * 1e6)} of memory at work`);
  const [first, ...more] = model.languages;
  if (first === 'multilingual') facts.push('many languages');
  else if (first) facts.push([first, ...more].map(languageName).join(', '));
  if (model.licence && !model.restriction) facts.push(model.licence);
  return facts.join(' · ');
}

const LANGUAGES = new Intl.DisplayNames(['en'], { type: 'language' });
const SCRIPTS = new Intl.DisplayNames(['en'], { type: 'script' });

function named(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

const languageName = (code: string) => named(LANGUAGES, code);

/** What a language pack reads. */
export function packTitle(pack: Pick<LanguagePack, 'name' | 'language' | 'script'>): string {
  if (pack.script) return `${named(SCRIPTS, pack.script)} script`;
  return pack.language ? languageName(pack.language) : pack.name;
}

/** The command that adds language packs; empty for none. */
export function packCommand(packs: readonly Pick<LanguagePack, 'package'>[]): string {
  return packs.length > 0 ? `sudo apt-get install ${packs.map((pack) => pack.package).join(' ')}` : '';
}

export const isActive = (pull: Pull | null): boolean =>
  pull !== null && ['waiting', 'download', 'package', 'unpack'].includes(pull.phase);

/** How far a download is, in one line. */
export function pullLine(pull: Pull): string {
  const share = `${bytes(pull.done)} of ${bytes(pull.total)}`;
  switch (pull.phase) {
    case 'waiting':
      return pull.done > 0 ? `Waiting for its turn · ${share}` : 'Waiting for its turn';
    case 'package':
      return 'Fetching it from the package index';
    case 'unpack':
      return `Checking and putting in place · ${share}`;
    case 'paused':
      return `Paused · ${share}`;
    case 'failed':
      return pull.error ?? 'It could not be fetched.';
    case 'done':
    case 'gone':
      return '';
    case 'download': {
      const speed = pull.bytes_per_s;
      if (!speed) return share;
      return `${share} · ${bytes(speed)} a second · ${roughly((pull.total - pull.done) / speed)}`;
    }
  }
}

/** A list of models after one download has moved. One that has ended makes the whole list worth asking for again. */
export function withPull(models: Models, pull: Pull): { models: Models; ended: boolean } {
  const ended = pull.phase === 'done' || pull.phase === 'gone';
  const changed = models.models.map((model) => (model.id === pull.model ? { ...model, pull: ended ? null : pull } : model));
  return { models: { ...models, models: changed }, ended };
}

/** Whether a model is used as soon as it is there, without another start. */
export function usedAtOnce({ abilities }: Pick<Models, 'abilities'>, model: Pick<Model, 'ability'>): boolean {
  return abilities.some((ability) => ability.id === model.ability && ability.at_once);
}

/** The models of a set that a click would get. */
export function missingOf(tier: ModelTier, models: readonly Model[]): Model[] {
  return models.filter((model) => tier.models.includes(model.id) && !model.installed);
}

/** Why a set or model does not fit on the disk; null when it does, or nobody knows. */
export function lackOfRoom(needed: number, free: number | null): string | null {
  if (free === null || needed <= free) return null;
  return `There is too little room: it takes about ${bytes(needed)}, and ${bytes(free)} are free.`;
}
