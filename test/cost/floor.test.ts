import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packing, staircase } from '../../src/cost/fleet.ts';
import { bestFloor, type FloorQuestion, floorOf, peakReplicas } from '../../src/cost/floor.ts';

const questions: fc.Arbitrary<FloorQuestion> = fc
  .record({
    demand: fc.array(
      fc.record({ hours: fc.integer({ min: 1, max: 100 }), requestsPerHour: fc.double({ min: 0, max: 900, noNaN: true }) }),
      { minLength: 1, maxLength: 24 },
    ),
    requestsPerReplicaHour: fc.double({ min: 10, max: 300, noNaN: true }),
    usdPerRequest: fc.double({ min: 0.001, max: 5, noNaN: true }),
    usdPerInstance: fc.double({ min: 1, max: 50_000, noNaN: true }),
    gpus: fc.constantFrom(2, 4, 8, 16),
    spareReplicas: fc.integer({ min: 0, max: 5 }),
    fixedUsd: fc.constantFrom(0, 0, 500, 20_000),
  })
  .map(({ usdPerInstance, gpus, spareReplicas, fixedUsd, ...rest }) => ({
    ...rest,
    stairs: staircase(1, usdPerInstance, packing(gpus, 8), { spareReplicas, fixedUsd }),
  }));

describe('the best floor', () => {
  it('is that of a look at every number of replicas', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const all = Array.from({ length: peakReplicas(question) + 3 }, (_, carrying) => floorOf(question, carrying));
        const least = Math.min(...all.map(({ usdPerMonth }) => usdPerMonth));
        expect(bestFloor(question).usdPerMonth).toBeCloseTo(least, 6);
      }),
      { numRuns: 2000 },
    );
  });

  it('serves and buys every request once', () => {
    fc.assert(
      fc.property(questions, fc.integer({ min: 0, max: 30 }), (question, carrying) => {
        const requests = question.demand.reduce((sum, { hours, requestsPerHour }) => sum + hours * requestsPerHour, 0);
        const { ownShare, apiUsd, ownUsd, usdPerMonth, utilisation } = floorOf(question, carrying);
        expect(ownShare * requests + apiUsd / question.usdPerRequest).toBeCloseTo(requests, 4);
        expect(usdPerMonth).toBeCloseTo(ownUsd + apiUsd, 6);
        expect(utilisation).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('by hand: of 10 hours with 30 requests and 10 with 10 two replicas of 20 serve all, one serves 300 of 400', () => {
    const demand = [30, 10].map((requestsPerHour) => ({ hours: 10, requestsPerHour }));
    const question = (usdPerRequest: number) => ({
      demand,
      requestsPerReplicaHour: 20,
      stairs: staircase(1, 100, packing(8, 8)),
      usdPerRequest,
    });
    expect(floorOf(question(0.9), 1)).toMatchObject({ instances: 1, ownUsd: 100, apiUsd: 90, ownShare: 0.75, utilisation: 0.75 });
    expect([0.3, 0.9, 1.1].map((price) => bestFloor(question(price)).carrying)).toEqual([0, 1, 2]);
  });
});
