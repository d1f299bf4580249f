// The layer over a picture in which a part of it is marked.

import { mount, unmount } from 'svelte';
import type { Region } from './region';
import RegionSelect from './RegionSelect.svelte';

export class Marking {
  readonly #image: HTMLImageElement;
  readonly #layer: HTMLElement;
  readonly #select: Record<string, unknown>;

  /** Lies over `image` in the slide's container, and so follows its zoom and pan. */
  constructor(image: HTMLImageElement, container: HTMLElement, onsearch: (region: Region) => void, oncancel: () => void) {
    this.#image = image;
    this.#layer = document.createElement('div');
    this.#layer.className = 'region';
    container.append(this.#layer);
    this.#select = mount(RegionSelect, { target: this.#layer, props: { onsearch, oncancel } });
    this.fit();
  }

  /** Makes the layer as large as the picture is now. */
  fit(): void {
    Object.assign(this.#layer.style, { width: this.#image.style.width, height: this.#image.style.height });
  }

  end(): void {
    void unmount(this.#select);
    this.#layer.remove();
  }
}
