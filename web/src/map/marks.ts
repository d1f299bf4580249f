// What the map page works out for its marks and its address: plain functions of values.

import type { MapCluster } from '../api/types';
import { centreOf, edgesAround, latOf, lonOf, onScreen, TILE, worldX, worldY, zoomOf, type Edges, type View } from './mercator';

/** The smallest area that holds several; null when it is but a point. */
export function unionOf(areas: readonly Edges[]): Edges | null {
  const edges = edgesAround(areas.flatMap(([west, south, east, north]) => [{ lat: south, lon: west }, { lat: north, lon: east }]));
  return edges && (edges[0] !== edges[2] || edges[1] !== edges[3]) ? edges : null;
}

/** The address of the map at a view: `/map?at=67.93,13.09,9`. */
export function addressOf(view: View, width: number, height: number): string {
  const zoom = zoomOf(view);
  const [lat, lon] = centreOf(view, width, height);
  const digits = Math.max(0, Math.ceil(zoom / 3));
  return `/map?at=${lat.toFixed(digits)},${lon.toFixed(digits)},${zoom.toFixed(1)}`;
}

/** The area that an address names: what a screen of 800 by 600 pixels shows there. */
export function lookOf(at: string | null): Edges | null {
  const [lat, lon, zoom] = (at ?? '').split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (![lat, lon, zoom].every(Number.isFinite) || Math.abs(lat!) > 85 || Math.abs(lon!) > 180 || zoom! < 0 || zoom! > 20) return null;
  const size = TILE * 2 ** zoom!;
  const [across, down] = [240 / size, 180 / size];
  const [x, y] = [worldX(lon!), worldY(lat!)];
  return [lonOf(x - across), latOf(Math.min(1, y + down)), lonOf(x + across), latOf(Math.max(0, y - down))];
}

/** Room of a mark's name on the screen, pixels. */
const NAME = { wide: 118, high: 24, below: 42 };

/** The marks whose names do not lie over another mark or name; those with the most pictures first. */
export function roomFor(marks: readonly MapCluster[], view: View): Set<MapCluster> {
  const at = marks.map((mark) => onScreen(view, mark.lat, mark.lon, 0));
  const named = new Set<MapCluster>();
  const taken: [number, number][] = [];
  marks.forEach((mark, index) => {
    if (!mark.place) return;
    const [x, y] = [at[index]![0], at[index]![1] + NAME.below];
    const overMark = at.some(([ox, oy], other) => other !== index && Math.abs(ox - x) < NAME.wide / 2 + 25 && Math.abs(oy - y) < NAME.high / 2 + 25);
    const overName = taken.some(([ox, oy]) => Math.abs(ox - x) < NAME.wide && Math.abs(oy - y) < NAME.high);
    if (overMark || overName) return;
    named.add(mark);
    taken.push([x, y]);
  });
  return named;
}

/** Whether a stop lies beneath an earlier one: then it is reached by the list. */
export function overlapping(points: readonly (readonly [number, number])[], index: number): boolean {
  const [x, y] = points[index]!;
  return points.slice(0, index).some(([ox, oy]) => Math.hypot(ox - x, oy - y) < 18);
}
