import { describe, expect, it } from 'vitest';
import { type LatencyRun, simulatedFleet } from '../../src/serving/simulatedFleet.ts';
import { type SimulatedTraffic, simulatedTraffic } from '../../src/serving/simulatedTraffic.ts';
import { Random } from '../../src/serving/simulation/random.ts';
import type { TrafficRequest } from '../../src/workload/traffic.ts';
import { fleet, request, straightClock } from '../support/fleets.ts';

const load = { inputTokens: 1, outputTokens: 1, reuse: 0 };

/** Traffic of given requests, by replication. */
function given(requests: (replication: number) => readonly TrafficRequest[], more: Partial<SimulatedTraffic> = {}): SimulatedTraffic {
  return {
    requests: (replication) => ({ requests: requests(replication), open: [] }),
    replications: 1,
    requestsPerSecond: 1,
    windows: [{ fromMs: 0, toMs: 1e12 }],
    reuse: { kind: 'none' },
    routing: { kind: 'round-robin' },
    ...more,
  };
}

const run = (traffic: SimulatedTraffic, more: Partial<LatencyRun['fleet']> = {}, rest: Partial<LatencyRun> = {}) =>
  simulatedFleet({ fleet: { ...fleet(), ...more }, traffic, load, loneTtftMs: 0, ...rest });

/** Poisson arrivals at half of what one server serves, whose prompts take a second on average: M/M/1. */
function oneServerTraffic(seed: number): TrafficRequest[] {
  const random = new Random(seed);
  let atMs = 0;
  return Array.from({ length: 2400 }, () => {
    atMs += 2000 * random.exponential();
    return request(atMs, Math.max(1, Math.round(1e6 * random.exponential())), 1);
  });
}

describe('a simulated fleet', () => {
  it('of M/M/1 holds the truth in its intervals as often as they say', () => {
    const server = { maxSequences: 1, clock: straightClock({ prefill: 1e-6 }) };
    // time in the system is exponential of mean 1 / (1 - 0.5) = 2 s; half the time somebody is served; one is there on average
    const truths = { mean: 2000, p50: 2000 * Math.LN2, p90: 2000 * Math.log(10), busy: 0.5, inFlight: 1 };
    const held = { mean: 0, p50: 0, p90: 0, busy: 0, inFlight: 0 };
    const trials = 60;
    for (let trial = 0; trial < trials; trial++) {
      const traffic = given((replication) => oneServerTraffic(1000 * trial + replication), {
        replications: 5,
        windows: [{ fromMs: 200_000, toMs: 1e12 }],
      });
      const found = run(traffic, server);
      if (!found) throw new Error('nothing was simulated');
      const { means, percentiles, busyShare, inFlight } = found;
      const of = { mean: means.ttft, p50: percentiles.ttft.p50, p90: percentiles.ttft.p90, busy: busyShare, inFlight };
      for (const [name, truth] of Object.entries(truths) as [keyof typeof truths, number][])
        if (of[name].low <= truth && truth <= of[name].high) held[name]++;
    }
    // 57 of 60 expected, standard deviation 1.7
    for (const [name, count] of Object.entries(held)) expect(count, name).toBeGreaterThanOrEqual(51);
  });

  it('by hand: percentiles are the nearest rank of the requests that came in a window, and none of the others', () => {
    // a step of 1 ms: prompt and tokens of a lone request take 1 ms each
    const requests = Array.from({ length: 40 }, (_, at) => request(100 * at, 1, 3));
    const late = Array.from({ length: 5 }, (_, at) => request(4000 + at / 8, 1, 1));
    const clock = straightClock({ fixed: 0.001, prefill: 0.001 });
    const found = (windows: SimulatedTraffic['windows']) =>
      run(
        given(() => [...requests, ...late], { windows }),
        { clock, maxSequences: 1 },
      );
    const calm = found([{ fromMs: 0, toMs: 3999 }]);
    expect(calm?.percentiles.ttft).toMatchObject({ p50: { low: 2, value: 2, high: 2 }, p99: { value: 2 } });
    expect(calm?.percentiles.tpot.p95.value).toBeCloseTo(1, 9);
    expect(found([{ fromMs: 3999.5, toMs: 5000 }])?.percentiles.ttft.p99.value).toBeGreaterThan(8);
    // two windows: the mean of both, and half their difference times t of one degree
    const both = found([
      { fromMs: 0, toMs: 3999 },
      { fromMs: 3999.5, toMs: 5000 },
    ]);
    const [a, b] = [2, found([{ fromMs: 3999.5, toMs: 5000 }])?.means.ttft.value ?? 0];
    expect(both?.means.ttft.value).toBeCloseTo((a + b) / 2, 9);
    expect(both?.means.ttft.high).toBeCloseTo((a + b) / 2 + 12.7062 * ((b - a) / 2), 3);
    expect(both?.means.ttft.low).toBe(0);
  });

  it('adds to waits what the simulator leaves out of that of a lone request, and nothing to the time per token', () => {
    const traffic = given(() => [request(0, 5, 3)]);
    const [bare, whole] = [run(traffic), run(traffic, {}, { loneTtftMs: 251 })];
    expect(bare?.percentiles.ttft.p50.value).toBe(1);
    expect(whole?.percentiles.ttft.p50.value).toBe(251);
    expect(whole?.percentiles.tpot).toEqual(bare?.percentiles.tpot);
  });

  it('says what was found of the input, who was put out and how often it plays', () => {
    const seen: [number, number][] = [];
    const traffic = given(() => [request(0, 100, 1), request(10, 300, 1)], { reuse: { kind: 'share', share: 0.25 }, replications: 3 });
    const found = run(traffic, {}, { watch: (replication, all) => seen.push([replication, all]) });
    expect(found?.reuse).toMatchObject({ low: 0.25, value: 0.25, high: 0.25 });
    expect(found?.preemptionShare.value).toBe(0);
    expect(seen).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    const tight = run(
      given(() => [request(0, 4, 5), request(0, 4, 5)]),
      { kvTokens: 10 },
    );
    expect(tight?.preemptionShare.value).toBe(0.5);
  });

  it('is none where a request fits into no replica, or none comes while it is measured', () => {
    expect(
      run(
        given(() => [request(0, 20, 1)]),
        { kvTokens: 10 },
      ),
    ).toBeNull();
    expect(run(given(() => []))).toBeNull();
    expect(run(given(() => [request(0, 2, 1)], { windows: [{ fromMs: 5, toMs: 10 }] }))).toBeNull();
  });

  it('starts with the conversations that were open', () => {
    const reuse = { kind: 'conversation', blockTokens: 4 } as const;
    const traffic = given(() => [], { reuse });
    const warm = {
      ...traffic,
      requests: () => ({
        requests: [request(0, 20, 1, { conversation: 'a' })],
        open: [{ conversation: 'a', inputTokens: 12, tokens: 16 }],
      }),
    };
    expect(run(warm)?.reuse.value).toBe(0.8);
  });
});

