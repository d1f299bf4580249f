// The shapes of the map, as `/api/v1/map` sends them.

import type { MediaCard } from './types';

/** West, south, east, north, in degrees; the west is greater than the east across the antimeridian. */
export type MapArea = [number, number, number, number];

export interface MapInfo {
  /** Media with a position. */
  located: number;
  bounds: MapArea | null;
  /** Online tiles that the owner can turn on. */
  tiles: { url: string; credit: string; host: string } | null;
}

/** Media near each other on the map. */
export interface MapCluster {
  lat: number;
  lon: number;
  count: number;
  /** The town they are all in, else the region, else the country. */
  place: string | null;
  cover: MediaCard | null;
  /** Where they are; no other media are there. */
  areas: MapArea[];
}

/** Where somebody was for a while during an event. */
export interface EventStop {
  lat: number;
  lon: number;
  place: string | null;
  start: string;
  end: string;
  media: string[];
}
