import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import type { Estimate } from '../../src/evidence/estimate.ts';
import { fleetsOf } from '../../src/plan/hosting/fleets.ts';
import { type Simulator, simulatorOf } from '../../src/plan/size/fleetTrial.ts';
import { size } from '../../src/plan/size/size.ts';
import type { SizeAnswer, SizePoint, SizeWhatIf } from '../../src/plan/size/sizeAnswer.ts';
import { hostingPart, resolveSizeQuery, type SizeQuery } from '../../src/plan/size/sizeQuestion.ts';
import { whatIfs } from '../../src/plan/size/whatIf.ts';
import { sizeSchema } from '../../src/report/schema/size.ts';
import { request } from '../support/fleets.ts';

const catalog = loadCatalog();
const SHORT = { gpu: ['h200'], inputTokens: 2000, outputTokens: 20, requestsPerSecond: 12 } as const;
const ask = (query: Partial<SizeQuery>): SizeAnswer => size({ ...SHORT, ...query } as SizeQuery, catalog);
const chat = (requestsPerSecond: number, simulate = true) =>
  size({ gpu: ['h200'], workload: 'kimi-chat', requestsPerSecond, simulate }, catalog);

/** Whether one is no lower than the other, but for what their intervals leave open. */
const noLower = (one: Estimate, other: Estimate) => one.high >= other.low;

/** The simulator of the first fleet of a question. */
function simulatorFor(query: SizeQuery): { simulate: Simulator; question: ReturnType<typeof resolveSizeQuery> } {
  const question = resolveSizeQuery(query, catalog);
  const { sides, knowledge } = fleetsOf(hostingPart(query), question.hosting, catalog);
  const [side] = sides;
  if (!side) throw new Error('no fleet');
  return { simulate: simulatorOf(side, question, knowledge), question };
}

