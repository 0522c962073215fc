import type { Estimate } from '../../evidence/estimate.ts';
import type { Sample } from './prometheusText.ts';

/** A histogram of a server: how many of its observations were at most each bound. */
export interface Histogram {
  /** Upper bounds, ascending, the last one perhaps infinite. */
  readonly bounds: readonly number[];
  /** Observations at most as large as the bound, never falling. */
  readonly cumulative: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** The histogram of a name, all its label sets together; null where the page has none. */
export function histogramOf(samples: readonly Sample[], name: string): Histogram | null {
  const counts = new Map<number, number>();
  let sum = 0;
  let count = 0;
  for (const { name: found, labels, value } of samples) {
    if (!(value >= 0)) continue;
    if (found === `${name}_sum`) sum += value;
    else if (found === `${name}_count`) count += value;
    else if (found === `${name}_bucket`) {
      const text = labels.get('le') ?? '';
      const bound = text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
      if (text !== '' && !Number.isNaN(bound)) counts.set(bound, (counts.get(bound) ?? 0) + value);
    }
  }
  if (counts.size === 0) return null;
  const bounds = [...counts.keys()].sort((a, b) => a - b);
  let most = 0;
  const cumulative = bounds.map((bound) => {
    most = Math.max(most, counts.get(bound) ?? 0);
    return most;
  });
  return { bounds, cumulative, sum, count: Math.max(count, most) };
}

/**
 * What two readings of a histogram saw between them: the differences of all counts.
 *
 * @returns the later one as it is where the server began anew in between; null where the bounds differ or one is missing
 */
export function histogramBetween(before: Histogram | null, after: Histogram | null): Histogram | null {
  if (!before || !after || before.bounds.join() !== after.bounds.join()) return null;
  const restarted = after.count < before.count || after.cumulative.some((count, at) => count < (before.cumulative[at] ?? 0));
  if (restarted) return after;
  return {
    bounds: after.bounds,
    cumulative: after.cumulative.map((count, at) => count - (before.cumulative[at] ?? 0)),
    sum: after.sum - before.sum,
    count: after.count - before.count,
  };
}

/**
 * A percentile of a histogram: straight within its bucket, whose ends are the band.
 *
 * @param share such as 0.5
 * @returns in the unit of the bounds; null where nothing was observed or it lies beyond the last finite bound
 * @example quantileOf({ bounds: [1, 2, 4], cumulative: [0, 10, 10], sum: 15, count: 10 }, 0.5)?.value // 1.5
 */
export function quantileOf({ bounds, cumulative }: Histogram, share: number): Estimate | null {
  const total = cumulative.at(-1) ?? 0;
  const rank = share * total;
  const at = cumulative.findIndex((count) => count >= rank && count > 0);
  const high = bounds[at];
  if (total <= 0 || high === undefined || !Number.isFinite(high)) return null;
  const below = at === 0 ? 0 : (cumulative[at - 1] ?? 0);
  const low = at === 0 ? Math.min(0, high) : (bounds[at - 1] ?? 0);
  const inside = (cumulative[at] ?? 0) - below;
  return { low, value: low + ((high - low) * (rank - below)) / Math.max(inside, Number.MIN_VALUE), high, basis: 'measured' };
}
