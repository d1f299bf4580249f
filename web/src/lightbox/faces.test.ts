import { expect, it } from 'vitest';
import type { Face } from '../api/types';
import { boxesOf } from './faces';

const face = (more: Partial<Face>): Face => ({ id: 'f', media: 'm', box: [0, 0, 0.1, 0.1], person: null, name: null, how: null, likeness: null, taken: null, ...more });

it('shows each person once: by the face if one was found, else where the file says', () => {
  const boxes = boxesOf(
    [face({ id: 'f1', person: 'anna', name: 'Anna', how: 'automatic' }), face({ id: 'f2' })],
    [{ id: 'anna', name: 'Anna', box: [0.5, 0.5, 0.2, 0.2] }, { id: 'rex', name: 'Rex', box: [0.2, 0.2, 0.2, 0.2] }, { id: 'joe', name: 'Joe', box: null }],
  );
  expect(boxes.map(({ key, name, face: found, guessed }) => [key, name, found, guessed])).toEqual([
    ['f1', 'Anna', 'f1', true], ['f2', '', 'f2', false], ['rex', 'Rex', null, false],
  ]);
});

it('leaves out faces of other frames of a video', () => {
  const boxes = boxesOf([face({ id: 'f1' }), face({ id: 'f2', frame_ms: 4000 })], []);
  expect(boxes.map(({ key }) => key)).toEqual(['f1']);
});
