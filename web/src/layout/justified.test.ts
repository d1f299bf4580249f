import { describe, expect, it } from 'vitest';
import { aspectOf, countInRows, justify, neighbourInRow, thumbnailSize } from './justified';

const options = { width: 1000, rowHeight: 200, gap: 8 };
const many = Array.from({ length: 200 }, (_, i) => [1.5, 0.75, 1.33, 1, 2.4][(i * 7) % 5] ?? 1);

function rows(boxes: { top: number; left: number; width: number; height: number }[]) {
  return [...new Set(boxes.map((b) => b.top))].map((top) => boxes.filter((b) => b.top === top));
}

describe('justify', () => {
  it('fills every row but the last exactly and keeps each shape', () => {
    const { boxes } = justify(many, options);
    expect(boxes).toHaveLength(many.length);
    for (const row of rows(boxes).slice(0, -1)) {
      const end = row.at(-1)!;
      expect(end.left + end.width).toBeCloseTo(1000, 6);
    }
    boxes.forEach((box, i) => expect(box.width / box.height).toBeCloseTo(many[i]!, 6));
  });

  it('keeps rows near the height asked for', () => {
    for (const row of rows(justify(many, options).boxes).slice(0, -1)) {
      expect(row[0]!.height).toBeGreaterThan(120);
      expect(row[0]!.height).toBeLessThan(300);
    }
  });

  it('does not blow up a short last row', () => {
    const { boxes, height } = justify([1], options);
    expect(boxes[0]).toEqual({ left: 0, top: 0, width: 200, height: 200 });
    expect(height).toBe(200);
  });

  it('never overlaps, and fits in a phone', () => {
    for (const width of [320, 390, 1440]) {
      const { boxes, height } = justify(many, { ...options, width });
      for (const row of rows(boxes)) {
        for (let i = 1; i < row.length; i++) expect(row[i]!.left).toBeGreaterThanOrEqual(row[i - 1]!.left + row[i - 1]!.width);
        for (const box of row) expect(box.left + box.width).toBeLessThanOrEqual(width + 1e-6);
      }
      expect(height).toBeGreaterThan(0);
    }
  });

  it('survives having no pictures or no width', () => {
    expect(justify([], options)).toEqual({ boxes: [], height: 0 });
    expect(justify([1, 2], { ...options, width: 0 }).boxes).toHaveLength(2);
  });
});

describe('aspectOf', () => {
  it('bounds panoramas and tolerates unknown sizes', () => {
    expect(aspectOf({ width: 12000, height: 1000 })).toBe(3.2);
    expect(aspectOf({ width: 10, height: 1000 })).toBe(0.5);
    expect(aspectOf({ width: 0, height: 0 })).toBeCloseTo(4 / 3);
  });
});

describe('countInRows', () => {
  it('counts the pictures of the first rows', () => {
    const layout = justify(many, options);
    const first = layout.boxes.filter((b) => b.top === 0).length;
    expect(countInRows(layout, 1)).toBe(first);
    expect(countInRows(layout, 999)).toBe(many.length);
  });
});

describe('neighbourInRow', () => {
  const layout = justify(Array.from({ length: 15 }, () => 1), { width: 1000, rowHeight: 194, gap: 7.5 });
  it('goes straight down and up, and stays at the edge', () => {
    expect(neighbourInRow(layout.boxes, 1, 1)).toBe(6);
    expect(neighbourInRow(layout.boxes, 6, -1)).toBe(1);
    expect(neighbourInRow(layout.boxes, 2, -1)).toBe(2);
  });
});

describe('thumbnailSize', () => {
  const landscape = { width: 4000, height: 3000 };
  it('takes the small one for small tiles and the large one for sharp screens', () => {
    expect(thumbnailSize(landscape, { width: 180, height: 180 }, 1)).toBe(256);
    expect(thumbnailSize(landscape, { width: 180, height: 180 }, 2)).toBe(1024);
    expect(thumbnailSize(landscape, { width: 400, height: 300 }, 1)).toBe(1024);
  });
});
