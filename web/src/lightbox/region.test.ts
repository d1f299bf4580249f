import { expect, it } from 'vitest';
import { between, isMeant, nudged, readRegion, written } from './region';

it('a rectangle may be drawn in any direction and stays within the picture', () => {
  expect(between({ x: 0.8, y: 0.2 }, { x: 0.3, y: 0.9 }).map((value) => Number(value.toFixed(3)))).toEqual([0.3, 0.2, 0.5, 0.7]);
  expect(between({ x: -0.5, y: 0.5 }, { x: 2, y: 0.5 })).toEqual([0, 0.5, 1, 0]);
  expect(isMeant([0.1, 0.1, 0.5, 0.001])).toBe(false);
});

it('keys move and resize it', () => {
  expect(nudged([0.5, 0.5, 0.4, 0.4], 0.2, -0.6, false)).toEqual([0.6, 0, 0.4, 0.4]);
  expect(nudged([0.5, 0.5, 0.4, 0.4], 0.9, -0.9, true)).toEqual([0.5, 0.5, 0.5, 0.02]);
});

it('survives the way through an address', () => {
  expect(readRegion(written([0.1, 0.25, 1 / 3, 0.5]))).toEqual([0.1, 0.25, 0.3333, 0.5]);
  for (const wrong of [null, '', '1,2', '0,0,0,1', '0,0,2,1', 'a,b,c,d']) expect(readRegion(wrong)).toBeNull();
});
