// The lightbox: PhotoSwipe for zoom, pan, swipe and keys, with video, live photos, boxes around people, marks on text
// and an information panel added. One is open at a time. It works on any `Sequence`, however long.

import PhotoSwipe, { type PhotoSwipeOptions, type SlideData } from 'photoswipe';
import 'photoswipe/style.css';
import { mount, unmount } from 'svelte';
import { api, urls, withQuery } from '../api/client';
import type { MediaCard } from '../api/types';
import { marksOf, neighbour } from '../text/moments';
import { router } from '../router.svelte';
import { server } from '../state/server.svelte';
import { APPEARANCE } from './appearance';
import FaceBoxes from './FaceBoxes.svelte';
import { Marking } from './marking';
import Moments from './Moments.svelte';
import Panel from './Panel.svelte';
import { written, type Region } from './region';
import { sequenceOf, type Sequence } from './sequence';
import { slideOf, videoOf } from './slides';
import { LightboxState } from './state.svelte';
import TextMarks from './TextMarks.svelte';
import Toolbar from './Toolbar.svelte';

const PANEL_WIDTH = 384;
const PHONE = 760;

let current: OpenLightbox | null = null;
/** Kept from one picture to the next, and from one opening to the next. */
let panelWasOpen = false;

export interface OpenOptions {
  sequence: Sequence;
  index: number;
  /** The tile of a picture, for the opening animation and to give focus back to. */
  tileOf?: (index: number) => HTMLElement | null;
}

export function openLightbox(options: OpenOptions): void {
  const before = current;
  before?.destroy();
  current = new OpenLightbox(options, before?.returnTo ?? document.activeElement);
}

export function openCards(cards: readonly MediaCard[], index: number): void {
  openLightbox({ sequence: sequenceOf(cards), index });
}

export function closeLightbox(): void {
  current?.close();
}

class OpenLightbox {
  readonly state = new LightboxState();
  readonly #pswp: PhotoSwipe;
  readonly #sequence: Sequence;
  #parts: Record<string, unknown>[] = [];
  /** What lies over the picture: boxes around people, marks on text. */
  #overlays: Record<string, unknown>[] = [];
  #marking: Marking | null = null;
  #request: AbortController | null = null;
  /** Steps asked for by keys before the lightbox was open. */
  #steps = 0;
  #unwanted = false;

  /** What gets the focus back, unless the tile of the picture seen last is there. */
  readonly returnTo: Element | null;

