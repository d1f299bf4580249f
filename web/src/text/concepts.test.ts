import { describe, expect, it } from 'vitest';
import type { Concept, ConceptDetail } from '../api/types';
import { line, percent, quality } from './concepts';

const cabin: Concept = { id: '1', name: 'our cabin', builtin: null, hides: false, threshold: 0.5, count: 12, belonging: 5, others: 0, ready: true, problem: null, best: [] };

describe('concepts in words', () => {
  it('calls certain only what was said', () => {
    expect(percent(1)).toBe('100 %');
    expect(percent(0.999)).toBe('99 %');
    expect(percent(0.5)).toBe('50 %');
  });

  it('tells what it was taught by', () => {
    expect(line(cabin)).toBe('12 pictures · taught by 5 that belong');
    expect(line({ ...cabin, others: 2 })).toBe('12 pictures · taught by 5 that belong and 2 that do not');
    expect(line({ ...cabin, problem: 'no vectors' })).toBe('Not learned yet');
    expect(line({ ...cabin, belonging: 0, count: 1 })).toBe('1 picture');
  });

  it('judges by what was left out', () => {
    const detail: ConceptDetail = { ...cabin, examples: [], versions: [], quality: { recognised: 0.8, kept_out: null, among_others: 0.031 } };
    expect(quality(detail)).toBe('It recognises 80 % of its own examples when they are left out, takes in 3 % of everything else.');
    expect(quality({ ...detail, quality: null })).toBe('');
  });
});
