import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { size } from '../../src/plan/size/size.ts';
import type { SizeAnswer } from '../../src/plan/size/sizeAnswer.ts';
import type { SizeQuery } from '../../src/plan/size/sizeQuestion.ts';
import { sizeSchema } from '../../src/report/schema/size.ts';

const catalog = loadCatalog();
const ask = (query: Partial<SizeQuery>): SizeAnswer => size({ gpu: ['h200'], ...query } as SizeQuery, catalog);
const agents = (query: Partial<SizeQuery> = {}) => ask({ workload: 'agentic-coding', users: 200, ...query });
const best = ({ fleets }: SizeAnswer) => {
  const [fleet] = fleets;
  if (!fleet) throw new Error('no fleet');
  return fleet;
};

describe('size for the mean of the busiest hour', () => {
  const answer = agents();

  it('asks for users times their requests, and reads both ways', () => {
    // 200 users x 95 requests / 3600 s
    expect(answer.load.requestsPerSecond).toBeCloseTo((200 * 95) / 3600, 9);
    expect(answer.load.activeUsers).toBeCloseTo(200, 6);
    const { perReplica, replicas } = best(answer);
    expect(perReplica.requestsPerSecond * replicas.value).toBeCloseTo(answer.load.requestsPerSecond, 9);
    expect(agents({ activeShare: 0.5 }).load.requestsPerSecond).toBeCloseTo(answer.load.requestsPerSecond / 2, 9);
  });

  it('takes no fewer replicas than any law alone, and carries the load with them and not with one fewer', () => {
    const { laws, replicas, utilisation, rows } = best(answer);
    for (const law of laws) expect(law.replicas).toBeLessThanOrEqual(replicas.value);
    const [prefill, decode] = laws;
    expect((prefill?.replicas ?? 0) + (decode?.replicas ?? 0)).toBeCloseTo(utilisation * replicas.value, 6);
    expect(utilisation).toBeLessThanOrEqual(1);
    expect(rows[0]?.utilisationWithOneDown).toBeGreaterThan(1);
  });

  it('obeys the law of Little: requests in flight are their rate times their time', () => {
    const { perReplica, ttftMs, tpotMs } = best(answer);
    const seconds = (ttftMs.value + 437 * tpotMs.value) / 1000;
    expect(perReplica.concurrentRequests).toBeCloseTo(perReplica.requestsPerSecond * seconds, 6);
  });

  it('lets a larger fleet find more of the input again, as each replica takes less of the traffic', () => {
    const chat = (maxLoad: number) => best(ask({ workload: 'kimi-chat', requestsPerSecond: 3.4, maxLoad }));
    const [few, many] = [chat(1), chat(0.1)];
    expect(many.replicas.value).toBeGreaterThan(3 * few.replicas.value);
    expect(many.reuse.value).toBeGreaterThan(few.reuse.value);
  });

  it('grows with the users and never takes fewer replicas for more of them', () => {
    const counts = [1, 10, 100, 200, 400].map((users) => best(agents({ users })).replicas.value);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts[0]).toBe(1);
  });

  it('names what binds: the KV cache, a time per token, or prompts', () => {
    expect(best(answer).binding.code).toBe('kv-cache');
    expect(best(ask({ workload: 'kimi-chat', requestsPerSecond: 3.4, maxTpotMs: 60 })).binding.code).toBe('tpot');
    expect(best(agents({ dcp: 8 })).binding.code).toBe('prefill');
  });

  it('costs whole instances, idle hours included, with spare and renewed ones beside', () => {
    const { rows, replicas } = best(answer);
    expect(rows.map(({ code, replicas: count }) => [code, count - replicas.value])).toEqual([
      ['load', 0],
      ['spare', 1],
      ['upgrade', 2],
    ]);
    for (const { instances, usdPerMonth } of rows) expect(usdPerMonth.value / instances).toBeCloseTo(30_634, 6);
  });

  it('reads 595 GB at the asked rate when a node starts', () => {
    expect(best(agents({ loadBytesPerSecond: 2e9 })).coldStart.seconds.value).toBeCloseTo(297.6, 1);
  });

  it('has a schema that it fulfils, and no float but finite ones', () => {
    for (const each of [answer, ask({ gpu: ['a100:1'], workload: 'kimi-chat' })]) expect(sizeSchema.parse(each)).toEqual(each);
  });

  it('says why nothing can be sized', () => {
    const refused = ask({ gpu: ['a100:1'], workload: 'kimi-chat' });
    expect([refused.replicas, refused.fleets.length, refused.refusals[0]?.code]).toEqual([null, 0, 'does-not-fit']);
    expect(refused.answer).toContain('No fleet carries');
  });

  it.each<[Partial<SizeQuery>, string]>([
    [{ users: 5, requestsPerSecond: 1, workload: 'agentic-coding' }, 'the load is said twice'],
    [{ activeShare: 0.5, workload: 'kimi-chat' }, 'which share of the users'],
    [{ workload: 'agentic-coding' }, 'how much is asked in the busiest hour'],
    [{ workload: 'agentic-coding', users: 5, tokensPerMonth: 1e9 }, 'sized for its busiest hour'],
    [{ workload: 'agentic-coding', users: 5, activeShare: 2 }, '--active-share'],
    [{ workload: 'kimi-chat', requestsPerSecond: 0 }, '--rps'],
    [{ workload: 'kimi-chat', requestsPerSecond: 1, loadBytesPerSecond: 0 }, '--load-rate'],
  ])('refuses %j', (query, message) => {
    expect(() => ask(query)).toThrow(message);
  });
});

describe('size for percentiles', () => {
  const chat = (limitMs: number) =>
    ask({ workload: 'kimi-chat', requestsPerSecond: 3.4, levels: [{ metric: 'tpot', percentile: 95, limitMs }] });

  it('takes as many replicas as keep the promise under simulated traffic, each percentile with its interval', () => {
    const { replicas, percentiles, binding } = chat(100);
    const fleet = best(chat(100));
    expect(fleet.simulation?.broken).toEqual([]);
    expect(replicas?.value).toBeGreaterThanOrEqual(fleet.simulation?.closedReplicas ?? 0);
    for (const waits of [percentiles?.ttft, percentiles?.tpot]) {
      if (!waits) throw new Error('nothing was simulated');
      const values = [waits.p50, waits.p90, waits.p95, waits.p99];
      for (const { low, value, high } of values) expect(low <= value && value <= high).toBe(true);
      expect(values.map(({ value }) => value)).toEqual(values.map(({ value }) => value).toSorted((a, b) => a - b));
    }
    expect(percentiles?.tpot.p95.value).toBeLessThanOrEqual(100);
    expect(binding?.code).toBe('tpot');
  });

  it('is the same each time, and takes no fewer replicas for a stricter promise', () => {
    expect(chat(100)).toEqual(chat(100));
    expect(chat(60).replicas?.value).toBeGreaterThanOrEqual(chat(100).replicas?.value ?? 0);
  });

  it('says that no number of replicas keeps a promise that a lone request breaks', () => {
    const hopeless = ask({ workload: 'kimi-chat', requestsPerSecond: 0.2, levels: [{ metric: 'ttft', percentile: 99, limitMs: 1000 }] });
    expect(best(hopeless).simulation?.broken).toHaveLength(1);
    expect(hopeless.binding?.message).toContain('no number of replicas keeps 99 % of TTFT under 1 s');
  });
});
