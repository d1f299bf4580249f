// The shapes that `/api/v1` sends. What the server adds later is ignored; nothing here has behaviour.

export interface MediaCard {
  id: string;
  kind: 'photo' | 'video';
  name: string;
  /** Pixels as displayed, after the orientation was applied. */
  width: number;
  height: number;
  /** Local time at the place, without an offset: `2019-06-09T12:51:01`. */
  taken: string | null;
  duration_s: number | null;
  live: boolean;
  favorite: boolean;
  rating: number | null;
  place: string | null;
  /** Base64 of a ThumbHash. */
  thumbhash: string | null;
  /** Changes when the thumbnail does: the cache key of its address. */
  version: string;
}

export interface NamedRef {
  id: string;
  name: string;
}

export interface PersonInMedia extends NamedRef {
  /** x, y, width, height in 0–1 of the upright picture. */
  box: [number, number, number, number] | null;
}

export interface MediaDetail extends MediaCard {
  paths: string[];
  bytes: number;
  mime: string;
  title: string | null;
  description: string | null;
  keywords: string[];
  people: PersonInMedia[];
  position: { lat: number; lon: number; altitude: number | null } | null;
  place_parts: {
    locality: string | null;
    city: string | null;
    region: string | null;
    country: string | null;
    country_code: string | null;
  } | null;
  camera: string | null;
  lens: string | null;
  exposure: {
    iso: number | null;
    f_number: number | null;
    exposure_s: number | null;
    focal_mm: number | null;
  } | null;
  events: NamedRef[];
  albums: NamedRef[];
  utc_offset: string | null;
  /** Its file says that a machine made it, or parts of it. */
  generated?: 'made' | 'partly' | null;
  values: { name: string; value: string; source: string }[];
  /** What is said in a video; null when no speech model has listened to it. */
  transcript: { language: string; segments: Segment[] } | null;
  /** What models saw, in words, the surest first; absent in answers of older servers. */
  seen?: { word: string; certainty: number }[];
  copies: MediaCard[];
  status: 'ready' | 'failed';
  problems: { stage: string; code: string; message: string }[];
}

/** A picture of the library to find others by. */
export interface PictureSearch {
  id: string;
  /** A part of it: x, y, width, height in 0–1 of the upright picture. */
  box: [number, number, number, number] | null;
  /** What is different: “at night”. */
  but: string;
  limit: number;
}

export interface Chip {
  id: string;
  role: string;
  /** The words of the question it came from. */
  text: string;
  /** What they were taken to mean. */
  label: string;
}

export interface Reading {
  language: string;
  intent: string;
  chips: Chip[];
  certainty: number;
  filter: unknown;
  content: string | null;
}

export interface Hit {
  media: MediaCard;
  score: number;
  why: string[];
  /** The second of the video that it was found by. */
  moment_s?: number;
  /** Where in the video it is what was asked for, in order of time. */
  moments?: Moment[];
}

/** A span of a video. */
export interface Moment {
  /** Milliseconds from the start of the video. */
  start_ms: number;
  end_ms: number;
  /** The frame that shows it; null: the thumbnail of the video. */
  frame_ms?: number | null;
  /** How well it fits, 0–1. */
  score: number;
  why: string[];
}

/** What a voice note can be about, as it stands in addresses. */
export interface About {
  kind: 'media' | 'events' | 'albums';
  id: string;
}

/** A part of what was said; times in seconds. */
export interface Segment {
  start: number;
  end: number;
  text: string;
}

export interface Note {
  id: string;
  about: { kind: 'medium' | 'event' | 'album'; id: string | null; name: string | null };
  mime: string;
  duration_s: number | null;
  language: string;
  text: string;
  segments: Segment[];
  state: 'waiting' | 'working' | 'done' | 'edited' | 'failed' | 'no_model';
  progress: number | null;
  problem: { code: string; message: string } | null;
  created: string;
  updated: string;
  deleted: string | null;
}

export type ToolStatus = 'running' | 'done' | 'needs_confirmation' | 'failed' | 'undone' | 'rejected';

export interface ToolCall {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
  status: ToolStatus;
  result: unknown;
  elapsed_ms: number | null;
}

export interface Turn {
  id: string;
  question: string;
  created: string;
  answer: string;
  hits: Hit[];
  total: number;
  count: number | null;
  reading: Reading | null;
  tool_calls: ToolCall[];
  mode: string;
  elapsed_ms: number | null;
}

export interface ConversationHead {
  id: string;
  title: string | null;
  created: string;
  updated: string;
}

export interface Conversation {
  id: string;
  title: string | null;
  turns: Turn[];
}

export interface JobCounts {
  queued: number;
  running: number;
  done: number;
  failed: number;
  cancelled: number;
}

