// Every request the app makes. Answers come unwrapped from the envelope; failures are `ApiError`s that a person
// can act on. Addresses are relative to the page's own host, and no other host is ever asked.

import { readEvents } from './sse';
import type {
  About, Album, AlbumReasons, ApiErrorBody, ChangedAlbum, ClockOff, Codec, CodecChoice, Concept, ConceptDetail, ConceptExplanation,
  ConceptMember, ConceptMembership, ConceptWords, Conversation, ConversationHead, EventAction, EventChange, Face,
  Feedback, FeedbackAmount, FeedbackSubject, Film, FilmCard, FilmPlan, Folder, ForgetReport, Hit, Jobs, LibraryEvent,
  MapArea, MapCluster, MapInfo, MediaCard, MediaDetail, MemoriesOfDay, Models, Moment, NameProposal, Note, Page,
  PeopleAction, PeopleChange, Person, PictureSearch, Pull, Quality, Question, Reading, RuleReading, SearchResult,
  Segment, ShareQuery, Status, Storyboard, Suggestion, Summary, SummaryAbout, SummaryTelling, ThemeChange, ThemeEdit,
  Themes, Timeline, ToolCall, Transcription, Tune, Turn, WholeEvent, WholeTheme,
} from './types';

const BASE = '/api/v1';

export class ApiError extends Error {
  readonly code: string;
  readonly hint: string | null;
  readonly status: number;
  readonly requestId: string | null;

  constructor(body: ApiErrorBody, status: number) {
    super(body.message);
    this.name = 'ApiError';
    this.code = body.code;
    this.hint = body.hint ?? null;
    this.status = status;
    this.requestId = body.request_id ?? null;
  }
}

/** Any thrown value as something that can be shown. */
export function asApiError(reason: unknown): ApiError {
  if (reason instanceof ApiError) return reason;
  const message = reason instanceof Error ? reason.message : String(reason);
  return new ApiError({ code: 'unexpected', message, hint: null }, 0);
}

export function isAbort(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'AbortError';
}

interface Envelope<T> {
  data: T | null;
  meta?: { total?: number | null; next_cursor?: string | null } | null;
  error: ApiErrorBody | null;
}

const unauthorizedListeners = new Set<() => void>();

/** Calls back whenever the server asks for a sign-in. */
export function onUnauthorized(listener: () => void): () => void {
  unauthorizedListeners.add(listener);
  return () => unauthorizedListeners.delete(listener);
}

async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(BASE + path, { credentials: 'same-origin', ...init });
  } catch (reason) {
    if (isAbort(reason)) throw reason;
    throw new ApiError(
      { code: 'unreachable', message: 'Recollect does not answer.', hint: 'Is it still running on this machine? Start it again with “recollect run”, then retry.' },
      0,
    );
  }
  if (response.ok) return response;
  const envelope = (await response.json().catch(() => null)) as Envelope<unknown> | null;
  const body = envelope?.error ?? { code: `http_${response.status}`, message: `The server answered ${response.status} ${response.statusText}`.trim() + '.' };
  if (response.status === 401) for (const listener of unauthorizedListeners) listener();
  throw new ApiError(body, response.status);
}

async function envelope<T>(path: string, init?: RequestInit): Promise<Envelope<T>> {
  const response = await send(path, init);
  if (response.status === 204) return { data: null, error: null };
  return (await response.json()) as Envelope<T>;
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await envelope<T>(path, signal ? { signal } : {})).data as T;
}

async function list<T>(path: string, signal?: AbortSignal): Promise<Page<T>> {
  const { data, meta } = await envelope<T[]>(path, signal ? { signal } : {});
  return { items: data ?? [], total: meta?.total ?? null, next: meta?.next_cursor ?? null };
}

/** The whole of a list that comes in pages. */
async function everything<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list<T>(withQuery(path, { cursor, limit: 200 }), signal);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

async function post<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) };
  if (signal) init.signal = signal;
  return (await envelope<T>(path, init)).data as T;
}

async function change<T>(method: 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) Object.assign(init, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return (await envelope<T>(path, init)).data as T;
}

type Query = Record<string, string | number | boolean | null | undefined>;

export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  if (!text) return path;
  return path + (path.includes('?') ? '&' : '?') + text;
}

const seg = encodeURIComponent;

