import { quantileOf } from '../evidence/quantileOf.ts';

/** Middle of a list; NaN where it is empty. */
export function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

/** Arithmetic mean; NaN where the list is empty. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Numbers from 0 to 1 that a seed fixes (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const RESAMPLES = 4000;

/**
 * 95 % interval of a share, by resampling whole clusters: observations of one source are not independent of each other.
 *
 * @param hits one entry per observation: whether it counts, and the cluster that it belongs to
 * @param seed same seed, same interval
 * @returns null without observations; with a single cluster the interval is [0, 1], for nothing is known between sources
 */
export function clusteredInterval(
  hits: readonly { readonly hit: boolean; readonly cluster: string }[],
  seed = 1,
): readonly [number, number] | null {
  const byCluster = new Map<string, { n: number; hits: number }>();
  for (const { hit, cluster } of hits) {
    const { n, hits: inside } = byCluster.get(cluster) ?? { n: 0, hits: 0 };
    byCluster.set(cluster, { n: n + 1, hits: inside + Number(hit) });
  }
  const clusters = [...byCluster.values()];
  if (clusters.length === 0) return null;
  if (clusters.length === 1) return [0, 1];
  const random = randomNumbers(seed);
  const shares = Array.from({ length: RESAMPLES }, () => {
    let n = 0;
    let inside = 0;
    for (let draw = 0; draw < clusters.length; draw++) {
      const cluster = clusters[Math.floor(random() * clusters.length)];
      n += cluster?.n ?? 0;
      inside += cluster?.hits ?? 0;
    }
    return inside / n;
  });
  return [quantileOf(shares, 0.025), quantileOf(shares, 0.975)];
}
