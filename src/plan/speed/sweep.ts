import { concurrencies } from '../../throughput/capacity.ts';
import type { Speed } from '../../throughput/speed.ts';
import type { LoadedReplica } from './loadedReplica.ts';

/** Share of a rise in concurrency that a rise in output must reach: below it, more users mostly slow each other down. */
const KNEE_ELASTICITY = 0.5;

/** Output per second of a replica at two concurrencies, as the slope between their logarithms. */
function elasticity(a: Speed, b: Speed): number {
  return Math.log(b.outputTokensPerSecond.value / a.outputTokensPerSecond.value) / Math.log(b.concurrency / a.concurrency);
}

/**
 * The knee: the lowest concurrency from which output grows by less than half as fast as concurrency, seen over an eighth or one step more.
 *
 * @returns null where output still grows faster than that at the limit
 */
export function kneeOf({ at, limit }: LoadedReplica): number | null {
  const speeds = concurrencies(limit).map(at);
  const found = speeds.findIndex((speed, index) => {
    const next = speeds.slice(index + 1).find(({ concurrency }) => concurrency >= speed.concurrency * 1.25);
    return next !== undefined && elasticity(speed, next) < KNEE_ELASTICITY;
  });
  return speeds[found]?.concurrency ?? null;
}

/** Powers of two from one end to the other, both ends, the measured concurrencies, the knee and the limit between them. */
export function sweptConcurrencies(from: number, to: number, others: readonly number[]): number[] {
  const powers = Array.from({ length: 17 }, (_, exponent) => 2 ** exponent);
  const inside = [...powers, ...others].filter((n) => Number.isInteger(n) && n > from && n < to);
  return [...new Set([from, ...inside, to])].sort((a, b) => a - b);
}
