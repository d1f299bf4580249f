import { describe, expect, it } from 'vitest';
import type { Status } from '../api/types';
import { asMode, canChoose, wanting } from './mode.svelte';

const status = (state: 'ready' | 'missing' | 'failed') =>
  ({ models: [{ role: 'chat', name: 'm', state, hint: 'recollect models pull m' }] }) as unknown as Status;

describe('how questions are answered', () => {
  it('is chosen only where there is a language model', () => {
    expect(canChoose(null)).toBe(false);
    expect(canChoose({ models: [] } as unknown as Status)).toBe(false);
    expect(canChoose(status('missing'))).toBe(false);
    expect(canChoose(status('ready'))).toBe(true);
    expect(canChoose(status('failed'))).toBe(true);
  });
  it('is automatic unless something known was chosen', () => {
    expect(asMode('agent')).toBe('agent');
    expect(asMode('magic')).toBe('auto');
    expect(asMode(null)).toBe('auto');
  });
  it('names the command that adds a model only under answers that would gain by one', () => {
    expect(wanting(status('missing'), 0.4, 'find')).toBe('recollect models pull m');
    expect(wanting(status('missing'), 0.9, 'summarize')).toBe('recollect models pull m');
    expect(wanting(status('missing'), 0.9, 'find')).toBeNull();
    expect(wanting(status('ready'), 0.4, 'find')).toBeNull();
    expect(wanting(null, 0.4, 'find')).toBeNull();
  });
});
