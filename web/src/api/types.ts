// The shapes that `/api/v1` sends. What the server adds later is ignored; nothing here has behaviour.

import type { JobCounts } from './job-types';
import type { ModelStatus } from './model-types';

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

/** What a model wrote about a picture. */
export interface PictureCaption {
  title: string;
  sentence: string;
  tags: string[];
  language: string;
  model: string;
  version: string;
  /** ISO 8601. */
  written: string;
  /** It is shown and searched: of the model in use, and the user wrote nothing. */
  current: boolean;
}

export interface MediaDetail extends MediaCard {
  paths: string[];
  bytes: number;
  mime: string;
  title: string | null;
  description: string | null;
  /** The description is the user's own. */
  described_by_user?: boolean;
  /** What models wrote, the one that is shown first. */
  captions: PictureCaption[];
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
  /** Lines of text in it, in reading order; absent in answers of older servers. */
  text?: TextLine[];
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

/** A line of text in a picture. */
export interface TextLine {
  text: string;
  /** 0–1. */
  certainty: number;
  language: string | null;
  /** When it is shown in a video, in seconds; null in a photo. */
  at: number | null;
  /** x, y, width, height in 0–1 of the upright picture. */
  box: [number, number, number, number];
  /** Top left, top right, bottom right, bottom left as it is read. */
  corners: [number, number][];
  words: { text: string; certainty: number; corners: [number, number][] }[];
  /** What read it. */
  model: string;
  version: string;
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
  /** Who asks: a guest looks and searches, and changes nothing. */
  audience: 'owner' | 'guest';
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

export interface LibraryEvent extends Collection {
  start?: string | null;
  end?: string | null;
  place?: string | null;
  kind?: string | null;
  /** The trip that it is part of. */
  parent?: string | null;
  /** The name is the user's. */
  named?: boolean;
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

export * from './album-types';
export * from './concept-types';
export * from './film-types';
export * from './job-types';
export * from './map-types';
export * from './memory-types';
export * from './theme-types';
export * from './model-types';
export * from './person-types';
export * from './share-types';
export * from './story-types';
