// What is said of concepts in words.

import type { Concept, ConceptDetail } from '../api/types';
import { plural } from './dates';

/** "94 %"; only what the user said is certain. */
export function percent(certainty: number): string {
  const rounded = Math.round(certainty * 100);
  return `${certainty < 1 ? Math.min(rounded, 99) : rounded} %`;
}

/** "12 pictures · taught by 5 and 2". */
export function line(concept: Concept): string {
  if (concept.problem) return 'Not learned yet';
  const taught = concept.belonging + concept.others > 0 ? `taught by ${concept.belonging} that belong${concept.others ? ` and ${concept.others} that do not` : ''}` : '';
  return [plural(concept.count, 'picture'), taught].filter(Boolean).join(' · ');
}

/** Why it has not been learned, as a sentence. */
export function problem(concept: Concept): string {
  const why = concept.problem ?? '';
  return why && `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
}

/** How far it can be trusted, judged on examples that were left out. */
export function quality(concept: ConceptDetail): string {
  const known = concept.quality;
  if (!known) return '';
  const share = (value: number) => `${Math.round(value * 100)} %`;
  const parts = [`recognises ${share(known.recognised)} of its own examples when they are left out`];
  if (known.kept_out !== null) parts.push(`keeps out ${share(known.kept_out)} of the counter-examples`);
  if (known.among_others !== null) parts.push(`takes in ${share(known.among_others)} of everything else`);
  return `It ${parts.join(', ')}.`;
}

/** What a built-in concept is for. */
export function about(concept: Concept): string {
  switch (concept.builtin) {
    case 'quality': return 'Pictures that are sharp and beautiful, by your stars.';
    case 'screenshots': return 'Pictures of screens, by what their files say.';
    case 'documents': return 'Receipts, letters, forms, by keywords and labels.';
    case 'nudity': return "What is not for everybody's eyes, by the safety model.";
    default: return '';
  }
}
