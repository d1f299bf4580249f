import { describe, expect, it } from 'vitest';
import { annotate } from './reading';

const chip = (id: string, text: string) => ({ id, role: 'person', text, label: text });
const shape = (question: string, texts: string[]) =>
  annotate(question, texts.map((t, i) => chip(String(i), t))).map((p) => (p.chip ? `[${p.text}]` : p.text)).join('');

describe('annotate', () => {
  it('marks the recognised words in place, whatever their case', () => {
    expect(shape('Show anna in Rome last summer', ['Anna', 'last summer', 'in Rome'])).toBe('Show [anna] [in Rome] [last summer]');
  });
  it('prefers the longer of two that overlap and marks each chip once', () => {
    expect(shape('Anna Maria and Anna', ['Anna', 'Anna Maria'])).toBe('[Anna Maria] and [Anna]');
  });
  it('cuts no words, except in scripts that write none apart', () => {
    expect(shape('Annabel', ['Anna'])).toBe('Annabel');
    expect(shape('去年北京的照片', ['北京', '去年'])).toBe('[去年][北京]的照片');
  });
  it('always gives back the whole question', () => {
    for (const question of ['', 'İstanbul ve Anna', 'a a a']) {
      expect(annotate(question, [chip('0', 'a'), chip('1', ''), chip('2', 'zzz')]).map((p) => p.text).join('')).toBe(question);
    }
  });
});
