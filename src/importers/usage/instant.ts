import { Fault } from '../../faults/fault.ts';

/** An instant with the zone that was written behind it. */
export interface Instant {
  /** Milliseconds since 1970 UTC, with the fraction of one that was written. */
  readonly ms: number;
  /** `none` where the text names no zone: it is read as UTC. */
  readonly zone: 'none' | 'utc' | 'offset' | 'epoch';
}

const FORM = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/i;
const NUMBER = /^\d{1,16}(\.\d{1,9})?$/;
/** Seconds of a number below it, milliseconds above: the year 5138 in the one, 1973 in the other. */
const SECONDS_BELOW = 1e11;
const MINUTE = 60_000;
/** Kiribati is 14 hours ahead of UTC; in minutes. */
const FARTHEST_ZONE = 14 * 60;

const days = new Map<string, number>();

/** Milliseconds of a day at midnight UTC; NaN where the calendar has no such day. */
function dayMs(day: string): number {
  const known = days.get(day);
  if (known !== undefined) return known;
  const ms = Date.parse(`${day}T00:00:00Z`);
  const found = !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === day ? ms : Number.NaN;
  if (days.size > 4000) days.clear();
  days.set(day, found);
  return found;
}

function refused(where: string, value: unknown): Fault {
  return new Fault('invalid', 'not a time', {
    where,
    value: typeof value === 'object' ? typeof value : value,
    allowed: 'such as 2026-08-21T09:30:00Z, 2026-08-21, or seconds or milliseconds since 1970',
  });
}

function offsetMs(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  if (minutes > FARTHEST_ZONE || Number(digits.slice(2)) > 59) return Number.NaN;
  return (zone.startsWith('-') ? -minutes : minutes) * MINUTE;
}

const TENS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
let lastDay = -1;
let lastDayMs = Number.NaN;

/** Two digits of a text; NaN for others. */
function pair(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** The way in which logs write times, `2026-08-21T09:30:00.123Z`, letter by letter; null for every other way. */
function commonForm(text: string): Instant | null {
  const { length } = text;
  if (length < 19 || length > 30) return null;
  const between = text.charCodeAt(10);
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || (between !== 84 && between !== 32)) return null;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return null;
  const day = (pair(text, 0) * 100 + pair(text, 2)) * 10_000 + pair(text, 5) * 100 + pair(text, 8);
  const [h, m, s] = [pair(text, 11), pair(text, 14), pair(text, 17)];
  let digits = 0;
  let at = 19;
  if (text.charCodeAt(19) === 46) {
    for (at = 20; at < length; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      digits = digits * 10 + digit;
    }
    if (at === 20 || at > 29) return null;
  }
  const isUtc = length === at + 1 && text.charCodeAt(at) === 90;
  if ((!isUtc && length !== at) || !(h <= 23 && m <= 59 && s <= 59)) return null;
  if (day !== lastDay) {
    lastDayMs = dayMs(text.slice(0, 10));
    lastDay = day;
  }
  const fraction = at > 20 ? digits / (TENS[at - 20] ?? Number.NaN) : 0;
  const ms = lastDayMs + (h * 3600 + m * 60 + s) * 1000 + fraction * 1000;
  return Number.isNaN(ms) ? null : { ms, zone: isUtc ? 'utc' : 'none' };
}

/**
 * A time as files write it: ISO 8601 with any fraction of a second and any zone, a day, or seconds or milliseconds since 1970.
 *
 * `ms = midnight + hours + minutes + seconds + fraction - offset`; a text without a zone is read as UTC.
 *
 * @param value what the field holds
 * @param where the field, for the message
 * @throws Fault `missing` where it is blank, `invalid` for anything else
 * @example instantOf('2023-11-16 18:17:03.9799600', 'TIMESTAMP').ms // 1700158623979.96
 */
export function instantOf(value: unknown, where: string): Instant {
  if (value === undefined || value === null || value === '') throw new Fault('missing', 'a time is missing', { where });
  const common = typeof value === 'string' ? commonForm(value) : null;
  if (common) return common;
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  if (NUMBER.test(text)) {
    const number = Number(text);
    return { ms: number < SECONDS_BELOW ? number * 1000 : number, zone: 'epoch' };
  }
  const [, day = '', hours = '0', minutes = '0', seconds = '0', fraction = '0', zone] = FORM.exec(text) ?? [];
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  const ms = dayMs(day) + (h * 3600 + m * 60 + s) * 1000 + Number(fraction) * 1000 - offsetMs(zone);
  if (Number.isNaN(ms) || h > 24 || m > 59 || s > 60 || (h === 24 && m + s + Number(fraction) > 0)) throw refused(where, value);
  return { ms, zone: zone === undefined ? 'none' : /^[+-]/.test(zone) ? 'offset' : 'utc' };
}
