import { describe, expect, it } from 'vitest';
import { Speaker } from './speaker.svelte';

function fake(voices: { lang: string; localService: boolean }[], stored: string | null = 'yes') {
  const said: string[] = [];
  let kept = stored;
  const synthesis = {
    getVoices: () => voices,
    speak: (utterance: SpeechSynthesisUtterance) => said.push(`${utterance.lang}: ${utterance.text}`),
    cancel: () => said.push('stop'),
  };
  const store = { getItem: () => kept, setItem: (_: string, value: string) => void (kept = value) };
  const speaker = new Speaker(synthesis, (text) => ({ text, lang: '', voice: null }) as SpeechSynthesisUtterance, store);
  return { speaker, said, kept: () => kept };
}

describe('Speaker', () => {
  it('reads an answer in the voice of its language', () => {
    const { speaker, said } = fake([{ lang: 'en-GB', localService: true }, { lang: 'de-DE', localService: true }]);
    speaker.say('Es sind **drei** [[media:a]].', 'de');
    expect(said).toEqual(['stop', 'de-DE: Es sind drei.']);
  });

  it('never uses a voice that lies elsewhere', () => {
    const { speaker, said } = fake([{ lang: 'en-US', localService: false }]);
    expect(speaker.available).toBe(false);
    speaker.say('Three.', 'en');
    expect(said).toEqual(['stop']);
  });

  it('is silent until it is wanted, remembers, and stops when it is not', () => {
    const { speaker, said, kept } = fake([{ lang: 'en-US', localService: true }], null);
    speaker.say('Three.', 'en');
    speaker.toggle();
    expect(kept()).toBe('yes');
    speaker.say('Four.', null);
    speaker.toggle();
    expect([kept(), said]).toEqual(['no', ['stop', 'stop', 'en-US: Four.', 'stop']]);
  });
});
