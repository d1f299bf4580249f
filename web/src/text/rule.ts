// The rule of an album while it is written: where it is wrong, and what a choice of what is offered makes of it.
// Pure. Places count UTF-16 units, as the server does for browsers.

import type { RuleProblem, RuleReading } from '../api/types';

export interface RulePiece {
  text: string;
  /** What is wrong here. */
  problem: string | null;
}

/** The text cut at what is wrong; the pieces joined are the text. A problem of no length is shown at the letter before. */
export function pieces(text: string, problems: readonly RuleProblem[]): RulePiece[] {
  const cut: RulePiece[] = [];
  let from = 0;
  for (const { start, end, message } of [...problems].sort((a, b) => a.start - b.start)) {
    const to = Math.min(Math.max(end, start + 1), text.length);
    const at = Math.max(from, Math.min(start, to - 1));
    if (to <= at) continue;
    if (at > from) cut.push({ text: text.slice(from, at), problem: null });
    cut.push({ text: text.slice(at, to), problem: message });
    from = to;
  }
  if (from < text.length) cut.push({ text: text.slice(from), problem: null });
  return cut;
}

/** The text with what was chosen in its place, and where the cursor is then. */
export function choose(text: string, offered: Pick<RuleReading, 'start' | 'end'>, chosen: string): { text: string; cursor: number } {
  const before = text.slice(0, offered.start);
  // "people:" wants a space before what follows; a clause after a semicolon too.
  const space = before !== '' && !/[\s"]$/.test(before) ? ' ' : '';
  return { text: before + space + chosen + text.slice(offered.end), cursor: before.length + space.length + chosen.length };
}