describe('what may happen to a fleet', () => {
  const answer = ask({
    maxLoad: 0.7,
    whatIf: [
      { kind: 'fail', replicas: 1 },
      { kind: 'burst', factor: 1 },
      { kind: 'burst', factor: 2 },
    ],
    levels: [{ metric: 'ttft', percentile: 95, limitMs: 10_000 }],
  });
  const replicas = answer.replicas?.value ?? 0;
  const of = (kind: 'fail' | 'burst', factor: number | null, count: number): SizeWhatIf => {
    const found = answer.whatIfs.find((what) => what.kind === kind && what.factor === factor && what.replicas === count);
    if (!found) throw new Error(`no ${kind}`);
    return found;
  };

  it('is asked of the planned replicas and of the spare ones', () => {
    expect(replicas).toBeGreaterThan(1);
    expect(answer.whatIfs.map(({ kind, failed, factor, replicas: count }) => [kind, failed, factor, count - replicas])).toEqual([
      ['fail', 1, null, 0],
      ['fail', 1, null, 1],
      ['burst', null, 1, 0],
      ['burst', null, 1, 1],
      ['burst', null, 2, 0],
      ['burst', null, 2, 1],
    ]);
    // as long as the checkpoint takes; ten minutes
    expect(of('fail', null, replicas).seconds).toBeCloseTo(answer.fleets[0]?.coldStart.seconds.value ?? 0, 9);
    expect(of('burst', 2, replicas).seconds).toBe(600);
  });

  it('leaves waits as they are where nothing happens, and makes them no shorter where it does', () => {
    for (const metric of ['ttft', 'tpot'] as const) {
      const usual = answer.percentiles?.[metric].p95 as Estimate;
      const [same, more, fails] = [of('burst', 1, replicas), of('burst', 2, replicas), of('fail', null, replicas)].map(
        ({ percentiles }) => percentiles?.[metric].p95,
      ) as [Estimate, Estimate, Estimate];
      expect(same.low <= usual.high && usual.low <= same.high).toBe(true);
      expect(noLower(more, same) && noLower(fails, same)).toBe(true);
    }
    expect(of('burst', 2, replicas).percentiles?.ttft.p95.value).toBeGreaterThan(
      2 * (of('burst', 1, replicas).percentiles?.ttft.p95.value ?? 0),
    );
  });

  it('is milder with spare replicas', () => {
    for (const [kind, factor] of [
      ['fail', null],
      ['burst', 2],
    ] as const)
      expect(
        noLower(
          of(kind, factor, replicas).percentiles?.ttft.p95 as Estimate,
          of(kind, factor, replicas + 1).percentiles?.ttft.p95 as Estimate,
        ),
      ).toBe(true);
  });

  it('says which promises it breaks', () => {
    for (const { percentiles, broken } of answer.whatIfs) expect(broken.length).toBe((percentiles?.ttft.p95.value ?? 0) > 10_000 ? 1 : 0);
    expect(of('burst', 2, replicas).broken).toHaveLength(1);
  });

  it('lasts as long as it says: all of a burst comes', () => {
    const trials: Parameters<Simulator>[0][] = [];
    const watched: Simulator = (trial) => {
      trials.push(trial);
      return null;
    };
    const { question } = simulatorFor({
      ...SHORT,
      gpu: ['h200'],
      whatIf: [
        { kind: 'burst', factor: 3 },
        { kind: 'fail', replicas: 2 },
      ],
    });
    expect(whatIfs(watched, 2, 7000, question).map(({ kind, percentiles }) => [kind, percentiles])).toEqual([['fail', null]]);
    const [burst, , fail] = trials;
    expect([burst?.event?.seconds, fail?.event?.seconds, trials.length]).toEqual([1800, 3600, 3]);
    expect(burst?.event?.from(1000).window).toEqual({ fromMs: 1000, toMs: 601_000 });
    expect(fail?.event?.from(1000)).toMatchObject({
      failures: [0, 1].map((replica) => ({ replica, atMs: 1000, backAfterMs: 7_000_000 })),
      window: { fromMs: 1000, toMs: 3_601_000 },
    });
  });

  it('leaves nothing that serves where all replicas fail', () => {
    const lone = ask({ requestsPerSecond: 0.2, whatIf: [{ kind: 'fail', replicas: 1 }] });
    expect(lone.replicas?.value).toBe(1);
    expect(lone.whatIfs.map(({ replicas: count, percentiles }) => [count, percentiles === null])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(lone.whatIfs[0]?.broken).toEqual(lone.levels);
    expect(sizeSchema.parse(lone)).toEqual(lone);
  });

  it.each([
    [{ kind: 'fail', replicas: 0 }, '--what-if fail'],
    [{ kind: 'fail', replicas: 1.5 }, '--what-if fail'],
    [{ kind: 'burst', factor: 0 }, '--what-if burst'],
    [{ kind: 'burst', factor: 0.5 }, '--what-if burst'],
    [{ kind: 'burst', factor: Number.NaN }, '--what-if burst'],
  ] as const)('refuses %j', (event, words) => {
    expect(() => ask({ whatIf: [event] })).toThrow(words);
  });

  it('fulfils the schema', () => {
    expect(sizeSchema.parse(answer)).toEqual(answer);
  });
});

describe('curves of a fleet', () => {
  const answer = ask({ requestsPerSecond: 5, curves: ['load', 'day'] });
  const points = (curve: readonly SizePoint[] | null): readonly SizePoint[] => curve ?? [];
  const load = points(answer.loadCurve);
  const day = points(answer.day);

  it('over load go from a fifth of what the replicas carry to all of it, and through the asked rate', () => {
    expect(load).toHaveLength(8);
    const rates = load.map(({ requestsPerSecond }) => requestsPerSecond);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
    expect(rates).toContain(5);
    expect(load[0]?.utilisation).toBeCloseTo(0.2, 9);
    expect(load.at(-1)?.utilisation).toBeCloseTo(1, 9);
    for (const { requestsPerSecond, utilisation, hour } of load) {
      expect(requestsPerSecond / utilisation).toBeCloseTo((load.at(-1)?.requestsPerSecond ?? 0) / 1, 9);
      expect(hour).toBeNull();
    }
  });

  it('rise with it, within their intervals', () => {
    for (const [at, { percentiles }] of load.entries())
      for (const before of load.slice(0, at))
        for (const metric of ['ttft', 'tpot'] as const)
          for (const rank of ['p50', 'p95'] as const)
            expect(noLower(percentiles[metric][rank], before.percentiles[metric][rank])).toBe(true);
    const [first, last] = [load[0], load.at(-1)];
    expect(last?.percentiles.tpot.p95.value).toBeGreaterThan(1.5 * (first?.percentiles.tpot.p95.value ?? 0));
  });

  it('over a day have its busiest hour at the asked rate, and no other above it', () => {
    expect(day.map(({ hour }) => hour)).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
    expect(Math.max(...day.map(({ requestsPerSecond }) => requestsPerSecond))).toBe(5);
    const by = day.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond);
    expect(noLower(by.at(-1)?.percentiles.tpot.p95 as Estimate, by[0]?.percentiles.tpot.p95 as Estimate)).toBe(true);
    expect(answer.assumptions.find(({ code }) => code === 'day-profile')?.text).toContain('reasoning-r1');
  });

  it('fulfil the schema', () => {
    expect(sizeSchema.parse(answer)).toEqual(answer);
  });
});

