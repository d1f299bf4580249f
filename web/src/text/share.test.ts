import { describe, expect, it } from 'vitest';
import { firstChoices, isOnce, shareQuery, usualPaper } from './share';

describe('sharing', () => {
  const first = firstChoices('de-DE');

  it('asks only what goes together', () => {
    expect(shareQuery(first)).toEqual({ form: 'zip', pictures: 'originals', sidecars: true });
    expect(shareQuery({ ...first, copies: true, sidecars: false })).toEqual({ form: 'zip', pictures: 'copies', size: 2048, sidecars: false, location: false });
    expect(shareQuery({ ...first, form: 'page', size: 1280, location: true })).toEqual({ form: 'page', size: 1280, location: true });
    expect(shareQuery({ ...first, form: 'book', private: true })).toEqual({ form: 'book', location: false, paper: 'a4', private: true });
  });

  it('shows what is all but the same once in a book, unless somebody says otherwise', () => {
    expect([isOnce(first), isOnce({ ...first, form: 'book' }), isOnce({ ...first, form: 'book', once: false })]).toEqual([false, true, false]);
    expect(shareQuery({ ...first, form: 'book', once: false })).toMatchObject({ once: false });
  });

  it('prints on the paper of the country', () => {
    expect(['en-US', 'en-GB', 'de', 'fr-CA', 'zh-Hant-TW'].map(usualPaper)).toEqual(['letter', 'a4', 'a4', 'letter', 'a4']);
  });
});
