// A browser with a microphone that says what a test makes it say.

import type { Browser } from './recorder';

export class FakeRecorder {
  static isTypeSupported = (type: string): boolean => type === 'audio/mp4';
  state: RecordingState = 'inactive';
  mimeType: string;
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;

  constructor(_stream: unknown, options: { mimeType?: string } = {}) {
    this.mimeType = options.mimeType ?? '';
  }

  start(): void {
    this.state = 'recording';
  }

  stop(): void {
    this.state = 'inactive';
    this.onstop?.();
  }

  give(text: string): void {
    this.ondataavailable?.({ data: new Blob([text]) });
  }
}

export function fakeBrowser() {
  const recorders: FakeRecorder[] = [];
  const tracks: { stopped: boolean; stop(): void }[] = [];
  const Recorder = class extends FakeRecorder {
    constructor(stream: unknown, options?: { mimeType?: string }) {
      super(stream, options);
      recorders.push(this);
    }
  };
  const getUserMedia = () => {
    const track = { stopped: false, stop: () => void (track.stopped = true) };
    tracks.push(track);
    return Promise.resolve({ getTracks: () => [track] } as unknown as MediaStream);
  };
  const browser: Browser = { secure: true, devices: { getUserMedia }, Recorder: Recorder as unknown as NonNullable<Browser['Recorder']> };
  return { browser, recorders, tracks };
}
