// What is said about people and faces, and which change an answer makes. Pure functions.

import type { MediaCard, PeopleAction, Person, Question } from '../api/types';
import { plural } from './dates';

const REASONS: Record<string, string> = {
  likeness: 'the faces are alike',
  lead: 'nobody else is as alike',
  company: 'those beside are often together with them',
  event: 'they are at the same event',
  time: 'they are in pictures of that time',
  clothes: 'they wear the same that day',
  written: 'the file names them',
};

/** "72 % likely: the faces are alike, they are at the same event" */
export function reasonLine({ person, keyword, probability, reasons }: Question): string {
  if (keyword) {
    const shown = keyword.with_animal === keyword.media ? 'with an animal on each' : `with an animal on ${keyword.with_animal}`;
    return `A keyword of ${plural(keyword.media, 'picture')}, ${shown}${keyword.kind ? `; it looks like a ${keyword.kind}` : ''}`;
  }
  if (!person) return 'Nobody with a name comes near.';
  const told = reasons.map((reason) => REASONS[reason]).filter(Boolean).slice(0, 3);
  const likely = `${Math.round(probability * 100)} % likely`;
  return told.length ? `${likely}: ${told.join(', ')}` : likely;
}

export function questionText({ person, keyword, about }: Question): string {
  if (keyword) return `Is ${keyword.name} a pet?`;
  if (!person) return about.length > 1 ? 'Who are they?' : 'Who is this?';
  return `Is this ${person.name}?`;
}

export type Answer = 'yes' | 'no' | 'someone_else' | 'not_a_face' | 'hide';

/** The change that an answer makes; null when it needs a name that is not given. */
export function answerAction(question: Question, answer: Answer, name = ''): PeopleAction | null {
  const { group, person, keyword, about } = question;
  const given = name.trim();
  if (keyword) {
    if (answer === 'yes') return { action: 'pet', name: keyword.name, faces: about };
    return answer === 'no' ? { action: 'no_pet', name: keyword.name } : null;
  }
  switch (answer) {
    case 'yes':
      if (!person) return null;
      return group ? { action: 'merge', into: person.id, people: [group] } : { action: 'move', faces: about, person: person.id };
    case 'no':
      if (!person) return null;
      return group ? { action: 'apart', one: group, other: person.id } : { action: 'reject', faces: about, person: person.id };
    case 'someone_else':
      if (!given) return null;
      return group ? { action: 'rename', person: group, name: given } : { action: 'split', faces: about, name: given };
    case 'not_a_face':
      return { action: 'not_a_face', faces: about };
    case 'hide':
      return group ? { action: 'describe', person: group, hidden: true } : null;
  }
}

/** The key of an answer, as shown beside it. */
export const ANSWER_KEYS: Record<string, Answer | 'skip'> = { y: 'yes', n: 'no', s: 'someone_else', x: 'not_a_face', h: 'hide', ArrowRight: 'skip' };

/** Named people, found groups, and the hidden, each in the order given. */
export function partition(people: readonly Person[]): { named: Person[]; groups: Person[]; hidden: Person[] } {
  const shown = people.filter((person) => !person.hidden);
  return { named: shown.filter((p) => p.confirmed), groups: shown.filter((p) => !p.confirmed), hidden: people.filter((p) => p.hidden) };
}

/** "10 people", "9 people and 1 pet", "2 pets": who has a name. */
export function heads(named: readonly Person[]): string {
  const pets = named.filter((person) => person.pet).length;
  const people = named.length - pets;
  if (pets === 0) return plural(people, 'person', 'people');
  return people === 0 ? plural(pets, 'pet') : `${plural(people, 'person', 'people')} and ${plural(pets, 'pet')}`;
}

export function countLine(person: Person): string {
  return plural(person.count, 'picture');
}

/** Whole years between a day of birth and a moment; null before birth and when either is unknown. */
export function ageAt(born: string | null, taken: string | null): number | null {
  if (!born || !taken) return null;
  const [year = 0, month = 1, day = 1] = born.split('-').map(Number);
  const [takenYear = 0, takenMonth = 1, takenDay = 1] = taken.slice(0, 10).split('-').map(Number);
  const before = takenMonth < month || (takenMonth === month && takenDay < day);
  const age = takenYear - year - (before ? 1 : 0);
  return age < 0 ? null : age;
}

export interface Year {
  /** "2019", or "Undated". */
  label: string;
  /** "4–5 years old" */
  age: string;
  cards: MediaCard[];
}

/** The pictures of a life by year, in the order given, with how old the person was. */
export function years(cards: readonly MediaCard[], born: string | null): Year[] {
  const found: Year[] = [];
  for (const card of cards) {
    const label = card.taken?.slice(0, 4) ?? 'Undated';
    const last = found.at(-1);
    if (last?.label === label) last.cards.push(card);
    else found.push({ label, age: '', cards: [card] });
  }
  for (const year of found) {
    const ages = year.cards.map((card) => ageAt(born, card.taken)).filter((age) => age !== null);
    if (ages.length === 0) continue;
    const [least, most] = [Math.min(...ages), Math.max(...ages)];
    year.age = most === 0 ? 'in the first year' : least === most ? `${plural(most, 'year')} old` : `${least}–${most} years old`;
  }
  return found;
}
