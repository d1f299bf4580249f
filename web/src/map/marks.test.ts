import { describe, expect, it } from 'vitest';
import type { MapCluster } from '../api/types';
import { addressOf, lookOf, roomFor, unionOf } from './marks';
import { centreOf, fitting, zoomOf } from './mercator';

const mark = (lat: number, lon: number, place: string | null, count = 3): MapCluster => ({ lat, lon, place, count, cover: null, areas: [[lon, lat, lon, lat]] });

describe('the address of the map', () => {
  it('leads back to where one looked', () => {
    const view = fitting([12, 67, 16, 69], 800, 600);
    const address = addressOf(view, 800, 600);
    const again = fitting(lookOf(new URLSearchParams(address.split('?')[1]).get('at'))!, 800, 600, 18);
    const [before, after] = [centreOf(view, 800, 600), centreOf(again, 800, 600)];
    expect(after[0]).toBeCloseTo(before[0], 1);
    expect(after[1]).toBeCloseTo(before[1], 1);
    expect(Math.abs(zoomOf(again) - zoomOf(view))).toBeLessThan(1);
  });

  it('is not believed when it is no place', () => {
    for (const wrong of [null, '', '1,2', 'a,b,c', '99,0,3', '0,0,77', '0,,3']) expect(lookOf(wrong)).toBeNull();
  });
});

describe('the area of a mark', () => {
  it('is that of its cells, and none for a single position', () => {
    expect(unionOf([[1, 2, 3, 4], [5, 0, 6, 1]])).toEqual([1, 0, 6, 4]);
    expect(unionOf([[1, 2, 1, 2]])).toBeNull();
  });
});

describe('names on the map', () => {
  it('are left out where they would lie over each other', () => {
    const view = fitting([12, 67, 16, 69], 800, 600);
    const marks = [mark(67.9, 13, 'Reine'), mark(68.2, 14.6, 'Svolvær'), mark(67.81, 13.02, null), mark(68.6, 15.5, null)];
    expect([...roomFor(marks, view)].map(({ place }) => place)).toEqual(['Svolvær']);
    expect([...roomFor(marks.slice(0, 2), view)].map(({ place }) => place)).toEqual(['Reine', 'Svolvær']);
  });
});
