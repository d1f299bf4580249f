import { describe, expect, it } from 'vitest';
import { centreOf, edgesAround, edgesOf, fitting, latOf, lonOf, onScreen, worldX, worldY, wrapped, zoomOf } from './mercator';

describe('the projection', () => {
  it('puts the ends of the world at its edges and goes both ways', () => {
    expect([worldX(-180), worldX(180), worldY(85.051128), worldY(-85.051128)].map((at) => Math.round(at * 1e6) / 1e6)).toEqual([0, 1, 0, 1]);
    for (const [lat, lon] of [[0, 0], [67.93, 13.09], [-33.87, 151.2]] as const) {
      expect(latOf(worldY(lat))).toBeCloseTo(lat, 9);
      expect(lonOf(worldX(lon))).toBeCloseTo(lon, 9);
    }
  });

  it('knows no longitude beyond the antimeridian', () => {
    expect([wrapped(190), wrapped(-190), wrapped(540), wrapped(13)]).toEqual([-170, 170, -180, 13]);
  });
});

describe('views', () => {
  it('show the whole of an area, with its middle in the middle', () => {
    const view = fitting([10, 55, 20, 70], 800, 600);
    for (const [lat, lon] of [[55, 10], [70, 20], [55, 20]] as const) {
      const [x, y] = onScreen(view, lat, lon, 800);
      expect(x > 0 && x < 800 && y > 0 && y < 600).toBe(true);
    }
    expect(centreOf(view, 800, 600)[1]).toBeCloseTo(15, 6);
  });

  it('show one position at a zoom that still says where it is', () => {
    expect(zoomOf(fitting([13, 67, 13, 67], 300, 200, 5))).toBeCloseTo(5, 6);
  });

  it('name their edges across the antimeridian, and all of the earth when it is narrower than the screen', () => {
    const pacific = fitting([170, -20, -170, 10], 400, 400);
    const [west, , east] = edgesOf(pacific, 400, 400);
    expect(west).toBeGreaterThan(100);
    expect(east).toBeLessThan(-100);
    expect(edgesOf({ left: 0, top: 0, size: 300 }, 400, 400).filter((_, at) => at % 2 === 0)).toEqual([-180, 180]);
  });

  it('draw a position on the copy of the world that is seen', () => {
    const pacific = fitting([170, -20, -170, 10], 400, 400);
    const [x] = onScreen(pacific, 0, -175, 400);
    expect(x).toBeGreaterThan(200);
    expect(x).toBeLessThan(400);
  });
});

describe('the area around positions', () => {
  it('is the smaller way around the earth', () => {
    expect(edgesAround([])).toBeNull();
    expect(edgesAround([{ lat: 1, lon: 10 }, { lat: 5, lon: 30 }])).toEqual([10, 1, 30, 5]);
    expect(edgesAround([{ lat: 0, lon: 175 }, { lat: 0, lon: -170 }])).toEqual([175, 0, -170, 0]);
  });
});
