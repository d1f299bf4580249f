import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import type { Note } from '../api/types';
import { fakeBrowser } from '../voice/fake-browser';
import { Notes, type NotesService } from './notes.svelte';

const about = { kind: 'media', id: 'm1' } as const;

function note(id: string, change: Partial<Note> = {}): Note {
  return {
    id, about: { kind: 'medium', id: 'm1', name: 'a.jpg' }, mime: 'audio/mp4', duration_s: 2, language: 'english', text: '', segments: [],
    state: 'waiting', progress: null, problem: null, created: '2026-11-21T12:00:00Z', updated: '2026-11-21T12:00:00Z', deleted: null, ...change,
  };
}

/** A server that writes a note down when it is asked for the second time. */
function fakeService() {
  const kept: Note[] = [];
  const sounds: string[] = [];
  const find = (id: string) => kept.find((each) => each.id === id)!;
  const service: NotesService = {
    notes: async () => {
      const shown = kept.filter((each) => !each.deleted).map((each) => ({ ...each }));
      for (const each of kept) if (each.state === 'waiting') Object.assign(each, { state: 'done', text: 'hello', segments: [{ start: 0, end: 2, text: 'hello' }] });
      return shown;
    },
    addNote: async (_, sound) => {
      sounds.push(await sound.text());
      kept.push(note(`n${kept.length}`));
      return { ...kept.at(-1)! };
    },
    editNote: async (id, segments) => Object.assign({}, Object.assign(find(id), { segments, text: segments.map((part) => part.text).join(' '), state: 'edited' })),
    deleteNote: async (id) => ({ ...Object.assign(find(id), { deleted: '2026-11-21T12:01:00Z' }) }),
    restoreNote: async (id) => ({ ...Object.assign(find(id), { deleted: null }) }),
    transcribeNote: async (id) => ({ ...Object.assign(find(id), { state: 'waiting' }) }),
  };
  return { service, kept, sounds };
}

describe('Notes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('records, keeps, and shows the words once they are written down', async () => {
    const { browser, recorders, tracks } = fakeBrowser();
    const { service, sounds } = fakeService();
    const notes = new Notes(about, service, browser);
    await notes.load();
    expect(notes.list).toEqual([]);
    await notes.record();
    expect(notes.recorder).toBe('recording');
    recorders[0]?.give('my ');
    recorders[0]?.give('boat');
    vi.advanceTimersByTime(3000);
    expect(notes.seconds).toBe(3);
    await notes.keep();
    expect([notes.recorder, sounds, tracks[0]?.stopped]).toEqual(['idle', ['my boat'], true]);
    expect(notes.list?.map((each) => each.state)).toEqual(['waiting']);
    await vi.advanceTimersByTimeAsync(1600);
    await vi.advanceTimersByTimeAsync(1600);
    expect(notes.list?.map((each) => each.text)).toEqual(['hello']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('throws a recording away, and gives the microphone back', async () => {
    const { browser, tracks } = fakeBrowser();
    const { service, sounds } = fakeService();
    const notes = new Notes(about, service, browser);
    await notes.record();
    notes.cancel();
    await vi.runAllTimersAsync();
    expect([notes.recorder, sounds, tracks[0]?.stopped]).toEqual(['idle', [], true]);
    await notes.record();
    notes.close();
    await vi.runAllTimersAsync();
    expect([sounds.length, tracks[1]?.stopped]).toEqual([0, true]);
  });

  it('puts words right, deletes, and takes that back', async () => {
    const { service } = fakeService();
    const notes = new Notes(about, service, fakeBrowser().browser);
    await notes.upload(new Blob(['sound']));
    const [first] = notes.list!;
    expect(await notes.save(first!, [{ start: 0, end: 2, text: 'grandpa’s boat' }])).toBe(true);
    expect(notes.list?.[0]).toMatchObject({ state: 'edited', text: 'grandpa’s boat' });
    await notes.remove(first!);
    expect([notes.list, notes.deleted?.id]).toEqual([[], 'n0']);
    await notes.restore();
    expect([notes.list?.length, notes.deleted]).toEqual([1, null]);
    notes.close();
  });

  it('says what went wrong and keeps what there is', async () => {
    const { service } = fakeService();
    const notes = new Notes(about, service, fakeBrowser().browser);
    await notes.upload(new Blob(['sound']));
    service.editNote = () => Promise.reject(new ApiError({ code: 'bad_request', message: 'the parts are not in order of time' }, 400));
    expect(await notes.save(notes.list![0]!, [])).toBe(false);
    expect([notes.error?.message, notes.list?.length]).toEqual(['the parts are not in order of time', 1]);
    const { browser } = fakeBrowser();
    const mute = new Notes(about, service, { ...browser, secure: false });
    await mute.record();
    expect([mute.recorder, mute.error?.code]).toEqual(['idle', 'insecure']);
    notes.close();
  });
});
