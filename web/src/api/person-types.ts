// The shapes of people, pets and faces: who somebody is, what is asked and said of them.

import type { Collection } from './types';

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
  /** The keyword that may be the name of a pet, which the animals may be; null: the question is about faces. */
  keyword: PetKeyword | null;
  probability: number;
  reasons: string[];
}

/** A keyword that nearly always goes with an animal. */
export interface PetKeyword {
  name: string;
  /** Pictures that have it. */
  media: number;
  /** Those that show an animal. */
  with_animal: number;
  /** What the animals look like. */
  kind: 'dog' | 'cat' | 'bird' | 'horse' | null;
}

export type PeopleAction =
  | { action: 'rename'; person: string; name: string }
  | { action: 'describe'; person: string; nickname?: string; born?: string; relation?: string; hidden?: boolean; favourite?: boolean; pet?: boolean }
  | { action: 'merge'; into: string; people: string[] }
  | { action: 'split'; faces: string[]; name?: string | null }
  | { action: 'move'; faces: string[]; person: string }
  | { action: 'confirm' | 'not_a_face'; faces: string[] }
  | { action: 'reject'; faces: string[]; person?: string | null }
  | { action: 'apart'; one: string; other: string }
  | { action: 'pet'; name: string; faces: string[] }
  | { action: 'no_pet'; name: string };

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
