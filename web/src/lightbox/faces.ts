// Who is where in a picture: the faces that were found, and the people whom its file names where no face was found.

import type { Face, PersonInMedia } from '../api/types';

export interface Box {
  key: string;
  area: [number, number, number, number];
  /** Empty when nobody knows. */
  name: string;
  person: string | null;
  /** The face to name; null where a file says who it is and no face was found. */
  face: string | null;
  /** Nobody confirmed it. */
  guessed: boolean;
}

export function boxesOf(faces: readonly Face[], people: readonly PersonInMedia[]): Box[] {
  // A face of another frame of a video is not where the picture shows it.
  const found = faces.filter((face) => (face.frame_ms ?? null) === null).map((face) => ({
    key: face.id, area: face.box, name: face.name ?? '', person: face.person, face: face.id, guessed: face.how === 'automatic',
  }));
  const seen = new Set(faces.map((face) => face.person));
  const written = people.flatMap((person) =>
    person.box && !seen.has(person.id) ? [{ key: person.id, area: person.box, name: person.name, person: person.id, face: null, guessed: false }] : [],
  );
  return [...found, ...written];
}
