// Sound from the microphone, as the browser records it: webm with Opus, mp4 with AAC, or ogg. What has been recorded so
// far can be had at any time; the microphone is given back as soon as the recording ends.

/** Formats in the order in which they are wanted; the server reads all of them. */
export const FORMATS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus', 'audio/webm'] as const;

/** How often the browser hands over what it recorded, ms. */
const SLICE_MS = 500;

export type Problem = 'insecure' | 'unsupported' | 'denied' | 'no_microphone' | 'failed';

/** Why there is no sound from the microphone, and what to do about it. */
export class MicrophoneError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(EXPLANATIONS[problem]);
    this.name = 'MicrophoneError';
    this.problem = problem;
  }
}

const EXPLANATIONS: Record<Problem, string> = {
  insecure: 'Browsers give the microphone only to pages on this machine (localhost) or over HTTPS. Open Recollect that way to speak.',
  unsupported: 'This browser cannot record sound. Type your question, or use a current Firefox, Chrome or Safari.',
  denied: 'The browser was not allowed to use the microphone. Allow it in the address bar, then try again.',
  no_microphone: 'No microphone was found. Plug one in, then try again.',
  failed: 'The microphone cannot be used. Another program may hold it; close it, then try again.',
};

/** What recording needs of a browser; another one in tests. */
export interface Browser {
  secure: boolean;
  devices: Pick<MediaDevices, 'getUserMedia'> | undefined;
  Recorder: (new (stream: MediaStream, options?: MediaRecorderOptions) => MediaRecorder) & { isTypeSupported(type: string): boolean } | undefined;
}

export function thisBrowser(): Browser {
  return {
    secure: globalThis.isSecureContext ?? false,
    devices: globalThis.navigator?.mediaDevices,
    Recorder: globalThis.MediaRecorder,
  };
}

/** What stands in the way of recording, before anybody is asked for anything. */
export function obstacle(browser: Browser): Problem | null {
  if (!browser.secure) return 'insecure';
  return browser.devices && browser.Recorder ? null : 'unsupported';
}

export class Recording {
  readonly #recorder: MediaRecorder;
  readonly #stream: MediaStream;
  readonly #parts: Blob[] = [];
  readonly #ended: Promise<void>;

  private constructor(recorder: MediaRecorder, stream: MediaStream, onpart: () => void) {
    this.#recorder = recorder;
    this.#stream = stream;
    recorder.ondataavailable = (event) => {
      if (event.data.size === 0) return;
      this.#parts.push(event.data);
      onpart();
    };
    this.#ended = new Promise((ended) => (recorder.onstop = () => ended()));
    recorder.start(SLICE_MS);
  }

  /** Asks for the microphone and records; `onpart` hears of each part. Rejects with a `MicrophoneError`. */
  static async start(browser: Browser, onpart: () => void): Promise<Recording> {
    const problem = obstacle(browser);
    if (problem || !browser.devices || !browser.Recorder) throw new MicrophoneError(problem ?? 'unsupported');
    const { devices, Recorder } = browser;
    let stream: MediaStream;
    try {
      stream = await devices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    } catch (reason) {
      const name = reason instanceof Error || reason instanceof DOMException ? reason.name : '';
      throw new MicrophoneError(name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : name === 'NotFoundError' ? 'no_microphone' : 'failed');
    }
    const mimeType = FORMATS.find((format) => Recorder.isTypeSupported(format));
    try {
      return new Recording(new Recorder(stream, mimeType ? { mimeType } : {}), stream, onpart);
    } catch {
      stream.getTracks().forEach((track) => track.stop());
      throw new MicrophoneError('unsupported');
    }
  }

  /** What has been recorded so far. */
  get sound(): Blob {
    return new Blob(this.#parts, { type: this.#recorder.mimeType });
  }

  /** Ends the recording, gives the microphone back, and returns all of it. */
  async stop(): Promise<Blob> {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    await this.#ended;
    this.#stream.getTracks().forEach((track) => track.stop());
    return this.sound;
  }
}
