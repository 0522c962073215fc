import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CostCrossings, costCrossings } from '../../src/cost/crossings.ts';
import { fleetFor, packing, type Staircase, staircase } from '../../src/cost/fleet.ts';

const RULES = { spareReplicas: 0, fixedUsd: 0 };

/** Who is cheaper at a whole volume, by the two bills; prices are whole, so that nothing is rounded. */
function byBills(price: number, stairs: Staircase, volume: number): 'self-host' | 'api' | 'equal' {
  const difference = price * volume - fleetFor(volume, stairs).usdPerMonth;
  return difference > 0 ? 'self-host' : difference < 0 ? 'api' : 'equal';
}

/** Who is cheaper at a volume, by the crossings below it. */
function byCrossings({ crossings }: CostCrossings, volume: number): 'self-host' | 'api' {
  return crossings.findLast(({ requests }) => requests < volume)?.cheaperBeyond ?? 'api';
}

const cases = fc.record({
  price: fc.integer({ min: 0, max: 30 }),
  requestsPerReplica: fc.integer({ min: 1, max: 40 }),
  usdPerInstance: fc.integer({ min: 0, max: 900 }),
  gpusPerReplica: fc.constantFrom(1, 2, 4, 8, 16),
  spareReplicas: fc.integer({ min: 0, max: 3 }),
  fixedUsd: fc.constantFrom(0, 0, 1, 50, 333),
});

describe('costCrossings', () => {
  it('agrees with a look at every whole volume', () => {
    fc.assert(
      fc.property(cases, ({ price, requestsPerReplica, usdPerInstance, gpusPerReplica, spareReplicas, fixedUsd }) => {
        const stairs = staircase(requestsPerReplica, usdPerInstance, packing(gpusPerReplica, 8), { spareReplicas, fixedUsd });
        const found = costCrossings(price, stairs);
        if (found.code === 'always') return;
        const most = Math.min(20_000, Math.ceil((found.finalRequests ?? 400) + 3 * requestsPerReplica * 8));
        fc.pre(found.count < 60);
        for (let volume = 0; volume <= most; volume++) {
          const side = byBills(price, stairs, volume);
          if (side !== 'equal' && side !== byCrossings(found, volume))
            expect({ volume, side }).toEqual({ volume, side: byCrossings(found, volume) });
        }
        const sides = found.crossings.map(({ cheaperBeyond }) => cheaperBeyond);
        expect(sides.every((side, index) => side === (index % 2 === 0 ? 'self-host' : 'api'))).toBe(true);
        expect(found.crossings.every(({ requests }, index) => index === 0 || requests > (found.crossings[index - 1]?.requests ?? 0))).toBe(
          true,
        );
      }),
      { numRuns: 5000 },
    );
  });

  it.each<[string, number, Staircase, Partial<CostCrossings>]>([
    ['no crossing', 1, staircase(100, 150, packing(8, 8)), { code: 'never', count: 0, finalRequests: null }],
    ['one', 10, staircase(100, 150, packing(8, 8)), { code: 'break-even', count: 1, finalRequests: 15 }],
    ['many', 2, staircase(100, 150, packing(8, 8)), { code: 'break-even', count: 5, finalRequests: 225 }],
    ['tangency: a full step costs what the API takes', 1.5, staircase(100, 150, packing(8, 8)), { code: 'never' }],
    ['an API that costs nothing', 0, staircase(100, 150, packing(8, 8)), { code: 'never' }],
    ['machines that cost nothing', 2, staircase(100, 0, packing(8, 8)), { code: 'always', finalRequests: 0 }],
    ['nothing costs anything', 0, staircase(100, 0, packing(8, 8)), { code: 'never' }],
    ['a replica that carries nothing', 2, staircase(0, 150, packing(8, 8)), { code: 'never' }],
  ])('%s', (_, price, stairs, expected) => {
    expect(costCrossings(price, stairs)).toMatchObject(expected);
  });

  it('counts a spare replica: N+1 pays for two from the first request', () => {
    const stairs = staircase(100, 150, packing(8, 8), { ...RULES, spareReplicas: 1 });
    expect(fleetFor(1, stairs)).toEqual({ replicas: 2, instances: 2, usdPerMonth: 300 });
    // 2 instances to 100 requests (300 USD, the API 200), 3 to 200 (450, 400), 4 to 300 (600, 600: touches), 5 to 400 (750, 800).
    expect(costCrossings(2, stairs)).toMatchObject({
      finalRequests: 525,
      crossings: [{ requests: 375, step: 5 }, { requests: 400 }, {}, {}, {}],
    });
  });

  it('shares an instance between a spare replica and one that works', () => {
    const stairs = staircase(100, 150, packing(4, 8), { ...RULES, spareReplicas: 1 });
    expect(fleetFor(100, stairs)).toEqual({ replicas: 2, instances: 1, usdPerMonth: 150 });
    expect(fleetFor(101, stairs)).toEqual({ replicas: 3, instances: 2, usdPerMonth: 300 });
  });

  it('adds what a fleet of any size costs', () => {
    expect(costCrossings(10, staircase(100, 150, packing(8, 8), { ...RULES, fixedUsd: 350 }))).toMatchObject({
      count: 1,
      finalRequests: 50,
    });
  });

  it('lists the first crossings and the last of very many', () => {
    const found = costCrossings(1.500001, staircase(100, 150, packing(8, 8)));
    expect(found.count).toBeGreaterThan(1e6);
    expect(found.crossings).toHaveLength(65);
    expect(found.crossings.at(-1)?.requests).toBe(found.finalRequests);
  });

  it('finds the last of very many crossings at once, and takes a gain of rounding size for none', () => {
    expect(costCrossings(1, staircase(1e6, 999_999.999999, packing(8, 8))).count).toBeGreaterThan(1e9);
    expect(costCrossings(0.1, staircase(3, 0.3, packing(8, 8), { spareReplicas: 1, fixedUsd: 1000 })).code).toBe('never');
  });

  it('stays finite at huge volumes', () => {
    const found = costCrossings(1e-12, staircase(1e18, 1e3, packing(8, 8)));
    expect(found).toMatchObject({ code: 'break-even', finalRequests: 1e15 });
  });
});
