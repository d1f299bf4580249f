// What can be chosen when an album or event is shared, and what is asked of the server for it.

import type { ShareForm, ShareQuery } from '../api/types';

export interface ShareChoices {
  form: ShareForm;
  copies: boolean;
  size: number;
  sidecars: boolean;
  location: boolean;
  paper: 'a4' | 'letter';
  private: boolean;
  /** Only the best of pictures that are all but the same; as usual for the form while nobody chose. */
  once: boolean | null;
}

export const FORMS: { form: ShareForm; name: string; about: string }[] = [
  { form: 'zip', name: 'Files', about: 'A ZIP of the pictures and videos' },
  { form: 'page', name: 'Web page', about: 'To look through in any browser, without a network' },
  { form: 'book', name: 'Photo book', about: 'A PDF with one to four pictures a page' },
  { form: 'sheet', name: 'Contact sheet', about: 'A PDF with twenty small pictures a page' },
];

export const SIZES = [1280, 2048, 4096];

/** Countries that print on Letter; the rest of the world does on A4. */
const LETTER = new Set(['US', 'CA', 'MX', 'PH', 'CL', 'CO', 'VE']);

export function usualPaper(language: string): 'a4' | 'letter' {
  const region = language.split('-').find((part) => /^[A-Z]{2}$/.test(part));
  return region && LETTER.has(region) ? 'letter' : 'a4';
}

export function firstChoices(language: string): ShareChoices {
  return { form: 'zip', copies: false, size: 2048, sidecars: true, location: false, paper: usualPaper(language), private: false, once: null };
}

/** A photo book shows a sight once, and everything else all that there is. */
export function isOnce(choices: ShareChoices): boolean {
  return choices.once ?? choices.form === 'book';
}

/** Originals say everything themselves; of all else it can be chosen what is told. */
export function tells(choices: ShareChoices): { size: boolean; sidecars: boolean; location: boolean; paper: boolean } {
  const files = choices.form === 'zip';
  const originals = files && !choices.copies;
  const paper = choices.form === 'sheet' || choices.form === 'book';
  return { size: !originals && !paper, sidecars: files, location: !originals, paper };
}

export function shareQuery(choices: ShareChoices): ShareQuery {
  const asked = tells(choices);
  const query: ShareQuery = { form: choices.form };
  if (choices.form === 'zip') query.pictures = choices.copies ? 'copies' : 'originals';
  if (asked.size) query.size = choices.size;
  if (asked.sidecars) query.sidecars = choices.sidecars;
  if (asked.location) query.location = choices.location;
  if (asked.paper) query.paper = choices.paper;
  if (choices.private) query.private = true;
  if (choices.once !== null) query.once = choices.once;
  return query;
}