export const urls = {
  thumbnail: (card: Pick<MediaCard, 'id' | 'version'>, size: 256 | 1024) =>
    `${BASE}/media/${seg(card.id)}/thumbnail?size=${size}&v=${seg(card.version)}`,
  keyframe: (id: string, at: number) => `${BASE}/media/${seg(id)}/keyframes/${at}`,
  original: (id: string) => `${BASE}/media/${seg(id)}/original`,
  download: (id: string) => `${BASE}/media/${seg(id)}/original?download=1`,
  preview: (card: Pick<MediaCard, 'id' | 'version'>) => `${BASE}/media/${seg(card.id)}/preview?v=${seg(card.version)}`,
  recording: (note: string) => `${BASE}/notes/${seg(note)}/audio`,
  film: (id: string, quality: Quality, version: number, save = false) =>
    withQuery(`${BASE}/films/${seg(id)}/video`, { quality, v: version, download: save ? 1 : null }),
  /** How the music begins that would be made for a film in a mood. */
  sample: (film: string, mood: Storyboard['mood']) => `${BASE}/films/${seg(film)}/music?mood=${mood}`,
  tune: (id: string) => `${BASE}/music/${seg(id)}/audio`,
  motion: (id: string) => `${BASE}/media/${seg(id)}/motion`,
  share: (kind: 'albums' | 'events', id: string, query: ShareQuery) => withQuery(`${BASE}/${kind}/${seg(id)}/export`, { ...query }),
  crop: (face: string) => `${BASE}/faces/${seg(face)}/crop`,
  events: `${BASE}/events-stream`,
  pulls: `${BASE}/models/events-stream`,
};

