// One line that says what a medium is, for screen readers and tooltips.

import type { MediaCard, Moment } from '../api/types';
import { clock, shortDay } from './dates';

/** The length of a video and, of one that is shown at a moment, where that is: "0:02 / 0:53". */
export function lengthOf(card: Pick<MediaCard, 'duration_s'>, moment?: Pick<Moment, 'start_ms'>): string {
  const times = [moment ? Math.floor(moment.start_ms / 1000) : null, card.duration_s];
  return times.filter((time) => time !== null).map(clock).join(' / ');
}

export function describe(card: MediaCard, moment?: Moment): string {
  const length = lengthOf(card, moment);
  const kind = card.kind === 'video' ? (length ? `Video, ${length}` : 'Video') : card.live ? 'Live photo' : 'Photo';
  const parts = [kind, card.taken ? shortDay(card.taken) : 'date unknown'];
  if (card.place) parts.push(card.place);
  if (card.favorite) parts.push('favourite');
  return `${parts.join(', ')} (${card.name})`;
}
