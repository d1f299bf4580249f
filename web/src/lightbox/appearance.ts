// What never changes about PhotoSwipe: how it behaves, its buttons and their words.

import type { PhotoSwipeOptions } from 'photoswipe';

/** Its buttons take their pictures as text; these are drawn in the style of the other icons. */
const icon = (paths: string) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`;

export const APPEARANCE: PhotoSwipeOptions = {
  bgOpacity: 1,
  loop: false,
  wheelToZoom: true,
  preload: [1, 2],
  arrowPrevTitle: 'Previous (left arrow)',
  arrowNextTitle: 'Next (right arrow)',
  arrowPrevSVG: icon('<path d="m15 18-6-6 6-6"/>'),
  arrowNextSVG: icon('<path d="m9 18 6-6-6-6"/>'),
  zoomSVG: icon('<circle cx="11" cy="11" r="8"/><path d="m21 21-4.35-4.35M8 11h6"/><path class="pswp__zoom-icn-bar-v" d="M11 8v6"/>'),
  closeSVG: icon('<path d="M18 6 6 18M6 6l12 12"/>'),
  closeTitle: 'Close (Esc)',
  zoomTitle: 'Zoom (z)',
  errorMsg: 'This picture cannot be shown. Press i for what is known about it.',
};
