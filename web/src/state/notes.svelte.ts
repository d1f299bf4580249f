// The voice notes about one picture, event or album: recorded or uploaded, written down by the server in its own time,
// put right, deleted and taken back. While the server writes, the list is looked at again now and then.

import { api, asApiError, ApiError } from '../api/client';
import type { About, Note, Segment } from '../api/types';
import { MicrophoneError, Recording, thisBrowser, type Browser } from '../voice/recorder';

/** What notes need of the server; another one in tests. */
export type NotesService = Pick<typeof api, 'notes' | 'addNote' | 'editNote' | 'deleteNote' | 'restoreNote' | 'transcribeNote'>;

/** Notes that are being written down are looked at again after this time, ms. */
const LOOK_AGAIN = 1500;

export type RecorderState = 'idle' | 'starting' | 'recording' | 'sending';

export class Notes {
  /** `null` until they are loaded. */
  list = $state.raw<Note[] | null>(null);
  recorder = $state<RecorderState>('idle');
  /** How long the recording is, whole seconds. */
  seconds = $state(0);
  error = $state.raw<ApiError | null>(null);
  /** The note deleted last, which can be taken back. */
  deleted = $state.raw<Note | null>(null);
  readonly about: About;
  #service: NotesService;
  #browser: Browser;
  #recording: Recording | null = null;
  #clock: ReturnType<typeof setInterval> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(about: About, service: NotesService = api, browser: Browser = thisBrowser()) {
    this.about = about;
    this.#service = service;
    this.#browser = browser;
  }

  async load(): Promise<void> {
    try {
      const list = await this.#service.notes(this.about);
      if (this.#closed) return;
      this.list = list;
      this.#lookAgain();
    } catch (reason) {
      if (!this.#closed) this.error = asApiError(reason);
    }
  }

  /** Ends whatever goes on; a recording that was not sent is thrown away. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    this.cancel();
  }

  async record(): Promise<void> {
    if (this.recorder !== 'idle') return;
    this.error = null;
    this.recorder = 'starting';
    this.seconds = 0;
    try {
      const recording = await Recording.start(this.#browser, () => undefined);
      if (this.#closed || this.recorder !== 'starting') return void recording.stop();
      this.#recording = recording;
      this.recorder = 'recording';
      this.#clock = setInterval(() => (this.seconds += 1), 1000);
    } catch (reason) {
      this.recorder = 'idle';
      this.error = reason instanceof MicrophoneError ? new ApiError({ code: reason.problem, message: reason.message, hint: null }, 0) : asApiError(reason);
    }
  }

  /** Ends the recording and keeps it. */
  async keep(): Promise<void> {
    const recording = this.#recording;
    if (this.recorder !== 'recording' || !recording) return;
    this.#stopClock();
    this.recorder = 'sending';
    const sound = await recording.stop();
    this.#recording = null;
    await this.#send(sound);
  }

  /** Throws the recording away. */
  cancel(): void {
    this.#stopClock();
    void this.#recording?.stop();
    this.#recording = null;
    if (this.recorder !== 'sending') this.recorder = 'idle';
  }

  async upload(file: Blob): Promise<void> {
    if (this.recorder !== 'idle') return;
    this.recorder = 'sending';
    await this.#send(file);
  }

  async save(note: Note, segments: Segment[]): Promise<boolean> {
    return this.#change(async () => this.#put(await this.#service.editNote(note.id, segments)));
  }

  async remove(note: Note): Promise<void> {
    await this.#change(async () => {
      this.deleted = await this.#service.deleteNote(note.id);
      this.list = (this.list ?? []).filter((known) => known.id !== note.id);
    });
  }

  /** Takes the last deletion back. */
  async restore(): Promise<void> {
    const note = this.deleted;
    if (!note) return;
    await this.#change(async () => {
      await this.#service.restoreNote(note.id);
      this.deleted = null;
      await this.load();
    });
  }

  async hearAgain(note: Note): Promise<void> {
    await this.#change(async () => this.#put(await this.#service.transcribeNote(note.id)));
  }

  async #send(sound: Blob): Promise<void> {
    await this.#change(async () => {
      const note = await this.#service.addNote(this.about, sound);
      this.list = [...(this.list ?? []), note];
      this.#lookAgain();
    });
    this.recorder = 'idle';
  }

  async #change(act: () => Promise<void>): Promise<boolean> {
    this.error = null;
    try {
      await act();
      return true;
    } catch (reason) {
      this.error = asApiError(reason);
      return false;
    }
  }

  #put(note: Note): void {
    this.list = (this.list ?? []).map((known) => (known.id === note.id ? note : known));
    this.#lookAgain();
  }

  #lookAgain(): void {
    clearTimeout(this.#again);
    const open = this.list?.some((note) => note.state === 'waiting' || note.state === 'working') ?? false;
    if (open && !this.#closed) this.#again = setTimeout(() => void this.load(), LOOK_AGAIN);
  }

  #stopClock(): void {
    clearInterval(this.#clock);
  }
}
