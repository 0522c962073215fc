import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BirthDeathQueue, birthDeath } from '../../../src/serving/queueing/birthDeath.ts';
import { littlesLaw } from '../../../src/serving/queueing/littlesLaw.ts';
import { erlangB, erlangC, meanWaitManyServers, waitPercentileManyServers } from '../../../src/serving/queueing/manyServers.ts';
import { meanWaitOneServer } from '../../../src/serving/queueing/oneServer.ts';

describe('published values', () => {
  it('Erlang B: the tables of blocking (1 % of 30 servers at 20.34 erlangs, 2 % of 10 at 5.084)', () => {
    expect(erlangB(20.34, 30)).toBeCloseTo(0.01, 4);
    expect(erlangB(5.084, 10)).toBeCloseTo(0.02, 4);
  });

  it('M/M/1: at a load of a half one waits as long as one is served', () => {
    expect(meanWaitManyServers({ arrivalsPerSecond: 0.5, servedPerSecond: 1, servers: 1 })).toBeCloseTo(1, 12);
    expect(erlangC({ arrivalsPerSecond: 0.5, servedPerSecond: 1, servers: 1 })).toBeCloseTo(0.5, 12);
  });

  it('M/D/1 waits half as long as M/M/1', () => {
    const queue = { arrivalsPerSecond: 0.9, meanServiceSeconds: 1 };
    expect(meanWaitOneServer({ ...queue, serviceCv: 1 })).toBeCloseTo(9, 9);
    expect(meanWaitOneServer({ ...queue, serviceCv: 0 })).toBeCloseTo(4.5, 9);
  });
});

const servers = fc.integer({ min: 1, max: 300 });
const utilisation = fc.double({ min: 0.05, max: 0.98, noNaN: true });

function near(a: number, b: number): void {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1e-6, Math.abs(a), Math.abs(b)));
}

describe('the birth-death queue', () => {
  it('is M/M/c where the rate grows with the servers, for hundreds of them', () => {
    fc.assert(
      fc.property(servers, utilisation, (count, load) => {
        const queue = { arrivalsPerSecond: load * count, servedPerSecond: 1, servers: count };
        const rates = Array.from({ length: count }, (_, at) => at + 1);
        const state = birthDeath({ arrivalsPerSecond: load * count, servedPerSecond: rates, waitingRoom: Number.POSITIVE_INFINITY });
        near(state.meanWaitSeconds, meanWaitManyServers(queue));
        near(state.waitingProbability + (state.probabilities[count] as number), erlangC(queue));
        near(state.meanInService, load * count);
      }),
    );
  });

  it('is Erlang B without room to wait', () => {
    fc.assert(
      fc.property(servers, fc.double({ min: 0.05, max: 3, noNaN: true }), (count, load) => {
        const rates = Array.from({ length: count }, (_, at) => at + 1);
        const state = birthDeath({ arrivalsPerSecond: load * count, servedPerSecond: rates, waitingRoom: 0 });
        near(state.turnedAway, erlangB(load * count, count));
      }),
    );
  });

  it('obeys Little, sums to one, serves what it lets in and comes near the unbounded queue as the room grows', () => {
    const rates = fc.array(fc.double({ min: 0.1, max: 50, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rates, utilisation, fc.integer({ min: 0, max: 40 }), (served, load, room) => {
        const queue: BirthDeathQueue = { arrivalsPerSecond: load * (served.at(-1) as number), servedPerSecond: served, waitingRoom: room };
        const state = birthDeath(queue);
        near(
          state.probabilities.reduce((sum, p) => sum + p, state.waitingProbability),
          1,
        );
        near(littlesLaw(state.throughputPerSecond, state.meanTimeSeconds), state.meanInSystem);
        const last = served.at(-1) as number;
        near(
          state.probabilities.reduce((sum, p, n) => sum + p * (served[n - 1] ?? 0), state.waitingProbability * last),
          state.throughputPerSecond,
        );
        const [wide, unbounded] = [5000, Number.POSITIVE_INFINITY].map((waitingRoom) => birthDeath({ ...queue, waitingRoom }));
        near(wide?.meanInSystem ?? 0, unbounded?.meanInSystem ?? 1);
      }),
    );
  });

  it('neither overflows nor vanishes at a thousand sequences', () => {
    const rates = Array.from({ length: 1000 }, (_, at) => at + 1);
    const { meanInSystem } = birthDeath({ arrivalsPerSecond: 900, servedPerSecond: rates, waitingRoom: Number.POSITIVE_INFINITY });
    expect(meanInSystem).toBeGreaterThan(900);
    expect(meanInSystem).toBeLessThan(901);
  });
});

describe('percentiles of the wait', () => {
  it('are 0 for the share that does not wait and invert the tail above it', () => {
    const queue = { arrivalsPerSecond: 4, servedPerSecond: 1, servers: 5 };
    expect(waitPercentileManyServers(queue, 0.4)).toBe(0);
    const p99 = waitPercentileManyServers(queue, 0.99);
    expect(erlangC(queue) * Math.exp(-p99)).toBeCloseTo(0.01, 12);
  });
});

describe('bad input', () => {
  it.each([
    () => meanWaitManyServers({ arrivalsPerSecond: 5, servedPerSecond: 1, servers: 5 }),
    () => meanWaitOneServer({ arrivalsPerSecond: 2, meanServiceSeconds: 1, serviceCv: 1 }),
    () => birthDeath({ arrivalsPerSecond: 2, servedPerSecond: [1, 2], waitingRoom: Number.POSITIVE_INFINITY }),
  ])('an overloaded queue %#', (run) => {
    expect(run).toThrow('more arrives than can be served');
  });

  it('no rates, no servers', () => {
    expect(() => birthDeath({ arrivalsPerSecond: 2, servedPerSecond: [], waitingRoom: 3 })).toThrow('no service rates');
    expect(() => erlangB(1, 0)).toThrow('servers');
  });
});
