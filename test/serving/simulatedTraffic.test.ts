import { describe, expect, it } from 'vitest';
import { simulatedTraffic, type TrafficSource } from '../../src/serving/simulatedTraffic.ts';
import type { Trace, TrafficRequest } from '../../src/workload/traffic.ts';
import { request } from '../support/fleets.ts';

const lengths = [{ share: 1, inputTokens: 100, outputTokens: 10 }];
const drawn: TrafficSource = { kind: 'lengths', arrivals: { gapCv: 1, hours: null }, lengths };
const talking: TrafficSource = {
  kind: 'conversations',
  lengths,
  shape: {
    cells: [{ share: 1, requests: 3, firstInputTokens: 50, lastInputTokens: 150 }],
    growthSigma: 0,
    leastGapSeconds: 1,
    meanGapSeconds: 10,
    gapSigma: 1,
    rewriteShare: 0,
    pauseShare: 0,
    meanPauseSeconds: 0,
  },
};

const traceOf = (requests: readonly TrafficRequest[], more: Partial<Trace> = {}): TrafficSource => ({
  kind: 'trace',
  trace: { name: 'mine', requests, blockTokens: null, quantumMs: null, oneClock: true, ...more },
});
/** Ten requests in nine seconds, from a clock that began long ago. */
const TEN = Array.from({ length: 10 }, (_, at) => request(1e12 + 1000 * at, 100 + at, 5));
const timesOf = (traffic: ReturnType<typeof simulatedTraffic>, replication = 1) =>
  traffic.requests(replication).requests.map(({ atMs }) => atMs);

describe('drawn requests', () => {
  it('come at the asked rate for as long as a few thousand of them take, of which the first part is not measured', () => {
    const traffic = simulatedTraffic(drawn, 2, 0.4);
    expect(traffic.windows).toEqual([{ fromMs: 300_000, toMs: 1_500_000 }]);
    expect(traffic).toMatchObject({ replications: 5, reuse: { kind: 'share', share: 0.4 }, routing: { kind: 'least-loaded' } });
    const counts = [1, 2, 3, 4, 5].map((seed) => timesOf(traffic, seed).length);
    expect(Math.abs(counts.reduce((sum, count) => sum + count, 0) / 5 - 3000)).toBeLessThan(4 * Math.sqrt(3000 / 5));
    expect(new Set(counts).size).toBeGreaterThan(1);
    expect(timesOf(traffic, 3)).toEqual(timesOf(traffic, 3));
    expect(traffic.requests(1).open).toEqual([]);
  });

  it('come for ten minutes at least, or for as long as is asked after the warm-up', () => {
    const [short, long] = [simulatedTraffic(drawn, 100, 0), simulatedTraffic(drawn, 100, 0, 1200)];
    expect(short.windows).toEqual([{ fromMs: 120_000, toMs: 600_000 }]);
    expect(long.windows).toEqual([{ fromMs: 300_000, toMs: 1_500_000 }]);
    expect(timesOf(long).at(-1)).toBeGreaterThan(1_499_000);
  });
});

describe('users in conversations', () => {
  it('find what their replica holds, and follow it', () => {
    const traffic = simulatedTraffic(talking, 2, 0.4);
    expect(traffic).toMatchObject({ replications: 5, reuse: { kind: 'conversation', blockTokens: 64 }, routing: { kind: 'affinity' } });
    expect(traffic.windows).toEqual([{ fromMs: 300_000, toMs: 2_100_000 }]);
    expect(traffic.requests(1).open.length).toBe(20);
    expect(simulatedTraffic(talking, 2, 0.4, 5000).windows[0]?.toMs).toBe(5_300_000);
  });

  it('are one at least, however little is asked', () => {
    const traffic = simulatedTraffic(talking, 1e-4, 0);
    expect(traffic.requestsPerSecond).toBeCloseTo(0.1, 9);
    for (const replication of [1, 2, 3]) expect(timesOf(traffic, replication).length).toBeGreaterThan(50);
  });
});

