import { describe, expect, it } from 'vitest';
import type { MediaCard, Person, Question } from '../api/types';
import { ageAt, answerAction, heads, partition, questionText, reasonLine, years } from './people';

const person = (more: Partial<Person> = {}): Person => ({
  id: 'anna', name: 'Anna', count: 3, cover: null, pet: false, confirmed: true, hidden: false, favourite: false, nickname: null,
  born: null, relation: null, faces: 3, face: 'f', first: null, last: null, ...more,
});
const question = (more: Partial<Question> = {}): Question => ({
  faces: [], about: ['a', 'b'], group: null, person: person(), keyword: null, probability: 0.716, reasons: ['likeness', 'event'], ...more,
});
const card = (taken: string | null) => ({ taken }) as MediaCard;

describe('questions', () => {
  it('say what speaks for them', () => {
    expect(questionText(question())).toBe('Is this Anna?');
    expect(reasonLine(question())).toBe('72 % likely: the faces are alike, they are at the same event');
    expect(questionText(question({ person: null, about: ['a'] }))).toBe('Who is this?');
    expect(reasonLine(question({ reasons: ['unheard of'] }))).toBe('72 % likely');
  });
  it('about a group change the group, about faces the faces', () => {
    expect(answerAction(question({ group: 'g' }), 'yes')).toEqual({ action: 'merge', into: 'anna', people: ['g'] });
    expect(answerAction(question(), 'yes')).toEqual({ action: 'move', faces: ['a', 'b'], person: 'anna' });
    expect(answerAction(question({ group: 'g' }), 'no')).toEqual({ action: 'apart', one: 'g', other: 'anna' });
    expect(answerAction(question(), 'no')).toEqual({ action: 'reject', faces: ['a', 'b'], person: 'anna' });
    expect(answerAction(question({ group: 'g' }), 'someone_else', ' Ben ')).toEqual({ action: 'rename', person: 'g', name: 'Ben' });
    expect(answerAction(question(), 'someone_else', 'Ben')).toEqual({ action: 'split', faces: ['a', 'b'], name: 'Ben' });
    expect(answerAction(question(), 'not_a_face')).toEqual({ action: 'not_a_face', faces: ['a', 'b'] });
  });
  it('about a keyword make it the name of a pet or of nobody', () => {
    const rex = question({ person: null, keyword: { name: 'Rex', media: 3, with_animal: 3, kind: 'dog' } });
    expect(questionText(rex)).toBe('Is Rex a pet?');
    expect(reasonLine(rex)).toBe('A keyword of 3 pictures, with an animal on each; it looks like a dog');
    expect(reasonLine(question({ keyword: { name: 'Rex', media: 4, with_animal: 3, kind: null } }))).toBe('A keyword of 4 pictures, with an animal on 3');
    expect(answerAction(rex, 'yes')).toEqual({ action: 'pet', name: 'Rex', faces: ['a', 'b'] });
    expect(answerAction(rex, 'no')).toEqual({ action: 'no_pet', name: 'Rex' });
    expect(answerAction(rex, 'not_a_face')).toBeNull();
  });
  it('cannot be answered with nothing', () => {
    expect(answerAction(question(), 'someone_else', '  ')).toBeNull();
    expect(answerAction(question({ person: null }), 'yes')).toBeNull();
    expect(answerAction(question({ group: null }), 'hide')).toBeNull();
  });
});

describe('people', () => {
  it('are named, found or hidden', () => {
    const parts = partition([person({ id: '1' }), person({ id: '2', confirmed: false }), person({ id: '3', hidden: true })]);
    expect([parts.named, parts.groups, parts.hidden].map((part) => part.map((each) => each.id))).toEqual([['1'], ['2'], ['3']]);
  });
  it('are counted beside the pets', () => {
    const pet = person({ pet: true });
    expect(heads([person(), person()])).toBe('2 people');
    expect(heads([person(), pet])).toBe('1 person and 1 pet');
    expect(heads([pet, pet])).toBe('2 pets');
  });
  it('are as old as whole years have passed', () => {
    expect(ageAt('2014-05-20', '2019-05-19T12:00:00')).toBe(4);
    expect(ageAt('2014-05-20', '2019-05-20T00:00:00')).toBe(5);
    expect(ageAt('2014-05-20', '2013-01-01T00:00:00')).toBeNull();
    expect(ageAt(null, '2013-01-01T00:00:00')).toBeNull();
  });
  it('have a life by year', () => {
    const life = years([card('2019-08-01T10:00:00'), card('2019-02-01T10:00:00'), card('2014-06-01T10:00:00'), card(null)], '2014-05-20');
    expect(life.map(({ label, age, cards }) => [label, age, cards.length])).toEqual([
      ['2019', '4–5 years old', 2], ['2014', 'in the first year', 1], ['Undated', '', 1],
    ]);
    expect(years([card('2020-01-01T00:00:00')], null)[0]?.age).toBe('');
  });
});
