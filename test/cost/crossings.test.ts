import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costCrossings } from '../../src/cost/crossings.ts';
import { fleetFor, packing, staircase } from '../../src/cost/fleet.ts';

const stairs = (requestsPerStep: number, usdPerStep: number) => ({ requestsPerStep, usdPerStep, replicasPerStep: 1, instancesPerStep: 1 });

describe('costCrossings', () => {
  it('lists every crossing of a worked staircase', () => {
    // 1.50 of every 2.00 goes to the fleet: steps 1 to 3 are contested, from step 4 on 600 < 2 * 300 at its start.
    expect(costCrossings(2, stairs(100, 150)).crossings).toEqual([
      { requests: 75, cheaperBeyond: 'self-host', step: 1 },
      { requests: 100, cheaperBeyond: 'api', step: 1 },
      { requests: 150, cheaperBeyond: 'self-host', step: 2 },
      { requests: 200, cheaperBeyond: 'api', step: 2 },
      { requests: 225, cheaperBeyond: 'self-host', step: 3 },
    ]);
    expect(costCrossings(2, stairs(100, 150))).toMatchObject({ code: 'break-even', count: 5, finalRequests: 225 });
  });

  it('says never where a full step costs more, and where it costs the same', () => {
    expect(costCrossings(1, stairs(100, 101))).toEqual({ code: 'never', crossings: [], count: 0, finalRequests: null });
    expect(costCrossings(1, stairs(100, 100)).code).toBe('never');
    expect(costCrossings(0, stairs(100, 1)).code).toBe('never');
    expect(costCrossings(0, stairs(0, 0)).code).toBe('never');
  });

  it('says always where the fleet is free', () => {
    expect(costCrossings(1, stairs(100, 0))).toMatchObject({ code: 'always', finalRequests: 0 });
  });

  it('lists the first crossings and the last one where there are very many', () => {
    const found = costCrossings(1, stairs(1e6, 1e6 - 1));
    expect(found.count).toBe(2 * 999_999 - 1);
    expect(found.crossings).toHaveLength(65);
    expect(found.finalRequests).toBeCloseTo(999_999 * 999_999, 0);
  });

  it('agrees with the comparison of both costs at every whole volume', () => {
    const small = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(small, small, fc.integer({ min: 1, max: 400 }), (price, capacity, usd) => {
        const { code, crossings, finalRequests } = costCrossings(price, stairs(capacity, usd));
        const horizon = Math.ceil((finalRequests ?? 0) / capacity + 3) * capacity;
        for (let volume = 1; volume <= Math.min(horizon, 5_000); volume++) {
          const cheaper = fleetFor(volume, stairs(capacity, usd)).usdPerMonth - price * volume;
          if (cheaper === 0) continue;
          const passed = crossings.findLast(({ requests, cheaperBeyond }) =>
            cheaperBeyond === 'api' ? requests < volume : requests <= volume,
          );
          if (crossings.length === 65 && volume > (crossings[63]?.requests ?? 0) && volume < (finalRequests ?? 0)) continue;
          expect(cheaper < 0, `${code} at ${volume}`).toBe((passed?.cheaperBeyond ?? 'api') === 'self-host');
          if (finalRequests !== null && volume >= finalRequests) expect(cheaper).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('satisfies both sides at each break-even and never breaks even earlier on dearer GPUs', () => {
    const amount = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(amount, amount, amount, fc.double({ min: 1, max: 3, noNaN: true }), (price, capacity, usd, dearer) => {
        const found = costCrossings(price, stairs(capacity, usd));
        for (const { requests, cheaperBeyond, step } of found.crossings) {
          expect(Number.isFinite(requests)).toBe(true);
          if (cheaperBeyond === 'self-host') expect(requests * price).toBeCloseTo(step * usd, -Math.floor(Math.log10(step * usd)) + 8);
        }
        const later = costCrossings(price, stairs(capacity, usd * dearer));
        if (later.code === 'break-even')
          expect(found.crossings[0]?.requests).toBeLessThanOrEqual((later.crossings[0]?.requests ?? 0) * (1 + 1e-12));
      }),
    );
  });
});

describe('fleets', () => {
  it('packs replicas into instances and instances into replicas', () => {
    expect(packing(8, 8)).toEqual({ replicasPerInstance: 1, instancesPerReplica: 1 });
    expect(packing(4, 8)).toEqual({ replicasPerInstance: 2, instancesPerReplica: 1 });
    expect(packing(16, 8)).toEqual({ replicasPerInstance: 1, instancesPerReplica: 2 });
    expect(packing(8, 1)).toEqual({ replicasPerInstance: 1, instancesPerReplica: 8 });
  });

  it('buys whole instances, none for no traffic, and finite ones for absurd traffic', () => {
    const halfInstances = staircase(100, 1_000, packing(4, 8));
    expect(fleetFor(0, halfInstances)).toEqual({ replicas: 0, instances: 0, usdPerMonth: 0 });
    expect(fleetFor(101, halfInstances)).toEqual({ replicas: 2, instances: 1, usdPerMonth: 1_000 });
    expect(fleetFor(201, halfInstances)).toEqual({ replicas: 3, instances: 2, usdPerMonth: 2_000 });
    expect(Number.isFinite(fleetFor(1e24, halfInstances).usdPerMonth)).toBe(true);
  });

  it('does not start a step for a volume that equals whole steps', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 1e6 }), (perStep, steps) => {
        expect(fleetFor(perStep * steps, stairs(perStep, 1)).instances).toBe(steps);
      }),
    );
  });
});