export const api = {
  status: (signal?: AbortSignal) => get<Status>('/status', signal),
  suggestions: () => get<Suggestion[]>('/suggestions'),
  timeline: (signal?: AbortSignal) => get<Timeline>('/timeline', signal),
  /** The media of the days `from` to `to`, both included, newest first. */
  mediaOfDays: (from: string, to: string, signal?: AbortSignal) =>
    everything<MediaCard>(withQuery('/media', { day_from: from, day_to: to }), signal),
  undatedMedia: (signal?: AbortSignal) => everything<MediaCard>('/media?undated=true', signal),
  latest: (limit: number) => list<MediaCard>(withQuery('/media', { limit })),
  media: (id: string, signal?: AbortSignal) => get<MediaDetail>(`/media/${seg(id)}`, signal),
  /** Writes the user's own description of a medium; null takes it back. */
  describe: (id: string, description: string | null) => change<MediaDetail>('PUT', `/media/${seg(id)}/description`, { description }),
  deleteCaption: (id: string, model: string) => change<MediaDetail>('DELETE', `/media/${seg(id)}/captions/${seg(model)}`),
  writeCaption: (id: string) => post<MediaDetail>(`/media/${seg(id)}/caption`),
  similar: (id: string, signal?: AbortSignal) => get<Hit[]>(`/media/${seg(id)}/similar`, signal),
  async search(query: { q: string; without: string[]; cursor: string | null; limit: number }, signal?: AbortSignal) {
    const path = withQuery('/search', { q: query.q, without: query.without.join(','), cursor: query.cursor, limit: query.limit });
    const { data, meta } = await envelope<SearchResult>(path, signal ? { signal } : {});
    return { ...(data as SearchResult), next: meta?.next_cursor ?? null };
  },
  /** What looks like a picture, a part of it (`box`), or like it but for what `but` says. */
  searchByPicture: (query: PictureSearch, signal?: AbortSignal) => post<{ hits: Hit[] }>('/search/pictures', query, signal),
  people: () => everything<Person>('/people'),
  /** The found groups and the hidden among them. */
  everybody: () => everything<Person>('/people?unnamed=true&hidden=true'),
  person: (id: string, signal?: AbortSignal) => get<Person>(`/people/${seg(id)}`, signal),
  facesOf: (id: string, cursor: string | null) => list<Face>(withQuery(`/people/${seg(id)}/faces`, { cursor, limit: 60 })),
  moments: (media: string, signal?: AbortSignal) => get<Moment[]>(`/media/${seg(media)}/moments`, signal),
  facesIn: (media: string, signal?: AbortSignal) => get<Face[]>(`/media/${seg(media)}/faces`, signal),
  questions: (limit: number) => get<Question[]>(withQuery('/people/questions', { limit })),
  changePeople: (action: PeopleAction) => post<PeopleChange>('/people/changes', action),
  undoPeopleChange: (id: string) => post<PeopleChange>(`/people/changes/${seg(id)}/undo`),
  peopleChanges: (limit: number) => get<PeopleChange[]>(withQuery('/people/changes', { limit })),
  placing: () => get<{ running: boolean; progress: number; waiting: number }>('/people/placing'),
  startPlacing: () => post<unknown>('/people/placing'),
  forgetPerson: (id: string, confirm: string) => post<ForgetReport>(`/people/${seg(id)}/forget`, { confirm }),
  concepts: () => get<Concept[]>('/concepts'),
  concept: (id: string) => get<ConceptDetail>(`/concepts/${seg(id)}`),
  conceptMedia: (id: string, cursor: string | null) => list<ConceptMember>(withQuery(`/concepts/${seg(id)}/media`, { cursor, limit: 120 })),
  conceptQuestions: (id: string, limit: number) => get<ConceptMember[]>(withQuery(`/concepts/${seg(id)}/questions`, { limit })),
  conceptWhy: (id: string, media: string) => get<ConceptExplanation>(`/concepts/${seg(id)}/media/${seg(media)}`),
  conceptsOf: (media: string) => get<ConceptMembership[]>(`/media/${seg(media)}/concepts`),
  teachConcept: (name: string, words: ConceptWords) => post<Concept>('/concepts', { name, ...words }),
  sayOfConcept: (id: string, words: ConceptWords) => post<Concept>(`/concepts/${seg(id)}/examples`, words),
  changeConcept: (id: string, patch: { name?: string; hides?: boolean; threshold?: number }) => change<Concept>('PATCH', `/concepts/${seg(id)}`, patch),
  deleteConcept: async (id: string) => void (await send(`/concepts/${seg(id)}`, { method: 'DELETE' })),
  undoConcept: (id: string) => post<Concept>(`/concepts/${seg(id)}/undo`),
  restoreConcept: (id: string, version: number) => post<Concept>(`/concepts/${seg(id)}/restore`, { version }),
  trainConcept: (id: string) => post<Concept>(`/concepts/${seg(id)}/train`),
  map: (signal?: AbortSignal) => get<MapInfo>('/map', signal),
  clusters: ([west, south, east, north]: MapArea, zoom: number, signal?: AbortSignal) =>
    get<MapCluster[]>(withQuery('/map/clusters', { west, south, east, north, zoom }), signal),
  mapMedia: (areas: readonly MapArea[], cursor: string | null) =>
    list<MediaCard>(withQuery('/map/media', { areas: areas.map((area) => area.join(',')).join(';'), cursor, limit: 120 })),
  events: () => everything<LibraryEvent>('/events'),
  event: (id: string, signal?: AbortSignal) => get<WholeEvent>(`/events/${seg(id)}`, signal),
  eventMedia: (id: string, signal?: AbortSignal) => everything<MediaCard>(`/events/${seg(id)}/media`, signal),
  eventNames: (id: string, signal?: AbortSignal) => get<NameProposal[]>(`/events/${seg(id)}/names`, signal),
  changeEvents: (action: EventAction) => post<EventChange>('/events/changes', action),
  undoEventChange: (id: string) => post<EventChange>(`/events/changes/${seg(id)}/undo`),
  clocks: () => get<ClockOff[]>('/events/clocks'),
  /** What comes back over the years, what is hidden too. */
  themes: () => get<Themes>('/themes?hidden=true'),
  theme: (id: string) => get<WholeTheme>(`/themes/${seg(id)}`),
  themeMedia: (id: string) => everything<MediaCard>(`/themes/${seg(id)}/media`),
  changeTheme: (id: string, edit: ThemeEdit) => change<ThemeChange>('PATCH', `/themes/${seg(id)}`, edit),
  undoThemeChange: (id: string) => post<ThemeChange>(`/themes/changes/${seg(id)}/undo`),
  /** `at_once`: what can be told without waiting for a language model. */
  summary: (about: SummaryAbout, id: string, telling: SummaryTelling, at_once: boolean) =>
    get<Summary>(withQuery(`/summaries/${about}/${seg(id)}`, { ...telling, at_once })),
  writeSummary: (about: SummaryAbout, id: string, telling: SummaryTelling, text: string) =>
    post<Summary>(withQuery(`/summaries/${about}/${seg(id)}`, { ...telling }), { text }),
  /** What there is to see again on a day; without one, today at the server. */
  memories: (date: string | null, signal?: AbortSignal) => get<MemoriesOfDay>(withQuery('/memories', { date }), signal),
  memoryFeedback: () => get<Feedback[]>('/memories/feedback'),
  wantLess: (of: FeedbackSubject, amount: FeedbackAmount) => post<Feedback[]>('/memories/feedback', { about: of.about, subject: of.subject, amount }),
  wantAsBefore: (of: FeedbackSubject) => change<Feedback[]>('DELETE', `/memories/feedback/${seg(of.about)}/${seg(of.subject)}`),
  albums: () => everything<Album>('/albums'),
  album: (id: string) => get<Album>(`/albums/${seg(id)}`),
  createAlbum: (name: string, rule: string | null, media: string[] = []) => post<ChangedAlbum>('/albums', rule === null ? { name, media } : { name, rule }),
  /** An empty rule: the album stays as it is now and is filled by hand from then on. */
  changeAlbum: (id: string, patch: { name: string } | { rule: string }) => change<ChangedAlbum>('PATCH', `/albums/${seg(id)}`, patch),
  deleteAlbum: (id: string) => change<ChangedAlbum>('DELETE', `/albums/${seg(id)}`),
  addToAlbum: (id: string, media: string[]) => post<ChangedAlbum>(`/albums/${seg(id)}/media`, { media }),
  removeFromAlbum: (id: string, media: string[]) => change<ChangedAlbum>('DELETE', `/albums/${seg(id)}/media`, { media }),
  undoAlbumChange: (id: string) => post<ChangedAlbum>(`/albums/changes/${seg(id)}/undo`),
  albumReasons: (id: string, media: string) => get<AlbumReasons>(`/albums/${seg(id)}/media/${seg(media)}/reasons`),
  readRule: (draft: { text: string; cursor?: number; album?: string }, signal?: AbortSignal) => post<RuleReading>('/albums/rules', draft, signal),
  mediaOf: (kind: 'people' | 'events' | 'albums', id: string, cursor: string | null) =>
    list<MediaCard>(withQuery(`/${kind}/${seg(id)}/media`, { cursor, limit: 120 })),
  /** Asks about one picture of the library; the answer comes whole. */
  askAbout: (id: string, question: string) => post<{ answer: string }>('/ask', { question, picture: { id } }),
  notes: (about: About) => get<Note[]>(`/${about.kind}/${seg(about.id)}/notes`),
  async addNote(about: About, sound: Blob): Promise<Note> {
    const form = new FormData();
    form.append('file', sound, 'note');
    return (await envelope<Note>(`/${about.kind}/${seg(about.id)}/notes`, { method: 'POST', body: form })).data as Note;
  },
  editNote: (id: string, segments: Segment[]) => change<Note>('PATCH', `/notes/${seg(id)}`, { segments }),
  deleteNote: (id: string) => change<Note>('DELETE', `/notes/${seg(id)}`),
  restoreNote: (id: string) => post<Note>(`/notes/${seg(id)}/restore`),
  transcribeNote: (id: string) => post<Note>(`/notes/${seg(id)}/transcribe`),
  conversations: () => everything<ConversationHead>('/conversations'),
  createConversation: () => post<{ id: string }>('/conversations'),
  conversation: (id: string) => get<Conversation>(`/conversations/${seg(id)}`),
  deleteConversation: async (id: string) => void (await send(`/conversations/${seg(id)}`, { method: 'DELETE' })),
  turnMedia: (conversation: string, turn: string, cursor: string | null) =>
    list<Hit>(withQuery(`/conversations/${seg(conversation)}/turns/${seg(turn)}/media`, { cursor, limit: 120 })),
  films: () => get<FilmCard[]>('/films'),
  film: (id: string, signal?: AbortSignal) => get<Film>(`/films/${seg(id)}`, signal),
  createFilm: (prompt: string) => post<Film>('/films', { prompt }),
  /** A film of these very media, called `name`. */
  createFilmOf: (media: string[], name: string, prompt: string) => post<Film>('/films', { prompt, media, name }),
  planFilmOf: (media: string[], name: string, prompt: string) => post<FilmPlan>('/films/plan', { prompt, media, name }),
  changeFilm: (id: string, text: string) => post<Film>(`/films/${seg(id)}/changes`, { text }),
  putStoryboard: (id: string, version: number, storyboard: Storyboard) => change<Film>('PUT', `/films/${seg(id)}/storyboard`, { version, storyboard }),
  takeUpStoryboard: (id: string, version: number) => post<Film>(`/films/${seg(id)}/storyboards/${version}/take-up`),
  alternatives: (id: string, shot: number) => get<MediaCard[]>(`/films/${seg(id)}/shots/${shot}/alternatives`),
  music: () => get<Tune[]>('/music'),
  async addMusic(file: File): Promise<Tune> {
    const init = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: file };
    return (await envelope<Tune>(withQuery('/music', { name: file.name }), init)).data as Tune;
  },
  codecs: () => get<CodecChoice[]>('/films/codecs'),
  renderFilm: (id: string, quality: Quality, codec: Codec) => post<Film>(`/films/${seg(id)}/render?quality=${quality}&codec=${codec}`),
  cancelRender: (id: string, quality: Quality) => post<Film>(`/films/${seg(id)}/cancel?quality=${quality}`),
  deleteFilm: (id: string) => change<unknown>('DELETE', `/films/${seg(id)}`),
  restoreFilm: (id: string) => post<Film>(`/films/${seg(id)}/restore`),
  confirmToolCall: (id: string) => post<ToolCall>(`/tool-calls/${seg(id)}/confirm`),
  rejectToolCall: (id: string) => post<ToolCall>(`/tool-calls/${seg(id)}/reject`),
  undoToolCall: (id: string) => post<ToolCall>(`/tool-calls/${seg(id)}/undo`),
  jobs: () => get<Jobs>('/jobs'),
  retryJob: (id: string) => post<unknown>(`/jobs/${seg(id)}/retry`),
  /** Without a kind: all of them. */
  retryJobs: (kind: string | null) => post<unknown>('/jobs/retry', { kind }),
  pauseJobs: (kind: string | null) => post<unknown>('/jobs/pause', { kind }),
  resumeJobs: (kind: string | null) => post<unknown>('/jobs/resume', { kind }),
  cancelJobs: (kind: string | null) => post<{ jobs: number }>('/jobs/cancel', { kind }),
  /** Queues again what was cancelled, and only that. */
  restoreJobs: (kind: string | null) => post<{ jobs: number }>('/jobs/retry', { kind, ended: 'cancelled' }),
  folders: () => get<Folder[]>('/folders'),
  addFolder: (path: string) => post<unknown>('/folders', { path }),
  models: (signal?: AbortSignal) => get<Models>('/models', signal),
  startPull: (id: string, acceptLicence: boolean) => post<Pull>(`/models/${seg(id)}/pull`, { accept_licence: acceptLicence }),
  pausePull: (id: string) => post<unknown>(`/models/${seg(id)}/pull/pause`),
  cancelPull: async (id: string) => void (await send(`/models/${seg(id)}/pull`, { method: 'DELETE' })),
  removeModel: async (id: string) => void (await send(`/models/${seg(id)}`, { method: 'DELETE' })),
  signIn: (token: string) => post<unknown>('/session', { token }),
  signOut: () => change<unknown>('DELETE', '/session'),
};

