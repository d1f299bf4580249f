// Dates, lengths and numbers as people read them. Media carry local time without an offset, so dates are taken
// apart as text and never moved to the viewer's time zone.

const LOCALE: string = (() => {
  const wanted = typeof navigator === 'undefined' ? [] : navigator.languages;
  return wanted.find((tag) => tag.toLowerCase().startsWith('en')) ?? 'en-GB';
})();

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: 'UTC' });
}

const LONG_DAY = formatter({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const SHORT_DAY = formatter({ day: 'numeric', month: 'short', year: 'numeric' });
const WEEKDAY = formatter({ weekday: 'short' });
const DAY_AND_MONTH = formatter({ day: 'numeric', month: 'long' });
const MONTH = formatter({ month: 'long', year: 'numeric' });
const SHORT_MONTH = formatter({ month: 'short', year: 'numeric' });
const TIME = formatter({ hour: '2-digit', minute: '2-digit' });
const NUMBER = new Intl.NumberFormat(LOCALE);

const PATTERN = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?/;

/** A local time or day as the same wall-clock time in UTC; null when it is none. */
export function parseLocal(text: string | null | undefined): Date | null {
  const match = text ? PATTERN.exec(text) : null;
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => (part ? Number(part) : undefined));
  const date = new Date(Date.UTC(year ?? 1970, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0));
  date.setUTCFullYear(year ?? 1970);
  const valid = date.getUTCMonth() === (month ?? 1) - 1 && date.getUTCDate() === (day ?? 1);
  return valid && !Number.isNaN(date.getTime()) ? date : null;
}

function format(text: string | null | undefined, how: Intl.DateTimeFormat, otherwise: string): string {
  const date = parseLocal(text);
  return date ? how.format(date) : otherwise;
}

export const longDay = (text: string | null) => format(text, LONG_DAY, 'Date unknown');
export const shortDay = (text: string | null) => format(text, SHORT_DAY, 'Date unknown');
export const dayAndMonth = (text: string | null) => format(text, DAY_AND_MONTH, '');
export const weekday = (text: string | null) => format(text, WEEKDAY, '');
export const monthName = (text: string | null) => format(text, MONTH, 'Date unknown');
export const shortMonth = (text: string | null) => format(text, SHORT_MONTH, 'Undated');
export const timeOfDay = (text: string | null) => (text && text.length > 10 ? format(text, TIME, '') : '');

/** `9–12 June 2019`, as short as it can be said. */
export function dayRange(start: string | null | undefined, end: string | null | undefined): string {
  const from = parseLocal(start?.slice(0, 10));
  const to = parseLocal(end?.slice(0, 10)) ?? from;
  if (!from || !to) return '';
  return SHORT_DAY.formatRange(from, to);
}

/** `0:07`, `12:30`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** How long something will take, roughly: `about 3 minutes`. */
export function roughly(seconds: number): string {
  if (seconds < 45) return 'less than a minute';
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return minutes === 1 ? 'about a minute' : `about ${minutes} minutes`;
  const hours = Math.round(seconds / 3600);
  return hours === 1 ? 'about an hour' : `about ${hours} hours`;
}

/** How long something took: `31 ms`, `2.4 s`. */
export function elapsed(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** When something happened, against `now`: `Today`, `Yesterday`, a day. `instant` is a time with an offset, or local. */
export function dayGroup(instant: string, now: Date): string {
  const then = new Date(instant);
  if (Number.isNaN(then.getTime())) return 'Earlier';
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(then)) / 86_400_000);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 7) return 'This week';
  if (days < 31) return 'This month';
  return 'Earlier';
}

export const number = (value: number) => NUMBER.format(value);

export function plural(count: number, one: string, many = one + 's'): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** `3.4 MB`, by thousands as file managers count. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `1/250 s`, `0.8 s`, `30 s`. */
export function exposureTime(seconds: number): string {
  if (seconds > 0 && seconds < 0.3) return `1/${Math.round(1 / seconds)} s`;
  return `${Number(seconds.toFixed(1))} s`;
}
