import type { RequestRecord } from '../client/record.ts';

/** From when to when on the clock of the run, milliseconds. */
export type Span = readonly [from: number, to: number];

/** After a 429 that does not say how long to wait. */
const BACKOFF_MS = 1000;

/** How long nobody sends after a request, as its answer asks; 0 where it does not ask. */
export function pauseAfterMs({ retryAfterMs, failure }: Pick<RequestRecord, 'retryAfterMs' | 'failure'>): number {
  return retryAfterMs ?? (failure?.code === 'rate-limited' ? BACKOFF_MS : 0);
}

/**
 * While nobody sent because the endpoint asked for it (429 or 503 with Retry-After), of the records of a step: spans that do not overlap, in
 * their order.
 *
 * @example pausesOf([recorded({ endMs: 100, retryAfterMs: 2000 }), recorded({ endMs: 150, retryAfterMs: 3000 })]) // [[100, 3150]]
 */
export function pausesOf(records: readonly RequestRecord[]): Span[] {
  const spans = records
    .map((record): Span => [record.endMs, record.endMs + pauseAfterMs(record)])
    .filter(([from, to]) => to > from)
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of spans) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Milliseconds that two spans share. */
function shared([from, to]: Span, [begin, end]: Span): number {
  return Math.max(0, Math.min(to, end) - Math.max(from, begin));
}

/**
 * Milliseconds of a span within a window, pauses left out.
 *
 * @param pauses as `pausesOf` makes them
 * @example activeMs([0, 10], [2, 20], [[5, 6]]) // 7
 */
export function activeMs([from, to]: Span, [begin, end]: Span, pauses: readonly Span[]): number {
  const within: Span = [Math.max(from, begin), Math.min(to, end)];
  if (within[1] <= within[0]) return 0;
  return within[1] - within[0] - pauses.reduce((sum, pause) => sum + shared(within, pause), 0);
}
