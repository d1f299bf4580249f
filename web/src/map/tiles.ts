// Online tiles: pictures of the map from another server, only where the owner turned them on. That server learns which
// tiles are asked for, and the address of this app's page without its path.

import { tilesOf } from './draw';
import type { View } from './mercator';

/** So many are kept. */
const KEPT = 300;

export class Tiles {
  readonly #url: string;
  readonly #arrived: () => void;
  readonly #known = new Map<string, HTMLImageElement>();

  /** `url` holds `{z}`, `{x}` and `{y}`; `arrived` is called when there is something new to draw. */
  constructor(url: string, arrived: () => void) {
    this.#url = url;
    this.#arrived = arrived;
  }

  draw(context: CanvasRenderingContext2D, view: View, width: number, height: number): void {
    for (const { z, x, y, left, top, size } of tilesOf(view, width, height)) {
      const image = this.#tile(z, x, y);
      // Whole pixels, or seams are seen.
      const [from, up] = [Math.round(left), Math.round(top)];
      if (image.complete && image.naturalWidth > 0) context.drawImage(image, from, up, Math.round(left + size) - from, Math.round(top + size) - up);
    }
  }

  #tile(z: number, x: number, y: number): HTMLImageElement {
    const key = `${z}/${x}/${y}`;
    let image = this.#known.get(key);
    if (image) return image;
    image = new Image();
    image.addEventListener('load', this.#arrived);
    // Tile servers ask to be told which page uses them; nothing but its origin is.
    image.referrerPolicy = 'origin';
    image.src = this.#url.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y));
    this.#known.set(key, image);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
    return image;
  }
}
