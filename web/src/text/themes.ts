// Themes in words, and their pictures by year.

import type { MediaCard, Theme, ThemeReason } from '../api/types';
import { number, plural } from './dates';

const BEFORE: Record<ThemeReason['evidence']['sort'], string> = { what: '', who: 'with ', where: 'in ', country: 'in ', season: 'in ', weekday: 'on ' };

/** `47 pictures · 6 years, 2016 – 2024`. */
export function lineOf(theme: Pick<Theme, 'count' | 'years'>): string {
  const [first, last] = [theme.years[0]?.year, theme.years.at(-1)?.year];
  const years = first === undefined ? '' : first === last ? String(first) : `${plural(theme.years.length, 'year')}, ${first} – ${last}`;
  return [plural(theme.count, 'picture'), years].filter(Boolean).join(' · ');
}

/** `with Mira: 9 of 10, elsewhere 3 %`. */
export function reasonOf({ text, evidence }: ThemeReason): string {
  const share = evidence.others > 0 ? (evidence.elsewhere / evidence.others) * 100 : 0;
  const elsewhere = evidence.elsewhere === 0 ? 'nowhere else' : `elsewhere ${share < 1 ? 'under 1' : Math.round(share)} %`;
  return `${BEFORE[evidence.sort]}${text}: ${number(evidence.inside)} of ${number(evidence.of)}, ${elsewhere}`;
}

/** Pictures by year, the latest year first, each in order of time. */
export function byYearTaken(cards: readonly MediaCard[]): [string, MediaCard[]][] {
  const years = new Map<string, MediaCard[]>();
  const sorted = [...cards].sort((a, b) => (a.taken ?? '').localeCompare(b.taken ?? ''));
  for (const card of sorted) {
    const year = card.taken?.slice(0, 4) ?? 'Date unknown';
    years.set(year, [...(years.get(year) ?? []), card]);
  }
  return [...years].sort(([a], [b]) => b.localeCompare(a));
}