describe('a fleet of conversations played in part', () => {
  it('has the waits of the whole', () => {
    const shape = {
      cells: [{ share: 1, requests: 12, firstInputTokens: 2000, lastInputTokens: 14_000 }],
      growthSigma: 0.5,
      leastGapSeconds: 2,
      meanGapSeconds: 15,
      gapSigma: 0.7,
      rewriteShare: 0,
      pauseShare: 0,
      meanPauseSeconds: 0,
    };
    const lengths = [{ share: 1, inputTokens: 8000, outputTokens: 100 }];
    const replica = {
      clock: straightClock({ fixed: 0.01, sequence: 5e-4, prefill: 8e-5 }),
      kvTokens: 120_000,
      maxSequences: 16,
      batchTokens: 4096,
    };
    const played = (replicas: number) => {
      const traffic = simulatedTraffic({ kind: 'conversations', shape, lengths }, 0.45 * replicas, 0);
      return run({ ...traffic, replications: 3 }, { ...replica, replicas });
    };
    const [part, whole] = [played(8), played(16)];
    if (!part || !whole) throw new Error('nothing was simulated');
    const apart = (a: { low: number; value: number; high: number }, b: typeof a) =>
      Math.abs(a.value - b.value) / (a.high - a.low + b.high - b.low || 1);
    expect(apart(part.reuse, whole.reuse)).toBeLessThan(1);
    for (const metric of ['ttft', 'tpot'] as const) {
      expect(apart(part.means[metric], whole.means[metric])).toBeLessThan(1);
      for (const rank of ['p50', 'p95'] as const)
        expect(apart(part.percentiles[metric][rank], whole.percentiles[metric][rank])).toBeLessThan(1);
    }
    expect(whole.inFlight.value / part.inFlight.value).toBeCloseTo(2, 0);
  });
});
