import { describe, expect, it } from 'vitest';
import { choose, pieces } from './rule';

describe('a rule that is being written', () => {
  it('is cut at what is wrong', () => {
    const text = 'peple: Anna; rating >= 9';
    const cut = pieces(text, [
      { start: 23, end: 24, message: 'stars go from 1 to 5' },
      { start: 0, end: 5, message: 'did you mean people?' },
    ]);
    expect(cut.map((piece) => piece.text).join('')).toBe(text);
    expect(cut.filter((piece) => piece.problem).map((piece) => piece.text)).toEqual(['peple', '9']);
  });

  it('shows what is missing at the end, and bears problems without a place', () => {
    expect(pieces('tag:', [{ start: 4, end: 4, message: 'a name is missing' }])).toEqual([
      { text: 'tag', problem: null },
      { text: ':', problem: 'a name is missing' },
    ]);
    expect(pieces('', [{ start: 0, end: 0, message: 'empty' }])).toEqual([]);
    expect(pieces('ab', [{ start: 0, end: 2, message: 'one' }, { start: 1, end: 2, message: 'two' }])).toHaveLength(1);
  });

  it('goes on with what was chosen', () => {
    expect(choose('people: an', { start: 8, end: 10 }, 'Anna')).toEqual({ text: 'people: Anna', cursor: 12 });
    expect(choose('people:', { start: 7, end: 7 }, 'Anna')).toEqual({ text: 'people: Anna', cursor: 12 });
    expect(choose('pe; video', { start: 0, end: 2 }, 'people: ')).toEqual({ text: 'people: ; video', cursor: 8 });
  });
});
