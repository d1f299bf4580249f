import { describe, expect, it } from 'vitest';
import { asTelling } from './telling.svelte';

const USUAL = { length: 'paragraph', tone: 'plain', language: 'en' };

describe('how summaries are told', () => {
  it('is remembered as far as there is such a choice', () => {
    expect(asTelling('{"length":"page","tone":"playful","language":"de"}')).toEqual({ length: 'page', tone: 'playful', language: 'de' });
    expect(asTelling('{"length":"novel","tone":"warm","language":3}')).toEqual({ ...USUAL, tone: 'warm' });
  });

  it('is the usual way where nothing sensible was kept', () => {
    for (const text of [null, '', 'null', 'plain', '[]']) expect(asTelling(text)).toEqual(USUAL);
  });
});
