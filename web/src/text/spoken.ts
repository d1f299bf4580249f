// An answer as it is read aloud: without citations, marks and addresses.

export function spoken(answer: string): string {
  return answer
    .replace(/\[\[media:[^\]]*\]\]/g, '')
    .replace(/```[\s\S]*?```/g, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:[-*+]|\d+\.|#{1,6}|>)\s+/gm, '')
    .replace(/[*_`~|]/g, '')
    .replace(/[ \t]+([.,;:!?])/g, '$1')
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/([^\s.!?:;])\s*\n+\s*/g, '$1. ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The beginning of a voice's language tag for a question's language; English when it is not known. */
export function languageOf(language: string | null): string {
  return (language ?? 'en').toLowerCase().slice(0, 2) || 'en';
}
