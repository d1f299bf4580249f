import { describe, expect, it } from 'vitest';
import type { Activity, FailedJob, KindActivity } from '../api/types';
import { failureGroups, heldLine, kindLine, kindName, shareOf, reasonOf } from './jobs';

const kind = (more: Partial<KindActivity> = {}): KindActivity => ({
  kind: 'find_faces', queued: 0, running: 0, done: 0, failed: 0, cancelled: 0, paused: false, steerable: true,
  obstacle: null, rate_per_s: null, eta_s: null, ...more,
});
const activity = (more: Partial<Activity> = {}): Activity => ({
  counts: { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 }, by_kind: [], paused: false, held: null,
  rate_per_s: null, eta_s: null, ...more,
});
const failed = (id: string, of = 'ingest_file'): FailedJob => ({ id, kind: of, path: `/${id}.jpg`, code: 'x', message: 'y', attempts: 1 });

describe('a kind of job', () => {
  it('has a name, also when this app does not know it', () => {
    expect(kindName('find_faces')).toBe('Faces');
    expect(kindName('paint_walls')).toBe('Paint walls');
  });
  it('says how far it is and how long it takes', () => {
    expect(kindLine(kind({ done: 36_320, queued: 61_840, running: 2, rate_per_s: 21.4, eta_s: 2890 })))
      .toBe('36,320 done · 61,842 to do · 21 a second · about 48 minutes left');
    expect(kindLine(kind({ done: 3, queued: 5, rate_per_s: 0.05, eta_s: 100 }))).toBe('3 done · 5 to do · 3 a minute · about 2 minutes left');
    expect(kindLine(kind({ done: 4, failed: 1, cancelled: 2 }))).toBe('4 done · 1 failed · 2 cancelled');
  });
  it('promises no time while it is paused or cannot get on', () => {
    const going = { done: 1, queued: 5, rate_per_s: 2, eta_s: 3 };
    expect(kindLine(kind({ ...going, paused: true }))).toBe('1 done · 5 to do · paused');
    expect(kindLine(kind({ ...going, obstacle: { code: 'a', message: 'b' } }))).toBe('1 done · 5 to do');
  });
  it('is whole when nothing was asked of it, and what failed is dealt with', () => {
    expect(shareOf(kind())).toBe(1);
    expect(shareOf(kind({ done: 1, failed: 1, queued: 2, cancelled: 9 }))).toBe(0.5);
  });
});

describe('what holds work up', () => {
  it('is told only when something waits for it', () => {
    const waiting = [kind({ queued: 1 })];
    expect(heldLine(activity({ held: 'quiet_hours', by_kind: waiting }))).toMatch('quiet hours');
    expect(heldLine(activity({ held: 'quiet_hours', by_kind: [kind({ done: 1 })] }))).toBeNull();
    expect(heldLine(activity({ held: 'quiet_hours', by_kind: [kind({ queued: 1, paused: true })] }))).toBeNull();
    expect(heldLine(activity({ by_kind: waiting }))).toBeNull();
    expect(heldLine(activity({ paused: true }))).toBe('Everything is paused.');
  });
});

describe('failures', () => {
  it('come by kind, with all of them counted', () => {
    const groups = failureGroups([failed('a'), failed('b', 'find_faces'), failed('c')], [kind({ failed: 700 })]);
    expect(groups.map((group) => [group.title, group.jobs.map((job) => job.id)])).toEqual([
      ['2 files could not be read', ['a', 'c']],
      ['Faces: 700 failed', ['b']],
    ]);
  });
});

describe('the reason of a failure', () => {
  it('does not repeat the path that stands above it', () => {
    const job = { id: 'j', kind: 'ingest_file', path: '/p/a.jpg', code: 'damaged', attempts: 1 };
    expect(reasonOf({ ...job, message: '/p/a.jpg: the file is empty' })).toBe('the file is empty');
    expect(reasonOf({ ...job, message: 'cannot open /p/a.jpg for reading' })).toBe('cannot open the file for reading');
    expect(reasonOf({ ...job, message: 'the file is empty' })).toBe('the file is empty');
  });
});
