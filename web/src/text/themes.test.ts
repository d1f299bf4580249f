import { expect, test } from 'vitest';
import type { MediaCard, ThemeReason } from '../api/types';
import { byYearTaken, lineOf, reasonOf } from './themes';

const card = (id: string, taken: string | null) => ({ id, taken }) as MediaCard;
const reason = (sort: ThemeReason['evidence']['sort'], text: string, elsewhere: number): ThemeReason => ({
  text, evidence: { sort, text, inside: 9, of: 10, elsewhere, others: 200 },
});

test('a theme says how much it is and over how many years', () => {
  const years = [{ year: 2016, count: 3 }, { year: 2018, count: 1 }, { year: 2024, count: 43 }];
  expect(lineOf({ count: 47, years })).toBe('47 pictures · 3 years, 2016 – 2024');
  expect(lineOf({ count: 9, years: [{ year: 2020, count: 9 }] })).toBe('9 pictures · 2020');
  expect(lineOf({ count: 0, years: [] })).toBe('0 pictures');
});

test('what sets it apart comes with its counts', () => {
  expect(reasonOf(reason('what', 'football', 0))).toBe('football: 9 of 10, nowhere else');
  expect(reasonOf(reason('who', 'Mira', 6))).toBe('with Mira: 9 of 10, elsewhere 3 %');
  expect(reasonOf(reason('weekday', 'Saturday', 1))).toBe('on Saturday: 9 of 10, elsewhere under 1 %');
});

test('its pictures come by year, the latest first', () => {
  const years = byYearTaken([card('b', '2020-06-01T10:00:00'), card('c', '2021-01-01T10:00:00'), card('a', '2020-05-01T10:00:00')]);
  expect(years.map(([year, cards]) => [year, cards.map(({ id }) => id)])).toEqual([['2021', ['c']], ['2020', ['a', 'b']]]);
});
