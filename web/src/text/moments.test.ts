import { expect, it } from 'vitest';
import type { Hit, MediaCard, Moment } from '../api/types';
import { bestMoment, marksOf, neighbour, opensAt } from './moments';

const moment = (start_ms: number, end_ms: number, score = 1, why = ['seen: dog']): Moment => ({ start_ms, end_ms, frame_ms: start_ms, score, why });

it('opens a video at its best moment, the earliest of equals', () => {
  const moments = [moment(4000, 5000, 0.6), moment(8000, 9000, 0.9), moment(12_500, 13_000, 0.9)];
  expect(bestMoment(moments)?.start_ms).toBe(8000);
  const hit = (more: Partial<Hit>): Hit => ({ media: {} as MediaCard, score: 1, why: [], ...more });
  expect(opensAt(hit({ moments, moment_s: 4 }))).toBe(8);
  expect(opensAt(hit({ moment_s: 5 }))).toBe(5);
  expect([opensAt(hit({})), opensAt(undefined), bestMoment([])]).toEqual([undefined, undefined, undefined]);
});

it('shows moments that begin together as one mark', () => {
  const marks = marksOf([moment(9000, 9500), moment(0, 2000), moment(0, 4000, 1, ['person: Anna', 'seen: dog'])]);
  expect(marks).toEqual([
    { start: 0, end: 4, frame: 0, why: ['seen: dog', 'person: Anna'] },
    { start: 9, end: 9.5, frame: 9000, why: ['seen: dog'] },
  ]);
});

it('goes from moment to moment and stays where there is none', () => {
  const marks = marksOf([moment(0, 1000), moment(4000, 5000), moment(9000, 9500)]);
  expect(neighbour(marks, 0, 1)?.start).toBe(4);
  expect(neighbour(marks, 4, 1)?.start).toBe(9);
  expect(neighbour(marks, 9.4, 1)).toBeUndefined();
  expect(neighbour(marks, 4.4, -1)?.start).toBe(0);
  expect(neighbour(marks, 7, -1)?.start).toBe(4);
  expect(neighbour(marks, 0.5, -1)).toBeUndefined();
});
