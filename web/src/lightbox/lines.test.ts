import { expect, it } from 'vitest';
import type { TextLine } from '../api/types';
import { foundBy, marksOf, plainText } from './lines';

const corners = (x: number): TextLine['corners'] => [[x, 0], [x + 0.1, 0], [x + 0.1, 0.1], [x, 0.1]];

function line(text: string, at: number | null = null): TextLine {
  const words = text.split(' ').map((word, index) => ({ text: word, certainty: 0.9, corners: corners(index / 10) }));
  return { text, certainty: 0.9, language: null, at, box: [0, 0, 1, 0.1], corners: corners(0), words, model: 'm', version: '1' };
}

it('finds the text that a hit was found by in its reasons', () => {
  expect(foundBy({ why: ['caption: a sign', 'text in picture: …Great North Walk…'] }, 'walk')).toEqual({ quotes: ['Great North Walk'], asked: 'walk' });
  expect(foundBy({ why: ['text in picture at 1:05: Gate B42'] }, 'gate')?.quotes).toEqual(['Gate B42']);
  expect(foundBy({ why: ['caption: text in picture: no'] }, 'x')).toBeNull();
  expect(foundBy(undefined, 'x')).toBeNull();
});

it('marks the words asked for, forgiving one typing error, or else the whole line', () => {
  const lines = [line('The Great North Walk'), line('Brooklyn Dam')];
  const marked = (quote: string, asked: string) => marksOf(lines, { quotes: [quote], asked }, false).map((mark) => mark.text);
  expect(marked('Great North Walk', 'photos of the great nort walk')).toEqual(['The', 'Great', 'North', 'Walk']);
  expect(marked('Brooklyn', 'Broklyn')).toEqual(['Brooklyn']);
  expect(marked('Brooklyn', 'reservoir')).toEqual(['Brooklyn Dam']);
});

it('shows every line of a photo when asked, and none of the frames of a video', () => {
  const lines = [line('Gate B42'), line('Exit', 3.5)];
  expect(marksOf(lines, null, true).map(({ text, hit }) => [text, hit])).toEqual([['Gate B42', false]]);
  expect(marksOf(lines, null, false)).toEqual([]);
  expect(marksOf(lines, null, true)[0]?.points).toBe('0,0 0.1,0 0.1,0.1 0,0.1');
  expect(plainText(lines)).toBe('Gate B42\nExit');
});
