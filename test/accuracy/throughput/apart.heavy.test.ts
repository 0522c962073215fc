import { expect, it } from 'vitest';
import { noBands } from '../../../src/accuracy/throughput/fitBands.ts';
import { type HeldOut, heldOutIn } from '../../../src/accuracy/throughput/heldOut.ts';
import { configurationOf } from '../../../src/accuracy/throughput/holdOut.ts';
import { Witnesses } from '../../../src/accuracy/throughput/witnesses.ts';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { APART } from '../../../src/plan/diff/commonDoubt.ts';
import type { Quantity } from '../../../src/throughput/band.ts';
import { fitSpeed } from '../../../src/throughput/fitting/speedFit.ts';

interface Miss {
  readonly error: number;
  readonly system: string;
  readonly configuration: string;
  readonly load: string;
}

/** Logarithm of measured over predicted, the mean of repeated runs. */
function misses(heldOut: readonly HeldOut[], quantity: Quantity): Miss[] {
  const runs = new Map<string, Miss[]>();
  for (const { witness, measured, predicted } of heldOut) {
    const value = measured[quantity];
    if (value === null) continue;
    const { gpu, engine, format, family } = witness.system;
    const { inputTokens, outputTokens, reuse, concurrency } = witness.measurement;
    const miss = {
      error: Math.log(value / predicted[quantity].value),
      system: `${gpu} ${engine} ${format} ${family}`,
      configuration: configurationOf(witness),
      load: `${inputTokens}/${outputTokens} ${reuse} ${concurrency}`,
    };
    const key = `${miss.configuration} ${miss.load}`;
    runs.set(key, [...(runs.get(key) ?? []), miss]);
  }
  return [...runs.values()].flatMap((of) => {
    const [first] = of;
    return first ? [{ ...first, error: of.reduce((sum, { error }) => sum + error, 0) / of.length }] : [];
  });
}

/** The distance within which 80 % of pairs lie, every pair of configurations counting as much as the root of its points. */
function distance(all: readonly Miss[], isPair: (a: Miss, b: Miss) => boolean): number {
  const pairs = all.flatMap((a, at) => all.slice(at + 1).flatMap((b) => (isPair(a, b) ? [{ a, b }] : [])));
  const key = ({ a, b }: { a: Miss; b: Miss }) => [a.configuration, b.configuration].sort().join();
  const sizes = new Map<string, number>();
  for (const pair of pairs) sizes.set(key(pair), (sizes.get(key(pair)) ?? 0) + 1);
  const weighed = pairs
    .map((pair) => ({ far: Math.abs(pair.a.error - pair.b.error), weight: 1 / Math.sqrt(sizes.get(key(pair)) ?? 1) }))
    .sort((a, b) => a.far - b.far);
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  let seen = 0;
  for (const { far, weight } of weighed) {
    seen += weight;
    if (seen >= 0.8 * total) return far;
  }
  return Number.NaN;
}

it('errors of two layouts and of two loads lie as far apart as kplan diff takes them to', { timeout: 240_000 }, () => {
  const rows = new Witnesses(loadCatalog()).shipped();
  const fits = fitSpeed(rows);
  const seen = { layout: { step: 0, wait: 0 }, load: { step: 0, wait: 0 } };
  for (const situation of ['newLayout', 'otherModel'] as const) {
    const heldOut = heldOutIn(situation, rows, rows, fits, noBands());
    for (const [error, quantities] of [
      ['step', ['tpot', 'outputTokensPerSecond']],
      ['wait', ['ttft']],
    ] as const) {
      for (const quantity of quantities) {
        const all = misses(heldOut, quantity);
        const layouts = distance(all, (a, b) => a.system === b.system && a.load === b.load && a.configuration !== b.configuration);
        const loads = distance(all, (a, b) => a.configuration === b.configuration && a.load !== b.load);
        seen.layout[error] = Math.max(seen.layout[error], layouts);
        seen.load[error] = Math.max(seen.load[error], loads);
      }
    }
  }
  for (const kinship of ['layout', 'load'] as const) {
    for (const error of ['step', 'wait'] as const) {
      expect(seen[kinship][error], `${kinship} ${error}`).toBeLessThanOrEqual(APART[kinship][error] + 0.01);
      expect(seen[kinship][error], `${kinship} ${error}`).toBeGreaterThan(0.9 * APART[kinship][error]);
    }
  }
});
