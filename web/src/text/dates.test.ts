import { describe, expect, it } from 'vitest';
import {
  bytes, clock, dayGroup, dayRange, elapsed, exposureTime, longDay, monthName, parseLocal, plural, roughly, shortDay, timeOfDay,
} from './dates';

describe('dates', () => {
  it('keeps the wall clock whatever the viewer’s time zone', () => {
    expect(parseLocal('2019-06-09T23:51:01')?.toISOString()).toBe('2019-06-09T23:51:01.000Z');
    expect(longDay('2019-06-09T23:51:01')).toContain('9');
    expect(longDay('2019-06-09')).toContain('Sunday');
    expect(timeOfDay('2019-06-09T23:51:01')).toMatch(/11:51|23:51/);
  });
  it('knows months without a day, and years before 100', () => {
    expect(monthName('2019-06')).toBe('June 2019');
    expect(parseLocal('0099-01-01')?.getUTCFullYear()).toBe(99);
  });
  it('says so when there is no date', () => {
    for (const text of [null, '', 'soon', '2019-13-40', '2021-02-30']) expect(shortDay(text)).toBe('Date unknown');
    expect(timeOfDay('2019-06-09')).toBe('');
  });
  it('says ranges once', () => {
    expect(dayRange('2019-06-09', '2019-06-09')).toBe(shortDay('2019-06-09'));
    expect(dayRange('2019-06-09T10:00:00', '2019-06-12T10:00:00')).toMatch(/9\s?–\s?12/);
    expect(dayRange(null, null)).toBe('');
  });
  it('groups conversations by age', () => {
    const now = new Date(2026, 10, 21, 12);
    const at = (days: number) => new Date(2026, 10, 21 - days, 9).toISOString();
    expect([0, 1, 3, 10, 90].map((d) => dayGroup(at(d), now))).toEqual(['Today', 'Yesterday', 'This week', 'This month', 'Earlier']);
    expect(dayGroup('?', now)).toBe('Earlier');
  });
});

describe('lengths and numbers', () => {
  it('writes them the usual way', () => {
    expect([7, 90, 3723].map(clock)).toEqual(['0:07', '1:30', '1:02:03']);
    expect([10, 60, 600, 7300].map(roughly)).toEqual(['less than a minute', 'about a minute', 'about 10 minutes', 'about 2 hours']);
    expect([31.4, 2400].map(elapsed)).toEqual(['31 ms', '2.4 s']);
    expect([plural(1, 'picture'), plural(2, 'picture'), plural(2, 'person', 'people')]).toEqual(['1 picture', '2 pictures', '2 people']);
    expect([12, 1500, 3_400_000, 999_999].map(bytes)).toEqual(['12 B', '1.5 kB', '3.4 MB', '1.0 MB']);
    expect([0.004, 0.8, 30].map(exposureTime)).toEqual(['1/250 s', '0.8 s', '30 s']);
  });
});
