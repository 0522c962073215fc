/** What a step of one shape found. */
export interface FoundPoint {
  readonly concurrency: number;
  readonly outputTokensPerSecond: number | null;
  readonly ttftMs: number | null;
}

/** Output that a doubling of the concurrency must add, else more requests only wait. */
const LEAST_GAIN = 0.05;

/**
 * The concurrency beyond which output no longer grows: the first step whose output rose by less than 5 % per doubling while the wait for
 * the first token grew.
 *
 * @param points of one shape, in any order
 * @returns the last concurrency that still gained; null where every step gained
 * @example kneeFound([{ concurrency: 8, outputTokensPerSecond: 400, ttftMs: 90 }, { concurrency: 16, outputTokensPerSecond: 410, ttftMs: 200 }]) // 8
 */
export function kneeFound(points: readonly FoundPoint[]): number | null {
  const known = points
    .flatMap(({ concurrency, outputTokensPerSecond, ttftMs }) =>
      outputTokensPerSecond !== null && ttftMs !== null && outputTokensPerSecond > 0
        ? [{ concurrency, outputTokensPerSecond, ttftMs }]
        : [],
    )
    .sort((a, b) => a.concurrency - b.concurrency);
  for (const [at, point] of known.entries()) {
    const before = known[at - 1];
    if (before === undefined || point.concurrency <= before.concurrency) continue;
    const doublings = Math.log2(point.concurrency / before.concurrency);
    const gain = (point.outputTokensPerSecond / before.outputTokensPerSecond) ** (1 / doublings) - 1;
    if (gain < LEAST_GAIN && point.ttftMs > before.ttftMs) return before.concurrency;
  }
  return null;
}
