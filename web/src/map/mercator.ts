// The Web Mercator projection as tiled maps have it: the world is a square from (0, 0), north-west, to (1, 1). A view is
// how that square lies on the screen. Plain functions of values.

/** The world is so many pixels wide at zoom 0. */
export const TILE = 256;
/** The projection ends here, degrees of latitude. */
const EDGE = 85.051128;

/** How the world lies on the screen: a place (x, y) of its square is drawn at (left + x * size, top + y * size). */
export interface View {
  left: number;
  top: number;
  /** Pixels of the whole world. */
  size: number;
}

/** West, south, east, north, in degrees. */
export type Edges = [number, number, number, number];

export const worldX = (lon: number): number => (lon + 180) / 360;
export const worldY = (lat: number): number => {
  const clamped = Math.min(EDGE, Math.max(-EDGE, lat));
  return (1 - Math.asinh(Math.tan((clamped * Math.PI) / 180)) / Math.PI) / 2;
};
export const lonOf = (x: number): number => x * 360 - 180;
export const latOf = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

export const zoomOf = (view: View): number => Math.log2(view.size / TILE);

/** Where a position is on the screen: on the copy of the world that is nearest to the middle. */
export function onScreen(view: View, lat: number, lon: number, width: number): [number, number] {
  const x = view.left + worldX(lon) * view.size;
  return [x - Math.round((x - width / 2) / view.size) * view.size, view.top + worldY(lat) * view.size];
}

/** The latitude and longitude of the middle of the screen. */
export function centreOf(view: View, width: number, height: number): [number, number] {
  return [latOf((height / 2 - view.top) / view.size), wrapped(lonOf((width / 2 - view.left) / view.size))];
}

/** A longitude between -180 and 180. */
export function wrapped(lon: number): number {
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

/** What is on the screen and a margin around it; all of the earth's width where the world is narrower. */
export function edgesOf(view: View, width: number, height: number, margin = 0): Edges {
  const [wide, high] = [width * margin, height * margin];
  const north = latOf((-high - view.top) / view.size);
  const south = latOf((height + high - view.top) / view.size);
  if (width + 2 * wide >= view.size) return [-180, south, 180, north];
  return [wrapped(lonOf((-wide - view.left) / view.size)), south, wrapped(lonOf((width + wide - view.left) / view.size)), north];
}

/** The view that shows all of an area, at a zoom of at most `most`. */
export function fitting([west, south, east, north]: Edges, width: number, height: number, most = 13): View {
  const [x0, x1] = [worldX(west), worldX(east < west ? east + 360 : east)];
  const [y0, y1] = [worldY(north), worldY(south)];
  const room = Math.max(0.5, 1 - 120 / Math.max(1, Math.min(width, height)));
  const size = Math.min((width * room) / Math.max(1e-9, x1 - x0), (height * room) / Math.max(1e-9, y1 - y0), TILE * 2 ** most);
  return around((x0 + x1) / 2, (y0 + y1) / 2, Math.max(size, smallest(width, height)), width, height);
}

/** The view with a place of the world in its middle. */
export function around(x: number, y: number, size: number, width: number, height: number): View {
  return { left: width / 2 - x * size, top: height / 2 - y * size, size };
}

/** The world is never smaller than the screen. */
export const smallest = (width: number, height: number): number => Math.max(TILE, height, width * 0.75);

/** The smallest area that holds positions; null when there are none. Where it is narrower across the antimeridian, it lies
 *  across it. */
export function edgesAround(points: readonly { lat: number; lon: number }[]): Edges | null {
  if (points.length === 0) return null;
  const lats = points.map((point) => point.lat);
  const lons = points.map((point) => point.lon).sort((a, b) => a - b);
  let [west, east, gap] = [lons[0]!, lons[lons.length - 1]!, 360 - (lons[lons.length - 1]! - lons[0]!)];
  for (let at = 1; at < lons.length; at++) {
    const between = lons[at]! - lons[at - 1]!;
    if (between > gap) [west, east, gap] = [lons[at]!, lons[at - 1]!, between];
  }
  return [west, Math.min(...lats), east, Math.max(...lats)];
}
