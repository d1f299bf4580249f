import { describe, expect, it } from 'vitest';
import { languageOf, spoken } from './spoken';

describe('spoken', () => {
  it('leaves out citations, emphasis and addresses', () => {
    expect(spoken('There are **12** of them [[media:a]], see [the map](https://x.example) .')).toBe('There are 12 of them, see the map.');
  });

  it('ends the lines of a list with a pause', () => {
    expect(spoken('Three stand out:\n\n- the light [[media:b]]\n- everybody together\n1. and the way back.')).toBe('Three stand out: the light. everybody together. and the way back.');
  });

  it('says nothing of nothing', () => expect(spoken(' [[media:a]]\n')).toBe(''));

  it('takes the language of the question', () => expect([languageOf('de'), languageOf('pt-BR'), languageOf(null)]).toEqual(['de', 'pt', 'en']));
});
