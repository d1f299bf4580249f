// What the lightbox walks through: media in an order, of which some may not be loaded yet.

import type { Hit, MediaCard, Moment } from '../api/types';
import { opensAt } from '../text/moments';
import { foundBy, type Found } from './lines';

export interface Sequence {
  readonly length: number;
  get(index: number): MediaCard | undefined;
  load(index: number): Promise<MediaCard | undefined>;
  /** Where a video begins to play, in seconds. */
  moment?(index: number): number | undefined;
  /** Where in a video it is what was asked for. */
  moments?(index: number): readonly Moment[] | undefined;
  /** The text that a picture was found by. */
  found?(index: number): Found | null;
}

/** What was found by a question: videos begin at the moment that they were found by, and text that was found is marked. */
export function sequenceOfHits(hits: readonly Hit[], asked: string): Sequence {
  return {
    ...sequenceOf(hits.map((hit) => hit.media)),
    moment: (index) => opensAt(hits[index]),
    moments: (index) => hits[index]?.moments,
    found: (index) => foundBy(hits[index], asked),
  };
}

/** Media that are all at hand. */
export function sequenceOf(cards: readonly MediaCard[]): Sequence {
  return { length: cards.length, get: (index) => cards[index], load: (index) => Promise.resolve(cards[index]) };
}