/** One kind of job, or an index. */
export interface KindActivity extends JobCounts {
  kind: string;
  paused: boolean;
  /** It can be paused; indexes cannot. */
  steerable: boolean;
  /** Why it does not get on. */
  obstacle: { code: string; message: string } | null;
  rate_per_s: number | null;
  eta_s: number | null;
}

export type Hold = 'person_asks' | 'quiet_hours' | 'machine_busy';

/** What is going on. */
export interface Activity {
  counts: JobCounts;
  by_kind: KindActivity[];
  paused: boolean;
  /** Why looking at pictures does not begin at the moment. */
  held: Hold | null;
  rate_per_s: number | null;
  eta_s: number | null;
}

export interface RunningJob {
  id: string;
  kind: string;
  path: string;
  progress: number;
}

export interface FailedJob {
  id: string;
  kind: string;
  path: string;
  code: string;
  message: string;
  attempts: number;
}

export interface Jobs extends Activity {
  running: RunningJob[];
  failed: FailedJob[];
}

export interface ModelStatus {
  role: string;
  name: string;
  state: 'ready' | 'missing' | 'loading' | 'failed';
  hint: string | null;
}

export type PullPhase = 'waiting' | 'download' | 'package' | 'unpack' | 'paused' | 'failed' | 'done' | 'gone';

/** How far the download of a model is. */
export interface Pull {
  model: string;
  phase: PullPhase;
  file: string | null;
  source: string | null;
  done: number;
  total: number;
  bytes_per_s: number | null;
  error: string | null;
  hint: string | null;
}

export interface Model {
  id: string;
  /** What it is for; null when only the user knows. */
  ability: string | null;
  role: string;
  description: string;
  licence: string | null;
  /** What the licence forbids. */
  restriction: string | null;
  home: string | null;
  languages: string[];
  memory_mb: number | null;
  size: number;
  tiers: string[];
  installed: boolean;
  outdated: boolean;
  /** It can be got again. */
  known: boolean;
  source: string | null;
  /** Bytes of an unfinished download. */
  partial: number;
  pull: Pull | null;
}

export interface ModelTier {
  id: string;
  machine: string;
  models: string[];
  abilities: string[];
  size: number;
  missing: number;
  memory_mb: number;
}

export interface Models {
  folder: string;
  free: number | null;
  offline: boolean;
  abilities: { id: string; purpose: string; ready: boolean; at_once: boolean }[];
  tiers: ModelTier[];
  models: Model[];
}

export interface Status {
  version: string;
  media: number;
  photos: number;
  videos: number;
  people: number;
  events: number;
  indexing: boolean;
  jobs: JobCounts;
  models: ModelStatus[];
  demo: boolean;
}

export interface Suggestion {
  question: string;
  why: string;
}

export interface TimelineDay {
  /** `2019-06-09`, or null for media without a date. */
  day: string | null;
  count: number;
}

export interface Timeline {
  days: TimelineDay[];
  total: number;
}

export interface Collection {
  id: string;
  name: string;
  count: number;
  cover: MediaCard | null;
}

export interface Person extends Collection {
  pet: boolean;
  /** Has a name; a found group of faces has none. */
  confirmed: boolean;
  hidden: boolean;
  favourite: boolean;
  nickname: string | null;
  /** Day of birth. */
  born: string | null;
  relation: string | null;
  /** Number of faces. */
  faces: number;
  /** The face that shows them best. */
  face: string | null;
  first: string | null;
  last: string | null;
}

export interface Face {
  id: string;
  media: string;
  /** The frame of a video that it is shown in; null: the picture itself. */
  frame_ms?: number | null;
  /** x, y, width, height in 0–1 of the upright picture. */
  box: [number, number, number, number];
  /** A whole animal rather than a person's face. */
  animal?: boolean;
  person: string | null;
  /** Empty for a found group. */
  name: string | null;
  how: 'metadata' | 'confirmed' | 'automatic' | null;
  likeness: number | null;
  taken: string | null;
}

export type Reason = 'likeness' | 'lead' | 'company' | 'event' | 'time' | 'clothes' | 'written';

/** Is this so-and-so? Or, without a person: who is this? */
export interface Question {
  /** Some of the faces, those that show it best first. */
  faces: Face[];
  /** All that the answer is about. */
  about: string[];
  group: string | null;
  person: Person | null;
  probability: number;
  reasons: string[];
}

export type PeopleAction =
  | { action: 'rename'; person: string; name: string }
  | { action: 'describe'; person: string; nickname?: string; born?: string; relation?: string; hidden?: boolean; favourite?: boolean; pet?: boolean }
  | { action: 'merge'; into: string; people: string[] }
  | { action: 'split'; faces: string[]; name?: string | null }
  | { action: 'move'; faces: string[]; person: string }
  | { action: 'confirm' | 'not_a_face'; faces: string[] }
  | { action: 'reject'; faces: string[]; person?: string | null }
  | { action: 'apart'; one: string; other: string };

