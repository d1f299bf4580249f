import { describe, expect, it } from 'vitest';
import { ApiError, type TranscriptionEvent } from '../api/client';
import { fakeBrowser } from '../voice/fake-browser';
import { Voice, type Transcribe } from './voice.svelte';

const done = (text: string): TranscriptionEvent => ({ event: 'done', data: { text, language: 'english', duration_s: 1, segments: [] } });
const settle = () => new Promise((settled) => setTimeout(settled, 0));

/** Hears the letters of a recording; remembers what it was sent. */
function echo() {
  const sent: string[] = [];
  const hear: Transcribe = async function* (sound) {
    const text = await sound.text();
    sent.push(text);
    yield { event: 'progress', data: { progress: 0.5 } };
    yield { event: 'text', data: { delta: ` ${text}` } };
    yield done(text);
  };
  return { sent, hear };
}

describe('Voice', () => {
  it('shows what has been heard while it records, and hands over the whole', async () => {
    const { browser, recorders } = fakeBrowser();
    const { sent, hear } = echo();
    const voice = new Voice(browser, hear);
    await voice.start();
    expect(voice.state).toBe('recording');
    for (const letter of 'where') recorders[0]?.give(letter);
    await settle();
    expect(voice.heard).toBe('where');
    recorders[0]?.give(' is it');
    expect(await voice.stop()).toBe('where is it');
    expect(sent).toEqual(['where', 'where is it']);
    expect([voice.state, voice.error, voice.progress]).toEqual(['idle', null, 0.5]);
  });

  it('gives up what is under way when the recording ends, and never shows it', async () => {
    const { browser, recorders } = fakeBrowser();
    const signals: AbortSignal[] = [];
    const hear: Transcribe = async function* (sound, signal) {
      signals.push(signal);
      const text = await sound.text();
      if (text === 'aaaaa') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))));
      yield done(text);
    };
    const voice = new Voice(browser, hear);
    await voice.start();
    for (const letter of 'aaaaa') recorders[0]?.give(letter);
    await settle();
    recorders[0]?.give('b');
    expect(await voice.stop()).toBe('aaaaab');
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
  });

  it('says at once that there is no speech model, with the command that adds it', async () => {
    const { browser, recorders, tracks } = fakeBrowser();
    // eslint-disable-next-line require-yield
    const hear: Transcribe = async function* () {
      throw new ApiError({ code: 'no_speech_model', message: 'no speech model is installed', hint: 'recollect models pull whisper-base' }, 503);
    };
    const voice = new Voice(browser, hear);
    await voice.start();
    for (const letter of 'abcde') recorders[0]?.give(letter);
    await settle();
    expect([voice.state, voice.error?.code, voice.error?.hint]).toEqual(['idle', 'no_speech_model', 'recollect models pull whisper-base']);
    await settle();
    expect(tracks[0]?.stopped).toBe(true);
    expect(await voice.stop()).toBeNull();
  });

  it('does not ask for the microphone where the server has no speech model', async () => {
    const { browser, tracks } = fakeBrowser();
    const missing = new ApiError({ code: 'no_speech_model', message: 'missing', hint: 'recollect models pull whisper-base' }, 503);
    const voice = new Voice(browser, echo().hear, () => missing);
    await voice.start();
    expect([voice.state, voice.error?.hint, tracks.length]).toEqual(['idle', 'recollect models pull whisper-base', 0]);
  });

  it('says when nothing was heard, when the answer breaks off and when the engine fails', async () => {
    for (const [events, code] of [
      [[done('  ')], 'nothing_heard'],
      [[], 'cut_off'],
      [[{ event: 'error', data: { code: 'speech_crashed', message: 'gone' } }], 'speech_crashed'],
    ] as [TranscriptionEvent[], string][]) {
      const voice = new Voice(fakeBrowser().browser, async function* () {
        yield* events;
      });
      await voice.start();
      expect(await voice.stop()).toBeNull();
      expect([voice.state, voice.error?.code]).toEqual(['idle', code]);
    }
  });

  it('throws a recording away', async () => {
    const { browser, tracks } = fakeBrowser();
    const { sent, hear } = echo();
    const voice = new Voice(browser, hear);
    await voice.start();
    voice.cancel();
    await settle();
    expect([voice.state, tracks[0]?.stopped, sent]).toEqual(['idle', true, []]);
    const starting = voice.start();
    expect(await voice.stop()).toBeNull();
    await starting;
    await settle();
    expect([voice.state, tracks.every((track) => track.stopped)]).toEqual(['idle', true]);
  });

  it('explains a browser without a microphone', async () => {
    const voice = new Voice({ ...fakeBrowser().browser, secure: false }, echo().hear);
    await voice.start();
    expect([voice.state, voice.error?.code]).toEqual(['idle', 'insecure']);
  });
});
