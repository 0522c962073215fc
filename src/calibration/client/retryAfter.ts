/** Longest wait that is honoured: a server that asks for more is asked again after this, or given up by the limits of the run. */
export const MAX_RETRY_AFTER_MS = 60_000;

/** Where the headers of an answer are looked up. */
interface HeaderSource {
  get(name: string): string | null;
}

/**
 * How long a server asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date, at most `MAX_RETRY_AFTER_MS`.
 *
 * @param now of the wall clock, milliseconds of the epoch, for a date
 * @returns milliseconds; null where nothing is asked, it cannot be read, or it lies in the past
 * @example retryAfterMs(new Headers({ 'retry-after': '9999' }), 0) // 60000
 * @example retryAfterMs(new Headers({ 'retry-after': '-5' }), 0) // null
 */
export function retryAfterMs(headers: HeaderSource, now: number): number | null {
  return honoured(numberIn(headers.get('retry-after-ms'))) ?? honoured(delayOf(headers.get('retry-after'), now));
}

function delayOf(text: string | null, now: number): number | null {
  if (text === null) return null;
  const seconds = numberIn(text);
  if (seconds !== null) return seconds * 1000;
  // A date is told by the name of its month; Date.parse alone would read '-5' as a year.
  return /[a-z]{3}/i.test(text) && text.length < 64 ? Date.parse(text) - now : null;
}

function numberIn(text: string | null): number | null {
  return text !== null && text.length < 32 && /^[-+]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}

function honoured(ms: number | null): number | null {
  return ms !== null && ms >= 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : null;
}