describe('a trace', () => {
  it('at its own rate is as it was recorded, from its first request on', () => {
    const traffic = simulatedTraffic(traceOf(TEN), 1, 0.3);
    expect(timesOf(traffic)).toEqual(TEN.map((_, at) => 1000 * at));
    expect(traffic.requests(1).requests.map(({ inputTokens }) => inputTokens)).toEqual(TEN.map(({ inputTokens }) => inputTokens));
    expect(traffic).toMatchObject({ replications: 1, reuse: { kind: 'share', share: 0.3 }, routing: { kind: 'least-loaded' } });
  });

  it('at twice its rate is there twice, each time with conversations and blocks of its own', () => {
    const told = TEN.map((one, at) => ({ ...one, conversation: String(at % 2), blocks: [7] }));
    const { requests } = simulatedTraffic(traceOf(told, { blockTokens: 4 }), 2, 0).requests(1) as { requests: readonly TrafficRequest[] };
    expect(requests).toHaveLength(20);
    expect(new Set(requests.map(({ conversation }) => conversation)).size).toBe(4);
    expect(new Set(requests.map(({ blocks }) => blocks?.[0])).size).toBe(2);
    const span = (requests.at(-1)?.atMs ?? 0) - (requests[0]?.atMs ?? 0);
    expect((1000 * (requests.length - 1)) / span).toBeCloseTo(2, 0);
  });

  it('at another rate has its times stretched, and five parts that cover all after the first tenth', () => {
    const { windows, ...traffic } = simulatedTraffic(traceOf(TEN), 0.5, 0);
    expect(timesOf({ windows, ...traffic })).toEqual(TEN.map((_, at) => 2000 * at));
    expect(windows).toHaveLength(5);
    expect(windows[0]?.fromMs).toBeCloseTo(1800, 9);
    expect(windows.at(-1)?.toMs).toBeCloseTo(18_000, 9);
    for (const [at, { fromMs }] of windows.entries()) if (at > 0) expect(fromMs).toBeCloseTo(windows[at - 1]?.toMs ?? 0, 9);
  });

  it('of rounded times is spread within its steps, anew in each replication', () => {
    const traffic = simulatedTraffic(traceOf(TEN, { quantumMs: 1000 }), 1, 0);
    expect(traffic.replications).toBe(5);
    expect(traffic.windows).toEqual([{ fromMs: 1000, toMs: 10_000 }]);
    const [one, two] = [timesOf(traffic, 1), timesOf(traffic, 2)];
    expect(one).not.toEqual(two);
    expect(timesOf(traffic, 1)).toEqual(one);
    for (const times of [one, two]) expect(times.map((atMs) => Math.floor(atMs / 1000))).toEqual(TEN.map((_, at) => at));
    const together = Array.from({ length: 2000 }, () => request(0, 1, 1));
    const spread = timesOf(simulatedTraffic(traceOf(together, { quantumMs: 1000 }), 2000, 0));
    expect(spread).toEqual(spread.toSorted((a, b) => a - b));
    // uniform over a second: mean 500, standard error 6.5
    expect(Math.abs(spread.reduce((sum, atMs) => sum + atMs, 0) / 2000 - 500)).toBeLessThan(26);
  });

  it('finds its blocks where it has them, else its conversations, else the share that is given', () => {
    const named = TEN.map((each) => ({ ...each, conversation: 'a' }));
    const blocked = named.map((each) => ({ ...each, blocks: [1, 2] }));
    const of = (source: TrafficSource) => {
      const { reuse, routing } = simulatedTraffic(source, 1, 0.2);
      return [reuse, routing.kind];
    };
    expect(of(traceOf(blocked, { blockTokens: 512 }))).toEqual([{ kind: 'blocks', blockTokens: 512 }, 'affinity']);
    expect(of(traceOf(named))).toEqual([{ kind: 'conversation', blockTokens: 64 }, 'affinity']);
    expect(of(traceOf(TEN))).toEqual([{ kind: 'share', share: 0.2 }, 'least-loaded']);
  });

  it('of conversations with clocks of their own is drawn conversation by conversation', () => {
    const own = [0, 5000, 9000].map((atMs) => request(atMs, 10 + atMs / 1000, 1, { conversation: 'a' }));
    const traffic = simulatedTraffic(traceOf(own, { oneClock: false }), 1, 0);
    expect(traffic).toMatchObject({ replications: 5, reuse: { kind: 'conversation' } });
    expect([...new Set(traffic.requests(1).requests.map(({ inputTokens }) => inputTokens))].sort()).toEqual([10, 15, 19]);
  });
});
