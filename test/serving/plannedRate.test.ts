import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { plannedRate } from '../../src/serving/plannedRate.ts';
import type { LoadPoint } from '../../src/throughput/loadPoint.ts';
import { demandOf, replicaReuse, tokensOnCurve } from '../../src/workload/loadPoint.ts';

const { workloads } = loadCatalog();
const scaled = workloads.filter(({ reuseCurveRequestsPerSecond }) => reuseCurveRequestsPerSecond !== null);
const kvTokens = fc.integer({ min: 20_000, max: 20_000_000 });
const maxLoad = fc.double({ min: 0.05, max: 1, noNaN: true });
const seconds = fc.record({
  decode: fc.double({ min: 0.001, max: 10, noNaN: true }),
  prefill: fc.double({ min: 0, max: 50, noNaN: true }),
});

/** A replica that a request takes for so long, all of its input fresh; each prompt it is spared is time for others. */
const carrying =
  ({ decode, prefill }: { decode: number; prefill: number }) =>
  ({ reuse }: LoadPoint) =>
    1 / (decode + prefill * (1 - reuse));

describe('the rate that is planned for one replica', () => {
  it('is the share of what it carries with what it finds at that very rate, to a billionth', () => {
    expect(scaled.length).toBeGreaterThan(1);
    fc.assert(
      fc.property(fc.constantFrom(...scaled), kvTokens, maxLoad, seconds, (workload, tokens, share, time) => {
        const demand = demandOf(workload, {});
        const most = carrying(time);
        const found = plannedRate({ demand, kvTokens: tokens, maxLoad: share, most });
        if (!found) throw new Error('nothing is carried');
        const { requestsPerSecond, load, curveTokens } = found;
        expect(curveTokens).toBe(tokensOnCurve(demand, tokens, requestsPerSecond));
        expect(load.reuse).toBe(replicaReuse(demand, curveTokens).value);
        expect(Math.abs((share * most(load)) / requestsPerSecond - 1)).toBeLessThan(1e-9);
      }),
    );
  });

  it('is the highest one that it carries: above it every rate is too much, below it none is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...scaled),
        kvTokens,
        seconds,
        fc.double({ min: 0.1, max: 0.95, noNaN: true }),
        (workload, tokens, time, at) => {
          const demand = demandOf(workload, {});
          /** Jumps where less than a share of what can be found is found. */
          const most = (load: LoadPoint) => (load.reuse < at * workload.reuse.value ? 0.3 : 1) * carrying(time)(load);
          const carries = (rate: number) =>
            most({ ...demand, reuse: replicaReuse(demand, tokensOnCurve(demand, tokens, rate)).value }) >= rate;
          const rate = plannedRate({ demand, kvTokens: tokens, maxLoad: 1, most })?.requestsPerSecond ?? 0;
          for (const factor of [0.01, 0.5, 0.9, 1 - 1e-9]) expect(carries(rate * factor)).toBe(true);
          for (const factor of [1 + 1e-9, 1.1, 2, 100]) expect(carries(rate * factor)).toBe(false);
        },
      ),
    );
  });

  it('is a share of the most where the reuse does not depend on the rate', () => {
    const [workload] = scaled;
    for (const demand of [
      demandOf({ ...(workload as NonNullable<typeof workload>), reuseCurveRequestsPerSecond: null }, {}),
      demandOf(workload ?? null, { reuse: 0.5 }),
    ]) {
      const found = plannedRate({ demand, kvTokens: 786_000, maxLoad: 0.5, most: ({ reuse }) => 2 * reuse });
      expect(found?.curveTokens).toBe(786_000);
      expect(found?.requestsPerSecond).toBe(replicaReuse(demand, 786_000).value);
    }
  });

  it('finds the rate of a replica that carries something only with what it finds at low rates, and none where it never does', () => {
    const demand = demandOf(scaled[0] ?? null, {});
    const ideal = replicaReuse(demand, 1e12).value;
    const ask = (most: (load: LoadPoint) => number | null) => plannedRate({ demand, kvTokens: 786_000, maxLoad: 1, most });
    const picky = ask(({ reuse }) => (reuse < ideal ? null : 1000));
    expect(picky?.load.reuse).toBeCloseTo(ideal, 9);
    expect(picky?.requestsPerSecond).toBeGreaterThan(0);
    expect(ask(() => null)).toBeNull();
  });
});
