// A part of a picture that somebody marks: as [x, y, width, height] in 0–1 of the picture, always within it.

export type Region = [number, number, number, number];

/** What is narrower or lower is a click that slipped. */
export const SMALLEST = 0.02;

const clamp = (value: number, low = 0, high = 1) => Math.min(high, Math.max(low, value));

/** The rectangle between two points, each in 0–1 of the picture. */
export function between(a: { x: number; y: number }, b: { x: number; y: number }): Region {
  const [left, right] = [clamp(Math.min(a.x, b.x)), clamp(Math.max(a.x, b.x))];
  const [top, bottom] = [clamp(Math.min(a.y, b.y)), clamp(Math.max(a.y, b.y))];
  return [left, top, right - left, bottom - top];
}

/** Whether it is large enough to be meant. */
export function isMeant([, , w, h]: Region): boolean {
  return w >= SMALLEST && h >= SMALLEST;
}

/** Moves it, or with `grow` its lower right corner. */
export function nudged([x, y, w, h]: Region, dx: number, dy: number, grow: boolean): Region {
  if (grow) return [x, y, clamp(w + dx, SMALLEST, 1 - x), clamp(h + dy, SMALLEST, 1 - y)];
  return [clamp(x + dx, 0, 1 - w), clamp(y + dy, 0, 1 - h), w, h];
}

/** As an address has it. */
export function written(region: Region): string {
  return region.map((value) => Number(value.toFixed(4))).join(',');
}

/** From an address; null when it is none. */
export function readRegion(text: string | null): Region | null {
  const values = (text ?? '').split(',').map(Number);
  if (values.length !== 4 || !values.every((value) => Number.isFinite(value) && value >= 0 && value <= 1)) return null;
  const region = values as Region;
  return region[2] > 0 && region[3] > 0 ? region : null;
}
