import { quantileOf } from '../../evidence/quantileOf.ts';
import { ATTENTIONS, type Attention, attentionOf, type Band, type BandTable, QUANTITIES, type Quantity } from '../../throughput/band.ts';
import { SITUATIONS, type Situation } from '../../throughput/situation.ts';
import type { HeldOut } from './heldOut.ts';
import { configurationOf } from './holdOut.ts';

const NONE: Band = { low: 1, high: 1, rows: 0 };

function each<Key extends string, T>(keys: readonly Key[], make: () => T): Record<Key, T> {
  return Object.fromEntries(keys.map((key) => [key, make()])) as Record<Key, T>;
}

/** Bands of which nothing is known yet. */
export function noBands(): Record<Attention, Record<Quantity, Record<Situation, Band>>> {
  return each(ATTENTIONS, () => each(QUANTITIES, () => each(SITUATIONS, () => NONE)));
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

function ratiosOf(heldOut: readonly HeldOut[], situation: Situation, quantity: Quantity): Ratio[] {
  return heldOut.flatMap(({ situation: met, predicted, measured, witness }): Ratio[] => {
    const value = measured[quantity];
    return met === situation && value !== null ? [{ ratio: value / predicted[quantity].value, cluster: configurationOf(witness) }] : [];
  });
}

/** Configurations that a kind of attention needs for a band of its own; with fewer, both kinds share one. */
const LEAST_CONFIGURATIONS = 8;
/** Share of rows beyond either end of a band. */
const TAIL = 0.1;
/** How much of that share is given up for knowing few configurations: a fifth of one of them on either side. */
const CAUTION = 0.2;

function configurations(ratios: readonly Ratio[]): number {
  return new Set(ratios.map(({ cluster }) => cluster)).size;
}

function bandOf(ratios: readonly Ratio[], before: Band): Band {
  if (ratios.length === 0) return { ...before, rows: 0 };
  const tail = Math.max(0, TAIL - CAUTION / configurations(ratios));
  return {
    low: Math.min(1, weightedQuantile(ratios, tail)),
    high: Math.max(1, weightedQuantile(ratios, 1 - tail)),
    rows: ratios.length,
  };
}

/**
 * The band of each quantity in each situation, for either kind of attention: the 10th and 90th percentile of measured over predicted among
 * held-out rows, a little further out where few configurations speak; without rows the band of the next nearer situation.
 */
export function fitBands(heldOut: readonly HeldOut[]): BandTable {
  const bands = noBands();
  for (const attention of ATTENTIONS) {
    const alike = heldOut.filter(({ witness }) => attentionOf(witness.traffic) === attention);
    for (const quantity of QUANTITIES) {
      let before = NONE;
      for (const situation of SITUATIONS) {
        const own = ratiosOf(alike, situation, quantity);
        const ratios = configurations(own) >= LEAST_CONFIGURATIONS ? own : ratiosOf(heldOut, situation, quantity);
        before = bandOf(ratios, before);
        bands[attention][quantity][situation] = before;
      }
    }
  }
  return bands;
}
