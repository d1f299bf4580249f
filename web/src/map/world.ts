// The shapes of the world, from Natural Earth (public domain), bundled with the app: coarse at first, finer ones fetched
// from the same server once one comes closer. Shapes are paths in the unit square of `mercator.ts`, each with its box, so
// that only what is on the screen is drawn.

import { geoArea, geoMercator, geoPath, type GeoContext, type GeoPermissibleObjects } from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { Feature, MultiPolygon, Polygon, Position } from 'geojson';
import fineUrl from 'world-atlas/countries-10m.json?url';
import coarseUrl from 'world-atlas/countries-50m.json?url';

export interface Shape {
  path: Path2D;
  /** Left, top, right, bottom in the unit square. */
  box: [number, number, number, number];
}

export interface CountryName {
  text: string;
  x: number;
  y: number;
  /** Width of the country's largest part in the unit square. */
  width: number;
}

export interface World {
  land: Shape[];
  borders: Shape[];
  names: CountryName[];
}

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }>;

const projection = geoMercator().scale(1 / (2 * Math.PI)).translate([0.5, 0.5]);

/** A path together with the box that it fills. */
class Boxed implements GeoContext {
  readonly path = new Path2D();
  readonly box: Shape['box'] = [1, 1, 0, 0];

  beginPath(): void {}
  closePath(): void {
    this.path.closePath();
  }
  arc(): void {}
  moveTo(x: number, y: number): void {
    this.#widen(x, y);
    this.path.moveTo(x, y);
  }
  lineTo(x: number, y: number): void {
    this.#widen(x, y);
    this.path.lineTo(x, y);
  }
  #widen(x: number, y: number): void {
    const { box } = this;
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }
}

/** Steradians of half the earth. */
const HALF = 2 * Math.PI;

function shapeOf(what: GeoPermissibleObjects): Shape | null {
  // A rock of three points may have lost its shape to rounding: its inside would then be everything else.
  if (what.type === 'Polygon' && geoArea(what) > HALF) return null;
  const boxed = new Boxed();
  geoPath(projection, boxed)(what);
  const { path, box } = boxed;
  return box[2] < box[0] ? null : { path, box };
}

const polygonsOf = (geometry: Polygon | MultiPolygon): Position[][][] => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates);

/** The name of a country lies in its largest part. */
function nameOf(country: Feature<Polygon | MultiPolygon, { name: string }>): CountryName | null {
  let largest: { area: number; polygon: Polygon } | null = null;
  const path = geoPath(projection);
  for (const coordinates of polygonsOf(country.geometry)) {
    const polygon: Polygon = { type: 'Polygon', coordinates };
    const area = path.area(polygon);
    if (!largest || area > largest.area) largest = { area, polygon };
  }
  if (!largest) return null;
  const [[left], [right]] = path.bounds(largest.polygon);
  const [x, y] = path.centroid(largest.polygon);
  return Number.isFinite(x) ? { text: country.properties.name, x, y, width: right - left } : null;
}

/** A pause, so that pages stay quick while much is worked out. */
const pause = () => new Promise<void>((done) => setTimeout(done));

async function read(url: string): Promise<World> {
  const atlas = (await (await fetch(url)).json()) as Atlas;
  const { countries, land } = atlas.objects;
  const world: World = { land: [], borders: [], names: [] };
  for (const part of feature(atlas, land).features) {
    for (const coordinates of polygonsOf(part.geometry as Polygon | MultiPolygon)) {
      const shape = shapeOf({ type: 'Polygon', coordinates });
      if (shape) world.land.push(shape);
      if (world.land.length % 100 === 0) await pause();
    }
  }
  for (const coordinates of mesh(atlas, countries, (one, other) => one !== other).coordinates) {
    const shape = shapeOf({ type: 'LineString', coordinates });
    if (shape) world.borders.push(shape);
  }
  await pause();
  for (const country of feature(atlas, countries).features) {
    const name = nameOf(country as Feature<Polygon | MultiPolygon, { name: string }>);
    if (name) world.names.push(name);
  }
  // Where two names would meet, the larger country's is drawn.
  world.names.sort((a, b) => b.width - a.width);
  return world;
}

let coarse: Promise<World> | null = null;
let fine: Promise<World> | null = null;

/** The world as far as one sees it from afar. What failed is tried again the next time. */
export function coarseWorld(): Promise<World> {
  return (coarse ??= read(coarseUrl).catch((reason: unknown) => {
    coarse = null;
    throw reason;
  }));
}

/** The world with its small islands and bays. */
export function fineWorld(): Promise<World> {
  return (fine ??= read(fineUrl).catch((reason: unknown) => {
    fine = null;
    throw reason;
  }));
}