  constructor({ sequence, index, tileOf }: OpenOptions, returnTo: Element | null) {
    this.returnTo = returnTo;
    this.#sequence = sequence;
    this.state.panelOpen = panelWasOpen;
    this.state.facesShown = panelWasOpen;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const options: PhotoSwipeOptions = {
      index,
      ...APPEARANCE,
      showHideAnimationType: calm ? 'none' : tileOf ? 'zoom' : 'fade',
      zoomAnimationDuration: calm ? false : 280,
      // Focus is given back to the tile of the picture last seen (see `#closed`).
      returnFocus: false,
      getViewportSizeFn: () => this.#viewport(),
      paddingFn: (viewport, data) => {
        // Below a video is its bar of moments.
        const below = data.type === 'video' ? 48 : 24;
        return viewport.x < PHONE ? { top: 56, bottom: below, left: 0, right: 0 } : { top: 64, bottom: below + 4, left: 24, right: 24 };
      },
    };
    const pswp = new PhotoSwipe(options);
    this.#pswp = pswp;
    pswp.addFilter('numItems', () => sequence.length);
    pswp.addFilter('itemData', (_, at) => this.#slide(at));
    if (tileOf) pswp.addFilter('thumbEl', (element, _, at) => tileOf(at) ?? (element as HTMLElement));
    pswp.on('contentLoad', (event) => this.#loadVideo(event));
    pswp.on('contentActivate', ({ content }) => void content.element?.querySelector('video')?.play().catch(() => undefined));
    pswp.on('contentDeactivate', ({ content }) => content.element?.querySelector('video')?.pause());
    for (const type of ['pointerDown', 'pointerMove', 'pointerUp'] as const) {
      pswp.on(type, (event) => {
        if ((event.originalEvent.target as Element | null)?.closest('video, .faces, .moments, .region')) event.preventDefault();
      });
    }
    pswp.addFilter('isContentZoomable', (zoomable, content) => zoomable && content.type !== 'video');
    pswp.on('change', () => this.#changed());
    pswp.on('imageSizeChange', () => {
      this.#draw();
      this.#marking?.fit();
    });
    pswp.on('keydown', (event) => this.#key(event));
    // PhotoSwipe hears keys only once its opening animation is over; what is pressed before is kept for then.
    const early = (event: KeyboardEvent) => this.#earlyKey(event);
    document.addEventListener('keydown', early, { capture: true });
    pswp.on('destroy', () => document.removeEventListener('keydown', early, { capture: true }));
    pswp.on('bindEvents', () => {
      document.removeEventListener('keydown', early, { capture: true });
      if (this.#unwanted) return queueMicrotask(() => pswp.destroy());
      const to = Math.min(sequence.length - 1, Math.max(0, pswp.currIndex + this.#steps));
      if (to !== pswp.currIndex) pswp.goTo(to);
    });
    pswp.on('uiRegister', () => this.#registerParts());
    const behind = document.getElementById('app');
    pswp.on('destroy', () => {
      if (behind && document.querySelectorAll('.pswp').length <= 1) behind.inert = false;
      this.#request?.abort();
      for (const part of this.#parts) void unmount(part);
      for (const overlay of this.#overlays) void unmount(overlay);
      this.#endMarking();
      if (current === this) current = null;
      const tile = tileOf?.(pswp.currIndex) ?? (returnTo instanceof HTMLElement ? returnTo : null);
      tile?.focus({ preventScroll: true });
    });
    pswp.init();
    if (behind) behind.inert = true;
    pswp.element?.setAttribute('aria-label', 'Picture viewer');
    pswp.element?.setAttribute('aria-modal', 'true');
    // At once, not after the opening animation: keys pressed until then are meant for the lightbox too.
    pswp.element?.focus({ preventScroll: true });
  }

  close(): void {
    this.#pswp.close();
  }

  destroy(): void {
    // While it opens it cannot be closed; it closes as soon as it is open.
    if (this.#pswp.opener.isOpen) this.#pswp.destroy();
    else this.#unwanted = true;
  }

  togglePanel(): void {
    this.state.panelOpen = !this.state.panelOpen;
    this.state.facesShown = this.state.panelOpen;
    panelWasOpen = this.state.panelOpen;
    this.#resize();
    this.#draw();
  }

  toggleFaces(): void {
    this.state.facesShown = !this.state.facesShown;
    this.#draw();
  }

  toggleText(): void {
    this.state.textShown = !this.state.textShown;
    this.#draw();
  }

  /** Lets a part of the picture be marked and searched for, or ends that. */
  toggleRegion(): void {
    if (this.#marking) return this.#endMarking();
    const { card } = this.state;
    const slide = this.#pswp.currSlide;
    const image = slide?.content.element;
    if (server.guest || !slide || card?.kind !== 'photo' || !(image instanceof HTMLImageElement)) return;
    const search = (region: Region) => {
      this.destroy();
      router.go(withQuery('/like', { id: card.id, box: written(region) }));
    };
    this.#marking = new Marking(image, slide.container, search, () => this.#endMarking());
    this.state.marking = true;
  }

  #endMarking(): void {
    this.#marking?.end();
    this.#marking = null;
    this.state.marking = false;
    this.#pswp.element?.focus({ preventScroll: true });
  }

  /** Plays or stops the moving part of a live photo over its picture. */
  toggleMotion(): void {
    const slide = this.#pswp.currSlide;
    const card = this.state.card;
    if (!slide || !card?.live) return;
    const old = slide.container.querySelector('.motion');
    old?.remove();
    this.state.playingMotion = !old;
    if (old) return;
    const video = document.createElement('video');
    video.className = 'motion';
    video.src = urls.motion(card.id);
    video.playsInline = true;
    video.muted = true;
    const end = () => {
      video.remove();
      this.state.playingMotion = false;
    };
    video.addEventListener('ended', end);
    video.addEventListener('error', end);
    slide.container.append(video);
    void video.play().catch(end);
  }

  /** Plays the video that is shown from a moment on. */
  seek(seconds: number): void {
    const video = this.#pswp.currSlide?.content.element?.querySelector('video');
    if (!video) return;
    video.currentTime = seconds;
    void video.play().catch(() => undefined);
  }

  /** Plays from the next moment, or from the one before. */
  #step(step: 1 | -1): void {
    const to = neighbour(marksOf(this.state.moments), this.state.videoAt, step);
    if (to) this.seek(to.start);
  }

  #viewport(): { x: number; y: number } {
    const { innerWidth: x, innerHeight: y } = window;
    if (!this.state.panelOpen) return { x, y };
    return x < PHONE ? { x, y: Math.round(y * 0.45) } : { x: x - PANEL_WIDTH, y };
  }

  #resize(): void {
    this.#pswp.element?.classList.toggle('has-panel', this.state.panelOpen);
    this.#pswp.updateSize(true);
  }

  #slide(index: number): SlideData {
    const card = this.#sequence.get(index);
    if (card) return slideOf(card, this.#sequence.moment?.(index));
    void this.#sequence.load(index).then((loaded) => {
      if (loaded && !this.#pswp.isDestroying) this.#pswp.refreshSlideContent(index);
    });
    return { html: '<p class="waiting">Loading…</p>' };
  }

  #loadVideo(event: { content: { type?: string; data: SlideData; element?: HTMLElement | undefined; state?: string }; preventDefault(): void }): void {
    const { content } = event;
    if (content.type !== 'video') return;
    event.preventDefault();
    const { holder, video, bar } = videoOf(content.data);
    const id = String(content.data['id']);
    for (const type of ['timeupdate', 'seeking', 'loadedmetadata', 'play', 'pause']) {
      video.addEventListener(type, () => {
        if (this.state.card?.id !== id) return;
        const { paused, currentTime, duration } = video;
        Object.assign(this.state, { playingAt: paused ? null : currentTime, videoAt: currentTime });
        if (Number.isFinite(duration)) this.state.videoLength = duration;
      });
    }
    this.#parts.push(mount(Moments, { target: bar, props: { state: this.state, id, onseek: (seconds: number) => this.seek(seconds) } }));
    content.element = holder;
    content.state = 'loaded';
  }

  #changed(): void {
    const card = this.#sequence.get(this.#pswp.currIndex) ?? null;
    if (card && card.id === this.state.card?.id) return this.#draw();
    this.#pswp.element?.querySelectorAll('.motion').forEach((motion) => motion.remove());
    if (this.state.marking) this.#endMarking();
    this.#request?.abort();
    const video = this.#pswp.currSlide?.content.element?.querySelector('video');
    const moments = this.#sequence.moments?.(this.#pswp.currIndex) ?? [];
    const found = this.#sequence.found?.(this.#pswp.currIndex) ?? null;
    const times = { playingAt: null, videoAt: video?.currentTime ?? 0, videoLength: card?.duration_s ?? 0 };
    Object.assign(this.state, { card, detail: null, faces: [], found, failed: null, playingMotion: false, ...times, moments });
    this.#draw();
    if (!card) return;
    const request = new AbortController();
    this.#request = request;
    this.#load(card, request);
  }

  #load(card: MediaCard, request: AbortController): void {
    // Without faces the picture is shown all the same.
    const faces = api.facesIn(card.id, request.signal).catch(() => []);
    if (card.kind === 'video' && this.state.moments.length === 0) {
      api.moments(card.id, request.signal).then(
        (moments) => {
          if (!request.signal.aborted) this.state.moments = moments;
        },
        () => undefined,
      );
    }
    Promise.all([api.media(card.id, request.signal), faces]).then(
      ([detail, found]) => {
        if (request.signal.aborted) return;
        Object.assign(this.state, { detail, faces: found });
        this.#draw();
      },
      (reason: unknown) => {
        if (!request.signal.aborted) this.state.failed = reason instanceof Error ? reason.message : String(reason);
      },
    );
  }

  /** Boxes and marks in shares of the picture, over the slide: they follow zoom and pan by themselves. */
  #draw(): void {
    for (const overlay of this.#overlays) void unmount(overlay);
    this.#overlays = [];
    const root = this.#pswp.element;
    root?.querySelectorAll('.faces').forEach((faces) => faces.remove());
    const slide = this.#pswp.currSlide;
    const image = slide?.content.element;
    const { card, detail, facesShown, textShown, found } = this.state;
    const texts = detail?.text?.length ? textShown || found !== null : false;
    if (!slide || !(facesShown || texts) || !card || !detail || !(image instanceof HTMLImageElement)) return;
    const layer = document.createElement('div');
    layer.className = 'faces';
    layer.style.width = image.style.width;
    layer.style.height = image.style.height;
    slide.container.append(layer);
    if (texts) this.#overlays.push(mount(TextMarks, { target: layer, props: { state: this.state } }));
    if (!facesShown) return;
    const again = () => this.#request && this.#load(card, this.#request);
    this.#overlays.push(mount(FaceBoxes, { target: layer, props: { state: this.state, onleave: () => this.destroy(), onnamed: again } }));
  }

  #earlyKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.destroy();
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') this.#steps += event.key === 'ArrowLeft' ? -1 : 1;
    else if (event.key === 'i') this.togglePanel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #key(event: { originalEvent: KeyboardEvent; preventDefault(): void }): void {
    const key = event.originalEvent;
    const target = key.target as HTMLElement | null;
    if (target?.closest('input, textarea, select')) return event.preventDefault();
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    if (key.key === 'Escape' && this.state.marking) this.#endMarking();
    else if (key.key === 'r') this.toggleRegion();
    else if (key.key === 'i') this.togglePanel();
    else if (key.key === 'f') this.toggleFaces();
    else if (key.key === 't') this.toggleText();
    else if (key.key === 'l') this.toggleMotion();
    else if (key.key === ',' || key.key === '.') this.#step(key.key === '.' ? 1 : -1);
    else if (key.key === 'Home') this.#pswp.goTo(0);
    else if (key.key === 'End') this.#pswp.goTo(this.#sequence.length - 1);
    else if (key.key === ' ' && !target?.closest('button, a, summary, video')) {
      const video = this.#pswp.currSlide?.content.element?.querySelector('video');
      if (video) void (video.paused ? video.play().catch(() => undefined) : video.pause());
    } else if ((key.key === 'ArrowUp' || key.key === 'ArrowDown') && target?.closest('.info-panel')) {
      event.preventDefault(); // scrolls the panel
      return;
    } else return;
    key.preventDefault();
    event.preventDefault();
  }

  #registerParts(): void {
    const pswp = this.#pswp;
    pswp.ui?.registerElement({
      name: 'tools',
      order: 15,
      isButton: false,
      appendTo: 'bar',
      onInit: (element) => {
        element.classList.add('tools');
        this.#parts.push(
          mount(Toolbar, {
            target: element,
            props: {
              state: this.state,
              ontogglepanel: () => this.togglePanel(),
              ontogglefaces: () => this.toggleFaces(),
              ontoggletext: () => this.toggleText(),
              ontogglemotion: () => this.toggleMotion(),
              ontoggleregion: () => this.toggleRegion(),
              onleave: () => this.destroy(),
            },
          }),
        );
      },
    });
    pswp.ui?.registerElement({
      name: 'info-panel',
      isButton: false,
      appendTo: 'root',
      onInit: (element) => {
        element.classList.add('info-panel-holder');
        // PhotoSwipe takes wheel events of its whole surface for zooming; the panel scrolls by itself.
        element.addEventListener('wheel', (event) => event.stopPropagation());
        this.#parts.push(mount(Panel, { target: element, props: { state: this.state, onleave: () => this.destroy(), onclose: () => this.togglePanel(), onseek: (seconds: number) => this.seek(seconds) } }));
        pswp.element?.classList.toggle('has-panel', this.state.panelOpen);
      },
    });
  }
}
