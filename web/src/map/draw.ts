// Draws the world onto a canvas: sea, land, borders, names of countries, and online tiles where they are turned on.

import { latOf, TILE, zoomOf, type View } from './mercator';
import type { Tiles } from './tiles';
import type { Shape, World } from './world';

/** Colours of the map, as the style sheet resolves them. */
export interface Colours {
  sea: string;
  land: string;
  border: string;
  name: string;
  grid: string;
}

/** The style sheet says what is what by the properties of the canvas. */
export function coloursOf(canvas: HTMLCanvasElement): Colours {
  const style = getComputedStyle(canvas);
  return { sea: style.backgroundColor, land: style.fill, border: style.stroke, name: style.color, grid: style.outlineColor };
}

export interface Canvas {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  /** Pixels of the device for one of the page. */
  ratio: number;
}

/** Draws what a view shows. `world` may not be there yet. */
export function draw(canvas: Canvas, view: View, world: World | null, colours: Colours, tiles: Tiles | null): void {
  const { context, width, height, ratio } = canvas;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colours.sea;
  context.fillRect(0, 0, width, height);
  grid(canvas, view, colours);
  for (const left of copies(view, width)) {
    if (world) land(canvas, { ...view, left }, world, colours);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (tiles) tiles.draw(context, view, width, height);
  else if (world) for (const left of copies(view, width)) names(canvas, { ...view, left }, world, colours);
}

/** The left edges of the copies of the world that are seen. */
export function copies(view: View, width: number): number[] {
  const first = view.left - Math.ceil(view.left / view.size) * view.size;
  const found = [];
  for (let left = first; left < width; left += view.size) found.push(left);
  return found;
}

function seen(shape: Shape, view: View, width: number, height: number): boolean {
  const [left, top, right, bottom] = shape.box;
  return view.left + right * view.size > 0 && view.left + left * view.size < width && view.top + bottom * view.size > 0 && view.top + top * view.size < height;
}

function land({ context, width, height, ratio }: Canvas, view: View, world: World, colours: Colours): void {
  const scale = ratio * view.size;
  context.setTransform(scale, 0, 0, scale, ratio * view.left, ratio * view.top);
  context.fillStyle = colours.land;
  context.strokeStyle = colours.border;
  context.lineJoin = 'round';
  for (const shape of world.land) if (seen(shape, view, width, height)) context.fill(shape.path, 'evenodd');
  context.lineWidth = 0.9 / view.size;
  for (const shape of world.borders) if (seen(shape, view, width, height)) context.stroke(shape.path);
}

/** Parallels and meridians, closer together the closer one comes. */
function grid({ context, width, height }: Canvas, view: View, colours: Colours): void {
  const step = [30, 10, 5, 1, 0.5, 0.1].find((step) => (step / 360) * view.size < 320) ?? 0.05;
  context.strokeStyle = colours.grid;
  context.lineWidth = 1;
  context.beginPath();
  const first = Math.ceil(((-view.left / view.size) * 360 - 180) / step) * step;
  for (let lon = first; ; lon += step) {
    const x = Math.round(view.left + ((lon + 180) / 360) * view.size) + 0.5;
    if (x > width) break;
    context.moveTo(x, 0);
    context.lineTo(x, height);
  }
  const north = Math.min(85, latOf(-view.top / view.size));
  for (let lat = Math.floor(north / step) * step; lat > -85; lat -= step) {
    const y = Math.round(view.top + yOf(lat) * view.size) + 0.5;
    if (y > height) break;
    context.moveTo(0, y);
    context.lineTo(width, y);
  }
  context.stroke();
}

const yOf = (lat: number) => (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;

function names({ context, width, height }: Canvas, view: View, world: World, colours: Colours): void {
  const zoom = zoomOf(view);
  const size = Math.round(Math.min(17, 10.5 + zoom * 0.8));
  context.font = `500 ${size}px ${getComputedStyle(document.documentElement).getPropertyValue('--sans') || 'sans-serif'}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colours.name;
  context.letterSpacing = '0.06em';
  const taken: [number, number, number, number][] = [];
  for (const { text, x, y, width: wide } of world.names) {
    // A country smaller than its name has none.
    if (wide * view.size < text.length * size * 0.5) continue;
    const [at, down] = [view.left + x * view.size, view.top + y * view.size];
    const half = context.measureText(text).width / 2;
    if (at + half < 0 || at - half > width || down < 0 || down > height) continue;
    const box: [number, number, number, number] = [at - half - 6, down - size, at + half + 6, down + size];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    context.fillText(text, at, down);
  }
  context.letterSpacing = '0px';
}

/** The tiles of a view: zoom, and columns and rows with where each is drawn. */
export function tilesOf(view: View, width: number, height: number, most = 19): { z: number; x: number; y: number; left: number; top: number; size: number }[] {
  const z = Math.max(0, Math.min(most, Math.round(Math.log2(view.size / TILE))));
  const count = 2 ** z;
  const size = view.size / count;
  const found = [];
  for (let y = Math.max(0, Math.floor(-view.top / size)); y < Math.min(count, (height - view.top) / size); y++) {
    for (let x = Math.floor(-view.left / size); x < (width - view.left) / size; x++) {
      found.push({ z, x: ((x % count) + count) % count, y, left: view.left + x * size, top: view.top + y * size, size });
    }
  }
  return found;
}
