// What the lightbox walks through: media in an order, of which some may not be loaded yet.

import type { MediaCard } from '../api/types';

export interface Sequence {
  readonly length: number;
  get(index: number): MediaCard | undefined;
  load(index: number): Promise<MediaCard | undefined>;
}

/** Media that are all at hand. */
export function sequenceOf(cards: readonly MediaCard[]): Sequence {
  return { length: cards.length, get: (index) => cards[index], load: (index) => Promise.resolve(cards[index]) };
}
