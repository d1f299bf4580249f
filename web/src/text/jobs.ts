// What is said of background work: names of kinds, how far each is and what holds it up.

import type { Activity, FailedJob, Hold, KindActivity } from '../api/types';
import { number, plural, roughly } from './dates';

const NAMES: Record<string, string> = {
  ingest_file: 'Reading files',
  keyframes: 'Scenes of videos',
  embed_image: 'Likeness',
  find_faces: 'Faces',
  find_objects: 'Objects',
  classify: 'Kinds of pictures',
  read_text: 'Text in pictures',
  transcribe: 'Speech in videos',
  transcribe_note: 'Voice notes',
  caption: 'Descriptions',
  captions: 'Descriptions',
  vision: 'Looking at pictures',
  index_text: 'Search by words',
  index_looks: 'Search by what is seen',
  index_meaning: 'Search by meaning',
};

/** The name of a kind; one that this app does not know is shown as the server calls it. */
export function kindName(kind: string): string {
  return NAMES[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('_', ' ');
}

export const leftOf = (kind: KindActivity) => kind.queued + kind.running;

/** How much of a kind is done, 0–1; what was cancelled is not asked for. */
export function shareOf(kind: KindActivity): number {
  const ended = kind.done + kind.failed;
  const all = ended + leftOf(kind);
  return all > 0 ? ended / all : 1;
}

const HOLDS: Record<Hold, string> = {
  person_asks: 'Waits while your question is answered.',
  quiet_hours: 'Waits until the quiet hours are over.',
  machine_busy: 'Waits until other programs need the machine less.',
};

/** Why looking at pictures does not go on; null when it does or nothing is left to look at. */
export function heldLine(activity: Activity): string | null {
  if (activity.paused) return 'Everything is paused.';
  const waits = activity.by_kind.some((kind) => kind.steerable && kind.kind !== 'ingest_file' && kind.queued > 0 && !kind.paused);
  return activity.held && waits ? HOLDS[activity.held] : null;
}

const rate = (perSecond: number) =>
  perSecond >= 1 ? `${perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1)} a second` : `${Math.max(1, Math.round(perSecond * 60))} a minute`;

/** `36,320 done · 61,842 to do · 21 a second · about 48 minutes left`. */
export function kindLine(kind: KindActivity): string {
  const left = leftOf(kind);
  const parts = [`${number(kind.done)} done`];
  if (left > 0) parts.push(`${number(left)} to do`);
  if (kind.failed > 0) parts.push(`${number(kind.failed)} failed`);
  if (kind.cancelled > 0) parts.push(`${number(kind.cancelled)} cancelled`);
  if (kind.paused) parts.push('paused');
  else if (left > 0 && !kind.obstacle) {
    if (kind.rate_per_s) parts.push(rate(kind.rate_per_s));
    if (kind.rate_per_s && kind.eta_s !== null) parts.push(`${roughly(kind.eta_s)} left`);
  }
  return parts.join(' · ');
}

export interface FailureGroup {
  kind: string;
  title: string;
  jobs: FailedJob[];
}

/** Failures by kind in the order they came, each with how many there are: `total` may be more than are listed. */
export function failureGroups(failed: readonly FailedJob[], kinds: readonly KindActivity[]): FailureGroup[] {
  const groups = new Map<string, FailedJob[]>();
  for (const job of failed) groups.set(job.kind, [...(groups.get(job.kind) ?? []), job]);
  return [...groups].map(([kind, jobs]) => {
    const total = Math.max(jobs.length, kinds.find((each) => each.kind === kind)?.failed ?? 0);
    const title = kind === 'ingest_file' ? `${plural(total, 'file')} could not be read` : `${kindName(kind)}: ${number(total)} failed`;
    return { kind, title, jobs };
  });
}

/** Why a job was given up, without its path, which stands above. */
export function reasonOf(job: FailedJob): string {
  const told = job.path ? job.message.replaceAll(`${job.path}: `, '').replaceAll(job.path, 'the file') : job.message;
  return told.trim();
}
