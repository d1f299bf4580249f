// Which text in a picture is marked: the words that a search found it by, and every line when all are shown.

import type { Hit, TextLine } from '../api/types';

/** What a picture was found by: lines as its reasons quote them, and what was asked for. */
export interface Found {
  quotes: string[];
  asked: string;
}

export interface Mark {
  key: string;
  /** For an SVG polygon in a box of 1 × 1. */
  points: string;
  text: string;
  hit: boolean;
}

const REASON = /^text in picture(?: at [\d:]+)?: (.*)$/s;

/** What text a hit was found by; null when it was found by something else. */
export function foundBy(hit: Pick<Hit, 'why'> | undefined, asked: string): Found | null {
  const quotes = (hit?.why ?? []).flatMap((reason) => REASON.exec(reason)?.[1]?.replace(/^…|…$/g, '') ?? []);
  return quotes.length > 0 ? { quotes, asked } : null;
}

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const wordsOf = (text: string) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const points = (corners: TextLine['corners']) => corners.map(([x, y]) => `${x},${y}`).join(' ');

/** Whether two words are one but for a typing error or an ending. */
function alike(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < 4) return false;
  return (long.startsWith(short) && long.length - short.length <= 3) || (short.length > 4 && distance(short, long) <= 1);
}

/** How many letters must be changed, added or left out; 2 stands for more than one. */
function distance(short: string, long: string): number {
  if (long.length - short.length > 1) return 2;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  const rest = (text: string, from: number) => text.slice(from);
  const same = rest(short, start + (short.length === long.length ? 1 : 0)) === rest(long, start + 1);
  return same ? 1 : 2;
}

/** The marks of a photo's text: what was found, and with `all` every other line too. */
export function marksOf(lines: readonly TextLine[], found: Found | null, all: boolean): Mark[] {
  const asked = found ? wordsOf(found.asked) : [];
  return lines.flatMap((line, index) => {
    if (line.at !== null) return [];
    const quoted = found?.quotes.some((quote) => line.text.includes(quote)) ?? false;
    const words = quoted ? line.words.filter((word) => wordsOf(word.text).some((own) => asked.some((other) => alike(own, other)))) : [];
    const whole: Mark = { key: `${index}`, points: points(line.corners), text: line.text, hit: quoted && words.length === 0 };
    const parts = words.map((word, at): Mark => ({ key: `${index}.${at}`, points: points(word.corners), text: word.text, hit: true }));
    return all || whole.hit ? [whole, ...parts] : parts;
  });
}

/** The text as one copies it. */
export const plainText = (lines: readonly TextLine[]) => lines.map((line) => line.text).join('\n');
