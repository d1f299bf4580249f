// A storyboard as the studio shows and changes it: plain functions of values. The movements are those of the renderer.

import type { Area, Shot, Storyboard } from '../api/types';

/** Where a film is shown before it is played, milliseconds: the title stands by then. */
export const OPENS_AT = 1000;

/** Share of the way at `t` (0–1): setting off and arriving softly, never standing still. */
export function eased(t: number, easing: 'linear' | 'gentle' = 'gentle'): number {
  const x = Math.min(1, Math.max(0, t));
  return easing === 'linear' ? x : 0.4 * x + 0.6 * (x * x * (3 - 2 * x));
}

/** What is seen of a picture at `t`. */
export function areaAt(shot: Shot, t: number): Area {
  const { show } = shot;
  if (show.kind === 'clip') return show.area;
  if (show.kind === 'card') return { x: 0, y: 0, w: 1, h: 1 };
  const e = eased(t, show.path.easing);
  const mix = (key: keyof Area) => show.path.from[key] + (show.path.to[key] - show.path.from[key]) * e;
  return { x: mix('x'), y: mix('y'), w: mix('w'), h: mix('h') };
}

/** When each shot begins, and at last the end, milliseconds. */
export function cuts(board: Storyboard): number[] {
  const times = [0];
  for (const shot of board.shots) times.push(times[times.length - 1]! + shot.duration_ms);
  return times;
}

export interface Seen {
  index: number;
  /** How far the shot is, 0–1, its transitions included. */
  t: number;
  /** How much of it is seen, 0–1. */
  share: number;
}

/** The shots that are seen at a moment, the lowest first: one, or two while one gives way to the other. */
export function seenAt(board: Storyboard, ms: number): Seen[] {
  const times = cuts(board);
  const half = (index: number) => (index > 0 ? (board.shots[index]?.transition.ms ?? 0) / 2 : 0);
  const seen: Seen[] = [];
  board.shots.forEach((shot, index) => {
    const from = times[index]! - half(index);
    const to = times[index + 1]! + half(index + 1);
    if (ms < from || ms >= to) return;
    const into = half(index) * 2;
    const share = into > 0 && shot.transition.kind !== 'cut' ? Math.min(1, (ms - from) / into) : 1;
    seen.push({ index, t: (ms - from) / Math.max(1, to - from), share });
  });
  return seen;
}

/** The shots without the card that shows the title. */
export function shown(board: Storyboard): Shot[] {
  return board.shots.filter((shot) => shot.show.kind !== 'card');
}

/** The storyboard with other shots; the card with the title lies over whichever comes first. */
export function withShots(board: Storyboard, shots: readonly Shot[]): Storyboard {
  const card = board.shots.find((shot) => shot.show.kind === 'card');
  const first = shots[0];
  const all = card && first ? [{ ...card, media: first.media }, ...shots] : [...shots];
  // A transition never takes longer than the shots that it joins.
  const fitted = all.map((shot, index) => {
    const before = all[index - 1];
    const most = before ? Math.min(before.duration_ms, shot.duration_ms) * 0.4 : 0;
    return { ...shot, transition: { ...shot.transition, ms: Math.floor(Math.min(shot.transition.ms, most) / 2) * 2 } };
  });
  return { ...board, shots: fitted };
}

/** A list with one of its things moved to another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from);
  const thing = list[from];
  return thing === undefined ? [...list] : [...rest.slice(0, to), thing, ...rest.slice(to)];
}

/** A shot that is shown longer or shorter by `ms`; a clip stays within its video, which is `mediaMs` long. */
export function trimmed(shot: Shot, ms: number, mediaMs: number | null): Shot {
  const most = shot.show.kind === 'clip' && mediaMs !== null ? Math.max(500, mediaMs - shot.show.in_ms) : 60_000;
  const duration_ms = Math.round(Math.min(most, Math.max(500, shot.duration_ms + ms)));
  const show = shot.show.kind === 'clip' ? { ...shot.show, out_ms: shot.show.in_ms + duration_ms } : shot.show;
  return { ...shot, show, duration_ms, fixed: true };
}

/** What there is to say of the beats of a piece of music: whether cuts lie on them. Empty while it was not listened to. */
export function beatOf(music: Extract<Storyboard['music'], { kind: 'file' }>): string {
  if (!music.beats) return '';
  return music.beats.confidence >= 0.3 ? `cut on its beats, ${Math.round(music.beats.tempo)} a minute` : 'no clear beat to cut on';
}

/** "0:07", "1:20". */
export function clockOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