describe('the methods', () => {
  const answer = chat(0.02);
  const [fleet] = answer.fleets;
  const methods = fleet?.methods ?? [];

  it('are three, the closed forms first, at the replicas of the answer', () => {
    expect(methods.map(({ code }) => code)).toEqual(['closed-form', 'birth-death', 'simulation']);
    const [closed, , simulated] = methods;
    expect([closed?.ttftMs, closed?.tpotMs, closed?.reuse]).toEqual([fleet?.ttftMs, fleet?.tpotMs, fleet?.reuse]);
    expect(closed?.ttftOverClosed).toBe(1);
    expect(closed?.inFlight?.value).toBeCloseTo(fleet?.perReplica.concurrentRequests ?? 0, 9);
    expect(simulated?.reuse).toEqual(fleet?.simulation?.reuse);
  });

  it('say how far apart they are, and agree on a calm fleet', () => {
    for (const { ttftMs, tpotMs, inFlight, ttftOverClosed } of methods) {
      expect(ttftOverClosed).toBeCloseTo((ttftMs?.value ?? 0) / (fleet?.ttftMs.value ?? 1), 9);
      expect(Math.abs((tpotMs?.value ?? 0) / (fleet?.tpotMs.value ?? 1) - 1)).toBeLessThan(0.2);
      expect(Math.abs((inFlight?.value ?? 0) / (fleet?.perReplica.concurrentRequests ?? 1) - 1)).toBeLessThan(0.2);
    }
  });

  it('are apart where the fleet is busy: queues take longer than means say', () => {
    const busy = chat(1).fleets[0]?.methods.map(({ ttftMs }) => ttftMs?.value ?? 0) ?? [];
    expect(busy).toEqual(busy.toSorted((a, b) => a - b));
    expect((busy[2] ?? 0) / (busy[0] ?? 1)).toBeGreaterThan(1.5);
  });

  it('without a simulation are two', () => {
    expect(chat(1, false).fleets[0]?.methods.map(({ code }) => code)).toEqual(['closed-form', 'birth-death']);
  });
});

describe('a fleet of which few ask', () => {
  it('is simulated with one user at least, and promises are judged by what he waits', () => {
    const answer = size(
      { gpu: ['h200'], workload: 'agentic-coding', requestsPerSecond: 0.001, levels: [{ metric: 'ttft', percentile: 99, limitMs: 2000 }] },
      catalog,
    );
    const ttft = answer.percentiles?.ttft;
    expect(ttft?.p50.value).toBeGreaterThan(100);
    expect(answer.fleets[0]?.simulation?.broken).toHaveLength(1);
    // who is there for a part of the time keeps the replica busy for that part
    expect(answer.fleets[0]?.simulation?.busyShare.value).toBeLessThan(0.02);
    expect(answer.fleets[0]?.methods.at(-1)?.inFlight?.value).toBeLessThan(0.02);
    expect(sizeSchema.parse(answer)).toEqual(answer);
  });
});

describe('a large fleet of conversations', () => {
  it('is played by eight replicas as by all', () => {
    const { simulate } = simulatorFor({ gpu: ['h200'], workload: 'agentic-coding', requestsPerSecond: 2.4 });
    const all = (fromMs: number) => ({ failures: [], reshape: <Requests>(requests: Requests) => requests, window: { fromMs, toMs: 1e12 } });
    const [part, whole] = [
      simulate({ replicas: 16, replications: 3 }),
      simulate({ replicas: 16, replications: 3, event: { seconds: 0, from: all } }),
    ];
    if (!part || !whole) throw new Error('nothing was simulated');
    const agree = (one: Estimate, other: Estimate) => one.low <= other.high && other.low <= one.high;
    const pairs = (['ttft', 'tpot'] as const).flatMap((metric) =>
      (['p50', 'p95'] as const).map((rank) => [part.percentiles[metric][rank], whole.percentiles[metric][rank]] as const),
    );
    for (const [one, other] of [...pairs, [part.reuse, whole.reuse], [part.inFlight, whole.inFlight]] as [Estimate, Estimate][])
      expect(agree(one, other)).toBe(true);
  });
});

describe('a trace', () => {
  const trace = (more: object = {}) => ({
    name: 'mine.csv',
    requests: Array.from({ length: 200 }, (_, at) => request(500 * at, 2000, 50)),
    blockTokens: null,
    quantumMs: null,
    oneClock: true,
    ...more,
  });

  it('is simulated without more being asked, and said to be', () => {
    const answer = ask({ requestsPerSecond: 2, trace: trace() });
    expect(answer.query['trace']).toBe('mine.csv');
    expect(answer.fleets[0]?.simulation?.traffic).toBe('trace');
    expect(answer.assumptions.find(({ code }) => code === 'simulated-traffic')).toMatchObject({ source: 'user' });
    expect(sizeSchema.parse(answer)).toEqual(answer);
  });

  it('of which all requests come at once cannot be stretched', () => {
    const requests = [request(7, 10, 1), request(7, 10, 1)];
    expect(() => ask({ trace: trace({ requests }) })).toThrow('all its requests come at one time');
  });
});
