import { expect, test } from 'vitest';
import type { Memory } from '../api/types';
import { aroundFace, dayBeside, lessOf, positionOf } from './memories';

const memory = {
  id: 'on_this_day-6', kind: 'on_this_day', first: '2020-11-22', last: '2020-11-22', media: [], sides: null,
  people: [{ id: 'p1', name: 'Anna' }], event: { id: 'e1', name: 'Lofoten' },
} as unknown as Memory;

test('less is wanted of people, the event, the days and the kind', () => {
  expect(lessOf(memory).map(({ about, subject }) => [about, subject])).toEqual([
    ['person', 'p1'], ['event', 'e1'], ['days', '2020-11-22..2020-11-22'], ['kind', 'on_this_day'],
  ]);
  expect(lessOf({ ...memory, kind: 'year' }).map(({ about }) => about)).not.toContain('days');
});

test('a face is as large in one frame as in the other, and the frame stays in the picture', () => {
  const near = aroundFace({ width: 4000, height: 3000 }, [0.4, 0.3, 0.15, 0.18], 0.8);
  const far = aroundFace({ width: 3000, height: 4000 }, [0.5, 0.5, 0.12, 0.09], 0.8);
  expect(0.18 / near[3]).toBeCloseTo(0.36);
  expect(0.09 / far[3]).toBeCloseTo(0.36);
  for (const face of [[0, 0, 0.1, 0.2], [0.9, 0.8, 0.1, 0.2], [0.1, 0.1, 0.8, 0.8]] as [number, number, number, number][]) {
    const [x, y, w, h] = aroundFace({ width: 4000, height: 3000 }, face, 0.8);
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(Math.max(x + w, y + h)).toBeLessThanOrEqual(1.0001);
    expect((w * 4000) / (h * 3000)).toBeCloseTo(0.8);
  }
});

test('a wide frame shows the faces of a tall picture', () => {
  expect(positionOf({ width: 3000, height: 4000 }, [0.5, 0.1], 2)).toBe('50.0% 0.0%');
  expect(positionOf({ width: 4000, height: 3000 }, [0.9, 0.5], 1)).toBe('100.0% 50.0%');
  expect(positionOf({ width: 4000, height: 2000 }, [0.5, 0.5], 1)).toBe('50.0% 50.0%');
});

test('days follow each other', () => {
  expect(dayBeside('2026-03-01', -1)).toBe('2026-02-28');
  expect(dayBeside('2026-12-31', 1)).toBe('2027-01-01');
});
