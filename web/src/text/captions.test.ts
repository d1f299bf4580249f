import { describe, expect, it } from 'vitest';
import type { PictureCaption } from '../api/types';
import { editable, isRewritten, otherCaptions, shownCaption } from './captions';

const caption = (more: Partial<PictureCaption> = {}): PictureCaption => ({
  title: 'Two boats', sentence: 'Two boats lie at the quay.', tags: ['boat'], language: 'en', model: 'm', version: '1',
  written: '2026-11-21T12:00:00Z', current: true, ...more,
});

describe('what is shown and edited', () => {
  it('is the caption of the model in use', () => {
    expect(shownCaption({ captions: [caption({ current: false }), caption({ title: 'B' })] })?.title).toBe('B');
    expect(shownCaption({ captions: [caption({ current: false })] })).toBeNull();
    expect(otherCaptions({ captions: [caption({ current: false, model: 'n' }), caption()] }).map((other) => other.model)).toEqual(['n']);
  });
  it('begins with the words that stand there', () => {
    expect(editable({ description: 'Mine', captions: [caption()] })).toBe('Mine');
    expect(editable({ description: null, captions: [caption()] })).toBe('Two boats lie at the quay.');
    expect(editable({ description: null, captions: [] })).toBe('');
  });
});

describe('isRewritten', () => {
  it('is told by the time, and by the words within the same second', () => {
    const before = { captions: [caption()] };
    expect(isRewritten(before, { captions: [caption()] })).toBe(false);
    expect(isRewritten(before, { captions: [caption({ written: '2026-11-21T12:00:09Z' })] })).toBe(true);
    expect(isRewritten(before, { captions: [caption({ sentence: 'Two boats.' })] })).toBe(true);
    expect(isRewritten({ captions: [] }, before)).toBe(true);
  });
});
