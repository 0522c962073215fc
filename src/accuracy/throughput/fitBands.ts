import { quantileOf } from '../statistics.ts';
import { type Band, type Bands, QUANTITIES, type Quantity } from '../../throughput/band.ts';
import { SITUATIONS, type Situation } from '../../throughput/situation.ts';
import type { HeldOut } from './heldOut.ts';
import { configurationOf } from './holdOut.ts';

const NONE: Band = { low: 1, high: 1, rows: 0 };

/** Bands of which nothing is known yet. */
export function noBands(): Record<Quantity, Record<Situation, Band>> {
  const bySituation = () => Object.fromEntries(SITUATIONS.map((situation) => [situation, NONE])) as Record<Situation, Band>;
  return { tpot: bySituation(), ttft: bySituation(), outputTokensPerSecond: bySituation() };
}

/** Measured over predicted of one row, and the configuration that it belongs to. */
interface Ratio {
  readonly ratio: number;
  readonly cluster: string;
}

/** Weighted quantile in the logarithm, every configuration counting as much as the root of its rows. */
function weightedQuantile(ratios: readonly Ratio[], share: number): number {
  const sizes = new Map<string, number>();
  for (const { cluster } of ratios) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  const sorted = ratios
    .map(({ ratio, cluster }) => ({ ratio, weight: 1 / Math.sqrt(sizes.get(cluster) ?? 1) }))
    .sort((a, b) => a.ratio - b.ratio);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let seen = 0;
  for (const { ratio, weight } of sorted) {
    seen += weight;
    if (seen >= share * total) return ratio;
  }
  return quantileOf(
    sorted.map(({ ratio }) => ratio),
    share,
  );
}

/** What nobody measured with this format and engine on GPUs of the vendor may be wrong by this factor either way, as published transfers were. */
const UNKNOWN_PAIR = 2;

/**
 * The band of each quantity in each situation: the 10th and 90th percentile of measured over predicted among held-out rows; one without
 * rows has the band of the next nearer. A pair of format and engine that is unknown on the vendor's GPUs has a factor of two at least.
 */
export function fitBands(heldOut: readonly HeldOut[]): Bands {
  const bands = noBands();
  for (const quantity of QUANTITIES) {
    let before = NONE;
    for (const situation of SITUATIONS) {
      const ratios = heldOut.flatMap(({ situation: met, predicted, measured, witness }): Ratio[] => {
        const value = measured[quantity];
        return met === situation && value !== null ? [{ ratio: value / predicted[quantity].value, cluster: configurationOf(witness) }] : [];
      });
      const least = situation === 'unknownPair' ? UNKNOWN_PAIR : 1;
      const low = ratios.length === 0 ? before.low : Math.min(1 / least, weightedQuantile(ratios, 0.1));
      const high = ratios.length === 0 ? before.high : Math.max(least, weightedQuantile(ratios, 0.9));
      before = { low, high, rows: ratios.length };
      bands[quantity][situation] = before;
    }
  }
  return bands;
}
