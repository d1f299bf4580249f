// Moments of videos: the best of them, those that a seek bar shows, the one before and after a time.

import type { Hit, Moment } from '../api/types';

/** The moment that fits best, the earliest of equals. */
export function bestMoment(moments: readonly Moment[] | undefined): Moment | undefined {
  return moments?.reduce<Moment | undefined>((best, moment) => (best && best.score >= moment.score ? best : moment), undefined);
}

/** Where a video that was found begins to play, in seconds. */
export function opensAt(hit: Hit | undefined): number | undefined {
  const best = bestMoment(hit?.moments);
  return best ? best.start_ms / 1000 : hit?.moment_s;
}

/** A place on a seek bar. Times in seconds. */
export interface Mark {
  start: number;
  end: number;
  /** The frame that shows it. */
  frame: number | null;
  why: string[];
}

/** What a seek bar shows: moments that begin together are one mark. */
export function marksOf(moments: readonly Moment[]): Mark[] {
  const marks = new Map<number, Mark>();
  for (const moment of moments) {
    const [start, end] = [moment.start_ms / 1000, moment.end_ms / 1000];
    const known = marks.get(start);
    if (!known) marks.set(start, { start, end, frame: moment.frame_ms ?? null, why: [...moment.why] });
    else {
      known.end = Math.max(known.end, end);
      known.why.push(...moment.why.filter((why) => !known.why.includes(why)));
    }
  }
  return [...marks.values()].sort((a, b) => a.start - b.start);
}

/** The mark to go to from a time. Going back from the first second of a mark leaves it, later goes to its start. */
export function neighbour(marks: readonly Mark[], at: number, step: 1 | -1): Mark | undefined {
  return step > 0 ? marks.find((mark) => mark.start > at + 0.05) : marks.findLast((mark) => mark.start < at - 1);
}
