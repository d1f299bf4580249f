// One line that says what a medium is, for screen readers and tooltips.

import type { MediaCard } from '../api/types';
import { clock, shortDay } from './dates';

export function describe(card: MediaCard): string {
  const kind = card.kind === 'video' ? (card.duration_s === null ? 'Video' : `Video, ${clock(card.duration_s)}`) : card.live ? 'Live photo' : 'Photo';
  const parts = [kind, card.taken ? shortDay(card.taken) : 'date unknown'];
  if (card.place) parts.push(card.place);
  if (card.favorite) parts.push('favourite');
  return `${parts.join(', ')} (${card.name})`;
}
