// Marks in a question the words that were recognised, so that a person sees how they were understood.
// Pure: chips in, pieces of the question out; the pieces joined are the question.

import type { Chip } from '../api/types';

export interface Piece {
  text: string;
  chip: Chip | null;
}

const WORD = /[\p{L}\p{N}]/u;

/** Whether a stretch does not cut a word of a script that separates words. */
function onWordEdges(question: string, start: number, end: number): boolean {
  const cuts = (at: number) => {
    const before = question[at - 1];
    const after = question[at];
    if (!before || !after) return false;
    return WORD.test(before) && WORD.test(after) && !isIdeographic(before) && !isIdeographic(after);
  };
  return !cuts(start) && !cuts(end);
}

function isIdeographic(char: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u.test(char);
}

export function annotate(question: string, chips: readonly Chip[]): Piece[] {
  const lower = question.toLowerCase();
  // Case folding may change lengths (ẞ, İ); positions would be off, so such a question is shown plain.
  if (lower.length !== question.length) return [{ text: question, chip: null }];
  const taken: { start: number; end: number; chip: Chip }[] = [];
  const free = (start: number, end: number) => taken.every((t) => end <= t.start || start >= t.end);
  for (const chip of [...chips].sort((a, b) => b.text.length - a.text.length)) {
    const words = chip.text.trim().toLowerCase();
    if (!words) continue;
    for (let at = lower.indexOf(words); at >= 0; at = lower.indexOf(words, at + 1)) {
      const end = at + words.length;
      if (free(at, end) && onWordEdges(question, at, end)) {
        taken.push({ start: at, end, chip });
        break;
      }
    }
  }
  taken.sort((a, b) => a.start - b.start);
  const pieces: Piece[] = [];
  let from = 0;
  for (const { start, end, chip } of taken) {
    if (start > from) pieces.push({ text: question.slice(from, start), chip: null });
    pieces.push({ text: question.slice(start, end), chip });
    from = end;
  }
  if (from < question.length) pieces.push({ text: question.slice(from), chip: null });
  return pieces;
}
