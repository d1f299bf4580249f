// What the parts of the open lightbox share.

import type { Face, MediaCard, MediaDetail, Moment } from '../api/types';
import type { Found } from './lines';

/** What the panel and the toolbar see of the open lightbox. */
export class LightboxState {
  card = $state.raw<MediaCard | null>(null);
  detail = $state.raw<MediaDetail | null>(null);
  /** Faces that were found; the people that files name are in `detail`. */
  faces = $state.raw<Face[]>([]);
  failed = $state<string | null>(null);
  panelOpen = $state(false);
  facesShown = $state(false);
  /** All text is marked, not only what was found. */
  textShown = $state(false);
  /** The text that the picture was found by. */
  found = $state.raw<Found | null>(null);
  playingMotion = $state(false);
  /** Whether a part of the picture is being marked. */
  marking = $state(false);
  /** Where the video that is shown plays, in seconds; `null` when none does. */
  playingAt = $state<number | null>(null);
  /** Where the video that is shown stands, playing or not, and how long it is, in seconds. */
  videoAt = $state(0);
  videoLength = $state(0);
  /** The moments of the video: those it was found by, else where in it who and what is seen. */
  moments = $state.raw<readonly Moment[]>([]);
}
