// How PhotoSwipe is told to show a medium: photos as it does by itself, videos in a player of our own.

import type { SlideData } from 'photoswipe';
import { urls } from '../api/client';
import type { MediaCard } from '../api/types';
import { describe } from '../text/describe';

/** The slide of a medium; a video begins at `moment`, in seconds. */
export function slideOf(card: MediaCard, moment: number | undefined): SlideData {
  const alt = describe(card);
  if (card.kind === 'video') {
    // Videos are shown as large as fits, whatever their own resolution.
    const grow = Math.max(1, 2400 / Math.max(card.width, card.height, 1));
    return { type: 'video', id: card.id, moment, width: card.width * grow, height: card.height * grow, alt, msrc: urls.thumbnail(card, 1024) };
  }
  return { src: urls.preview(card), msrc: urls.thumbnail(card, 1024), width: card.width, height: card.height, alt, thumbCropped: true };
}

/** The player of a video's slide, and the place for the bar of its moments. */
export function videoOf(slide: SlideData): { holder: HTMLElement; video: HTMLVideoElement; bar: HTMLElement } {
  const video = document.createElement('video');
  video.controls = true;
  video.playsInline = true;
  video.preload = 'metadata';
  video.src = urls.original(String(slide['id']));
  if (slide.msrc) video.poster = slide.msrc;
  const moment = Number(slide['moment'] ?? 0);
  // A fragment is asked for too: some browsers seek by it before anything else is loaded.
  if (moment > 0) {
    video.src += `#t=${moment}`;
    video.addEventListener('loadedmetadata', () => (video.currentTime = moment), { once: true });
  }
  if (slide.alt) video.setAttribute('aria-label', slide.alt);
  const holder = document.createElement('div');
  holder.className = 'pswp__content video';
  const note = document.createElement('p');
  note.className = 'unplayable';
  note.hidden = true;
  note.textContent = 'This browser cannot play this video. Download it to watch it in another player.';
  video.addEventListener('error', () => (note.hidden = false));
  const bar = document.createElement('div');
  bar.className = 'moments';
  holder.append(video, note, bar);
  return { holder, video, bar };
}
