// A question that is spoken: record, show what has been heard so far, and hand over the words, which can be corrected
// before they are asked. While somebody speaks, what is there is sent again and again, one request at a time; at the end
// the whole is sent once more, and only that counts.

import { asApiError, isAbort, transcribe, ApiError, type TranscriptionEvent } from '../api/client';
import { MicrophoneError, Recording, thisBrowser, type Browser } from '../voice/recorder';

export type VoiceState = 'idle' | 'starting' | 'recording' | 'transcribing';

/** Sends a recording and yields what is heard; another one in tests. */
export type Transcribe = (sound: Blob, signal: AbortSignal) => AsyncGenerator<TranscriptionEvent>;

/** New sound, in parts of half a second, before what is there is sent. */
const PARTS_BETWEEN = 5;

export class Voice {
  state = $state<VoiceState>('idle');
  /** What has been heard so far. */
  heard = $state('');
  /** From 0 to 1, while the whole is being written down. */
  progress = $state(0);
  error = $state.raw<ApiError | null>(null);
  #browser: Browser;
  #transcribe: Transcribe;
  #missing: () => ApiError | null;
  #recording: Recording | null = null;
  #sending: AbortController | null = null;
  #unsent = 0;
  /** Moves with each recording, so that a late answer to an old one is known. */
  #turn = 0;

  /** `missing` says what stands in the way on the server, as far as it is known. */
  constructor(browser: Browser = thisBrowser(), send: Transcribe = transcribe, missing: () => ApiError | null = () => null) {
    this.#browser = browser;
    this.#transcribe = send;
    this.#missing = missing;
  }

  get busy(): boolean {
    return this.state !== 'idle';
  }

  async start(): Promise<void> {
    if (this.busy) return;
    this.error = this.#missing();
    if (this.error) return;
    const turn = ++this.#turn;
    this.state = 'starting';
    this.heard = '';
    this.progress = 0;
    this.#unsent = 0;
    try {
      const recording = await Recording.start(this.#browser, () => this.#part(turn));
      if (turn !== this.#turn) return void recording.stop();
      this.#recording = recording;
      this.state = 'recording';
    } catch (reason) {
      if (turn === this.#turn) this.#fail(reason);
    }
  }

  /** Ends the recording; resolves with what was said, or `null` when there is nothing to ask. */
  async stop(): Promise<string | null> {
    if (this.state === 'starting') this.cancel();
    if (this.state !== 'recording' || !this.#recording) return null;
    const turn = this.#turn;
    const recording = this.#recording;
    this.state = 'transcribing';
    this.#sending?.abort();
    const sound = await recording.stop();
    this.#recording = null;
    if (turn !== this.#turn) return null;
    try {
      const text = await this.#send(sound, turn);
      if (text === null || turn !== this.#turn) return null;
      this.heard = text;
      this.state = 'idle';
      if (text) return text;
      throw new ApiError({ code: 'nothing_heard', message: 'Nothing was heard.', hint: 'Hold the button while you speak, nearer to the microphone.' }, 200);
    } catch (reason) {
      if (turn === this.#turn) this.#fail(reason);
      return null;
    }
  }

  /** Throws the recording away. */
  cancel(): void {
    this.#turn += 1;
    this.#sending?.abort();
    this.#sending = null;
    void this.#recording?.stop();
    this.#recording = null;
    this.heard = '';
    this.state = 'idle';
  }

  #part(turn: number): void {
    this.#unsent += 1;
    if (turn !== this.#turn || this.state !== 'recording' || this.#sending || this.#unsent < PARTS_BETWEEN || !this.#recording) return;
    this.#unsent = 0;
    this.#send(this.#recording.sound, turn).then(
      (text) => {
        if (text && turn === this.#turn && this.state === 'recording') this.heard = text;
      },
      (reason: unknown) => {
        // What stands in the way now will at the end too: say so at once.
        const error = asApiError(reason);
        if (turn === this.#turn && this.state === 'recording' && error.code === 'no_speech_model') {
          this.cancel();
          this.error = error;
        }
      },
    );
  }

  /** What is said in `sound`; `null` when it was given up. */
  async #send(sound: Blob, turn: number): Promise<string | null> {
    const sending = new AbortController();
    this.#sending = sending;
    const whole = this.state === 'transcribing';
    let text = '';
    try {
      for await (const { event, data } of this.#transcribe(sound, sending.signal)) {
        if (sending.signal.aborted || turn !== this.#turn) return null;
        if (event === 'progress' && whole) this.progress = data.progress;
        else if (event === 'text') {
          text += data.delta;
          if (whole) this.heard = text.trim();
        } else if (event === 'done') return data.text.trim();
        else if (event === 'error') throw new ApiError(data, 200);
      }
      throw new ApiError({ code: 'cut_off', message: 'What you said did not come back whole.', hint: 'Say it again; nothing was changed.' }, 0);
    } catch (reason) {
      if (isAbort(reason) || sending.signal.aborted) return null;
      throw reason;
    } finally {
      if (this.#sending === sending) this.#sending = null;
    }
  }

  #fail(reason: unknown): void {
    this.#recording = null;
    this.state = 'idle';
    this.error = reason instanceof MicrophoneError ? new ApiError({ code: reason.problem, message: reason.message, hint: null }, 0) : asApiError(reason);
  }
}
