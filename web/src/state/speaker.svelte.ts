// Answers read aloud, by the browser's own voices. Only voices that lie on this machine are used: others would send the
// answer to somebody. Off until it is wanted; the choice is remembered.

import { languageOf, spoken } from '../text/spoken';

const KEY = 'recollect.speak';

/** What speaking needs of a browser; another one in tests. */
export interface Synthesis {
  getVoices(): Pick<SpeechSynthesisVoice, 'lang' | 'localService'>[];
  speak(utterance: SpeechSynthesisUtterance): void;
  cancel(): void;
  addEventListener?(type: 'voiceschanged', listener: () => void): void;
}

export class Speaker {
  enabled = $state(false);
  available = $state(false);
  #synthesis: Synthesis | undefined;
  #make: (text: string) => SpeechSynthesisUtterance;
  #store: Pick<Storage, 'getItem' | 'setItem'> | undefined;

  constructor(
    synthesis: Synthesis | undefined = globalThis.speechSynthesis,
    make: (text: string) => SpeechSynthesisUtterance = (text) => new SpeechSynthesisUtterance(text),
    store: Pick<Storage, 'getItem' | 'setItem'> | undefined = globalThis.localStorage,
  ) {
    this.#synthesis = synthesis;
    this.#make = make;
    this.#store = store;
    try {
      this.enabled = store?.getItem(KEY) === 'yes';
    } catch {
      // Storage is blocked: the choice lasts as long as the page.
    }
    this.#look();
    synthesis?.addEventListener?.('voiceschanged', () => this.#look());
  }

  toggle(): void {
    this.enabled = !this.enabled;
    if (!this.enabled) this.stop();
    try {
      this.#store?.setItem(KEY, this.enabled ? 'yes' : 'no');
    } catch {
      // As above.
    }
  }

  /** Reads an answer aloud, if that is wanted and there is a voice for its language. */
  say(answer: string, language: string | null): void {
    this.stop();
    const text = spoken(answer);
    if (!this.enabled || !this.#synthesis || !text) return;
    const voices = this.#synthesis.getVoices().filter((voice) => voice.localService);
    const wanted = languageOf(language);
    const voice = voices.find((each) => each.lang.toLowerCase().startsWith(wanted)) ?? voices[0];
    if (!voice) return;
    const utterance = this.#make(text);
    utterance.voice = voice as SpeechSynthesisVoice;
    utterance.lang = voice.lang;
    this.#synthesis.speak(utterance);
  }

  stop(): void {
    this.#synthesis?.cancel();
  }

  #look(): void {
    this.available = this.#synthesis?.getVoices().some((voice) => voice.localService) ?? false;
  }
}

export const speaker = new Speaker();