/** Something that was done to people. */
export interface PeopleChange {
  id: string;
  made: string;
  action: string;
  summary: string;
  undoes: string | null;
  undone: string | null;
  person: string | null;
  kept: number;
}

/** What was there of a person before and after it was deleted. */
export interface ForgetReport {
  before: Record<string, number>;
  after: Record<string, number>;
  crops_deleted: number;
  conversations: number;
  descriptions: number;
}

export interface LibraryEvent extends Collection {
  start?: string | null;
  end?: string | null;
  place?: string | null;
  kind?: string | null;
}

export interface Folder {
  path: string;
  media: number;
  watched: boolean;
}

export interface SearchResult {
  reading: Reading;
  hits: Hit[];
  total: number;
}

export interface ApiErrorBody {
  code: string;
  message: string;
  hint?: string | null;
  request_id?: string | null;
}

export interface Page<T> {
  items: T[];
  total: number | null;
  next: string | null;
}

/** What is said in a recording. */
export interface Transcription {
  text: string;
  language: string;
  duration_s: number;
  segments: { start: number; end: number; text: string }[];
}

/** Something that the user taught by pictures: "our cabin". */
export interface Concept {
  id: string;
  name: string;
  builtin: 'quality' | 'screenshots' | 'documents' | 'nudity' | null;
  /** What belongs to it is kept from others. */
  hides: boolean;
  /** Certainty from which a picture belongs, 0–1. */
  threshold: number;
  count: number;
  belonging: number;
  others: number;
  ready: boolean;
  /** Why it has not been learned. */
  problem: string | null;
  best: MediaCard[];
}

export interface ConceptMember {
  media: MediaCard;
  certainty: number;
}

export interface ConceptDetail extends Concept {
  examples: { media: MediaCard; belongs: boolean }[];
  versions: { version: number; made: string; summary: string; current: boolean }[];
  /** Judged on examples that were left out. */
  quality: { recognised: number; kept_out: number | null; among_others: number | null } | null;
}

export interface ConceptExplanation {
  certainty: number | null;
  said: boolean | null;
  like: { media: MediaCard; alike: number }[];
  unlike: { media: MediaCard; alike: number }[];
}

export interface ConceptMembership extends NamedRef {
  builtin: boolean;
  certainty: number;
}

/** What is said of pictures at once. */
export interface ConceptWords {
  belonging?: string[];
  others?: string[];
  neither?: string[];
}

/** A box in 0–1 of the upright picture. */
export interface Area {
  x: number;
  y: number;
  w: number;
  h: number;
}

export type Easing = 'linear' | 'gentle';

export type Show =
  | { kind: 'card' }
  | { kind: 'still'; path: { from: Area; to: Area; easing: Easing }; fit: boolean }
  | { kind: 'clip'; in_ms: number; out_ms: number; area: Area; fit: boolean; sound: boolean };

export interface Caption {
  text: string;
  small?: string;
  place: 'middle' | 'corner' | 'below';
}

export interface Shot {
  media: string;
  show: Show;
  /** From cut to cut; half of the transitions at both ends comes on top. */
  duration_ms: number;
  transition: { kind: 'cut' | 'dissolve' | 'dip' | 'wipe' | 'push'; ms: number };
  caption?: Caption;
  section: number;
  reason: string;
  score: number;
  fixed?: boolean;
}

export interface Storyboard {
  schema: number;
  title: string;
  subtitle?: string;
  format: '16:9' | '9:16' | '1:1';
  pace: 'calm' | 'even' | 'lively';
  mood: 'gentle' | 'happy' | 'nostalgic' | 'epic' | 'energetic';
  captions: boolean;
  wished_ms: number;
  sections: { title: string; subtitle?: string }[];
  shots: Shot[];
  music: { kind: 'made' } | { kind: 'file'; path: string } | { kind: 'none' };
  ending: { fade_ms: number };
  [more: string]: unknown;
}

export type Quality = 'preview' | 'full';

export interface FilmRender {
  quality: Quality;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /** 0–1. */
  progress: number;
  /** It shows the storyboard as it is now. */
  current: boolean;
  error: string | null;
}

export interface FilmCard {
  id: string;
  title: string;
  seconds: number;
  shots: number;
  cover: MediaCard | null;
  renders: FilmRender[];
  updated: string;
  deleted: string | null;
}

export interface Film extends FilmCard {
  prompt: string;
  version: number;
  said: string;
  storyboard: Storyboard;
  media: Record<string, MediaCard>;
}