export type TurnEvent =
  | { event: 'understanding'; data: Reading }
  | { event: 'tool_call'; data: ToolCall }
  | { event: 'media'; data: { hits: Hit[]; total: number } }
  | { event: 'text'; data: { delta: string } }
  | { event: 'thinking'; data: { delta: string } }
  | { event: 'take_back'; data: Record<string, never> }
  | { event: 'done'; data: Turn }
  | { event: 'error'; data: ApiErrorBody };

const TURN_EVENTS = new Set(['understanding', 'tool_call', 'media', 'text', 'thinking', 'take_back', 'done', 'error']);

/** How an answer is found: `auto` asks the language model only where reading the question is not certain. */
export type Mode = 'auto' | 'direct' | 'agent';

export interface NewTurn {
  question: string;
  mode: Mode;
  /** The turn that this question takes the place of. */
  replaces?: string;
}

/** Asks a question in a conversation; yields what happens as it happens. Ends after `done` or `error`. */
export async function* ask(conversation: string, turn: NewTurn, signal: AbortSignal): AsyncGenerator<TurnEvent> {
  const response = await send(`/conversations/${seg(conversation)}/turns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(turn),
    signal,
  });
  if (!response.body) throw new ApiError({ code: 'no_stream', message: 'The server sent no answer.' }, response.status);
  for await (const { event, data } of readEvents(response.body)) {
    if (TURN_EVENTS.has(event)) yield { event, data: JSON.parse(data) } as TurnEvent;
  }
}

export type TranscriptionEvent =
  | { event: 'progress'; data: { progress: number } }
  | { event: 'text'; data: { delta: string } }
  | { event: 'done'; data: Transcription }
  | { event: 'error'; data: ApiErrorBody };

const TRANSCRIPTION_EVENTS = new Set(['progress', 'text', 'done', 'error']);

/** Sends a recording; yields what is heard as it is heard. Ends after `done` or `error`. */
export async function* transcribe(sound: Blob, signal: AbortSignal): AsyncGenerator<TranscriptionEvent> {
  const form = new FormData();
  form.append('file', sound, 'question');
  const response = await send('/transcriptions', { method: 'POST', headers: { accept: 'text/event-stream' }, body: form, signal });
  if (!response.body) throw new ApiError({ code: 'no_stream', message: 'The server sent no answer.' }, response.status);
  for await (const { event, data } of readEvents(response.body)) {
    if (TRANSCRIPTION_EVENTS.has(event)) yield { event, data: JSON.parse(data) } as TranscriptionEvent;
  }
}
