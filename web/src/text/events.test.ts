import { describe, expect, it } from 'vitest';
import type { LibraryEvent } from '../api/types';
import { byYear, neighbours, offBy, partsOf } from './events';

const event = (id: string, start: string | null, parent: string | null = null): LibraryEvent => ({
  id, name: id.toUpperCase(), count: 1, cover: null, start, end: start, place: null, kind: 'event', parent, named: false,
});

const events = [event('hike', '2019-06-09T06:00', 'sydney'), event('sydney', '2019-06-07T10:00'), event('zoo', '2019-02-01T10:00'), event('old', null), event('rome', '2024-08-10T13:00')];

describe('events', () => {
  it('are told by year, parts with their trip', () => {
    expect(byYear(events).map(([year, list]) => [year, list.map((each) => each.id)])).toEqual([['2024', ['rome']], ['2019', ['sydney', 'zoo']], ['Date unknown', ['old']]]);
    expect(partsOf(events).get('sydney')).toEqual(['HIKE']);
  });

  it('have neighbours in time, of the same trip only', () => {
    expect(neighbours(events, 'sydney').map((each) => each.id)).toEqual(['zoo', 'rome']);
    expect(neighbours(events, 'hike')).toEqual([]);
    expect(neighbours(events, 'gone')).toEqual([]);
  });
});

it('a clock is so much behind or ahead', () => {
  expect(offBy({ shift_s: 6 * 3600 })).toBe('6 hours behind');
  expect(offBy({ shift_s: -5400 })).toBe('1 hour 30 minutes ahead');
});
