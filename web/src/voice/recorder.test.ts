import { describe, expect, it } from 'vitest';
import { MicrophoneError, obstacle, Recording, type Browser } from './recorder';
import { fakeBrowser } from './fake-browser';

const refusing = (name: string): Browser => ({ ...fakeBrowser().browser, devices: { getUserMedia: () => Promise.reject(new DOMException('', name)) } });

describe('Recording', () => {
  it('gives back what was recorded, and the microphone', async () => {
    const { browser, recorders, tracks } = fakeBrowser();
    let parts = 0;
    const recording = await Recording.start(browser, () => (parts += 1));
    recorders[0]?.give('ab');
    recorders[0]?.give('');
    expect(await recording.sound.text()).toBe('ab');
    recorders[0]?.give('c');
    const sound = await recording.stop();
    expect([await sound.text(), sound.type, parts]).toEqual(['abc', 'audio/mp4', 2]);
    expect(tracks.every((track) => track.stopped)).toBe(true);
  });

  it.each([['NotAllowedError', 'denied'], ['NotFoundError', 'no_microphone'], ['AbortError', 'failed']])('says what %s means', async (name, problem) => {
    const error = await Recording.start(refusing(name), () => undefined).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MicrophoneError);
    expect((error as MicrophoneError).problem).toBe(problem);
  });

  it('knows what stands in the way before it asks', () => {
    const { browser } = fakeBrowser();
    expect(obstacle(browser)).toBeNull();
    expect(obstacle({ ...browser, secure: false })).toBe('insecure');
    expect(obstacle({ ...browser, Recorder: undefined })).toBe('unsupported');
    expect(obstacle({ ...browser, devices: undefined })).toBe('unsupported');
  });

  it('gives the microphone back when the browser cannot record', async () => {
    const { browser, tracks } = fakeBrowser();
    const Broken = class {
      static isTypeSupported = () => false;
      constructor() {
        throw new Error('no');
      }
    };
    await expect(Recording.start({ ...browser, Recorder: Broken as unknown as NonNullable<Browser['Recorder']> }, () => undefined)).rejects.toThrow(/cannot record/);
    expect(tracks[0]?.stopped).toBe(true);
  });
});
