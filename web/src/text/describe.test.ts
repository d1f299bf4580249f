import { describe as group, expect, it } from 'vitest';
import { shortDay } from './dates';
import { describe, lengthOf } from './describe';

const card = (more = {}) => ({ id: 'a', name: 'A.MP4', kind: 'video', duration_s: 53, taken: '2024-08-23T10:00:00', place: 'Kyoto', width: 4, height: 3, live: false, favorite: false, ...more }) as unknown as Parameters<typeof describe>[0];
const moment = { start_ms: 2400, end_ms: 3600 } as Parameters<typeof describe>[1];

const day = shortDay('2024-08-23T10:00:00');

group('a medium in one line', () => {
  it('says of a video how long it is, and at which moment it is shown', () => {
    expect(describe(card())).toBe(`Video, 0:53, ${day}, Kyoto (A.MP4)`);
    expect(describe(card(), moment)).toBe(`Video, 0:02 / 0:53, ${day}, Kyoto (A.MP4)`);
    expect(describe(card({ duration_s: null, taken: null, place: null }))).toBe('Video, date unknown (A.MP4)');
    expect(lengthOf(card({ duration_s: null }), moment)).toBe('0:02');
  });
  it('says what a picture is', () => {
    expect(describe(card({ kind: 'photo', live: true, favorite: true }))).toBe(`Live photo, ${day}, Kyoto, favourite (A.MP4)`);
  });
});
