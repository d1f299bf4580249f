import { describe, expect, it } from 'vitest';
import type { TimelineDay } from '../api/types';
import {
  chunkDays, chunksBetween, columnsFor, layoutTimeline, marksOf, moveInTimeline, rowAt, rowOfIndex, yearLabels,
} from './timeline';

const options = { columns: 4, tile: 100, gap: 10, dayHeading: 30, monthHeading: 50 };
const days: TimelineDay[] = [
  { day: '2020-02-03', count: 1 },
  { day: '2020-02-02', count: 2 },
  { day: '2020-02-01', count: 9 },
  { day: '2020-01-05', count: 1 },
  { day: null, count: 2 },
];

function manyDays(): TimelineDay[] {
  const out: TimelineDay[] = [];
  const date = new Date(Date.UTC(2024, 0, 1));
  for (let i = 0; i < 3500; i++) {
    out.push({ day: date.toISOString().slice(0, 10), count: 1 + ((i * 37) % 57) });
    date.setUTCDate(date.getUTCDate() - 1 - (i % 3));
  }
  return out;
}

describe('layoutTimeline', () => {
  const layout = layoutTimeline(days, options);

  it('puts short days of a month side by side and breaks long days', () => {
    expect(layout.rows.map((row) => row.spans.map((s) => [s.start, s.count, s.column]))).toEqual([
      [[0, 1, 0], [1, 2, 1]],
      [[3, 4, 0]], [[7, 4, 0]], [[11, 1, 0]],
      [[12, 1, 0]],
      [[13, 2, 0]],
    ]);
    expect(layout.total).toBe(15);
  });

  it('starts months with a heading, the undated too', () => {
    expect(marksOf(layout).map((m) => m.month)).toEqual(['2020-02', '2020-01', '']);
  });

  it('stacks rows without gaps or overlap', () => {
    let top = 0;
    for (const row of layout.rows) {
      expect(row.top).toBe(top);
      top += row.height;
    }
    expect(layout.height).toBe(top);
  });

  it('holds every picture exactly once, for 100,000 of them, quickly', () => {
    const big = manyDays();
    const total = big.reduce((sum, d) => sum + d.count, 0);
    const started = performance.now();
    const wide = layoutTimeline(big, { ...options, columns: 7 });
    expect(performance.now() - started).toBeLessThan(2000);
    let next = 0;
    for (const row of wide.rows) {
      for (const span of row.spans) {
        if (span.start !== next || span.column + span.count > 7) expect.fail(`picture ${next} is misplaced`);
        next += span.count;
      }
    }
    expect(next).toBe(total);
    expect(wide.total).toBe(total);
  });

  it('is empty for an empty library', () => {
    expect(layoutTimeline([], options)).toEqual({ rows: [], height: 0, total: 0 });
  });
});

describe('finding rows', () => {
  const layout = layoutTimeline(days, options);
  it('by offset and by picture', () => {
    expect(rowAt(layout, -5)).toBe(0);
    expect(rowAt(layout, layout.height + 5)).toBe(layout.rows.length - 1);
    for (const [at, row] of layout.rows.entries()) {
      expect(rowAt(layout, row.top)).toBe(at);
      expect(rowAt(layout, row.top + row.height - 1)).toBe(at);
      for (const span of row.spans) for (let i = 0; i < span.count; i++) expect(rowOfIndex(layout, span.start + i)).toBe(at);
    }
  });
  it('moves by rows and stays at the edges', () => {
    expect(moveInTimeline(layout, 0, -1)).toBe(0);
    expect(moveInTimeline(layout, 1, 1)).toBe(4);
    expect(moveInTimeline(layout, 10, 1)).toBe(11);
    expect(moveInTimeline(layout, 4, -1)).toBe(1);
    expect(moveInTimeline(layout, 14, 1)).toBe(14);
  });
});

describe('chunkDays', () => {
  it('groups whole days, keeps large days whole and the undated apart', () => {
    expect(chunkDays(days, 5)).toEqual([
      { from: '2020-02-02', to: '2020-02-03', start: 0, count: 3 },
      { from: '2020-02-01', to: '2020-02-01', start: 3, count: 9 },
      { from: '2020-01-05', to: '2020-01-05', start: 12, count: 1 },
      { from: null, to: null, start: 13, count: 2 },
    ]);
  });
  it('finds the chunks of a range', () => {
    const chunks = chunkDays(days, 5);
    expect(chunksBetween(chunks, 0, 2)).toEqual([0]);
    expect(chunksBetween(chunks, 2, 12)).toEqual([0, 1, 2]);
    expect(chunksBetween(chunks, 14, 14)).toEqual([3]);
    expect(chunksBetween(chunks, 3, 2)).toEqual([]);
    expect(chunksBetween([], 0, 10)).toEqual([]);
  });
});

describe('columnsFor', () => {
  it('fills the width', () => {
    const { columns, tile } = columnsFor(1000, 160, 4);
    expect(columns * tile + (columns - 1) * 4).toBeCloseTo(1000);
    expect(columnsFor(100, 160, 4).columns).toBe(2);
  });
});

describe('yearLabels', () => {
  it('labels years, newest first, and leaves out those without room', () => {
    const marks = ['2020-02', '2020-01', '2019-12', '2018-01', ''].map((month, i) => ({ month, top: i * 10 }));
    expect(yearLabels(marks, 100, 0.05).map((l) => l.year)).toEqual(['2020', '2019', '2018']);
    expect(yearLabels(marks, 100, 0.25).map((l) => l.year)).toEqual(['2020', '2018']);
  });
});
