import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { breakEven } from '../../src/plan/breakEven/breakEven.ts';
import { reuse } from '../../src/plan/reuse/reuse.ts';
import type { KvWay } from '../../src/plan/reuse/reuseAnswer.ts';
import { reuseSchema } from '../../src/report/schema/reuse.ts';

const catalog = loadCatalog();
const QUERY = { gpu: ['h200'], workload: 'agentic-coding' };
const coding = reuse(QUERY, catalog);
const [asIs] = coding.ways;
const wayOf = (ways: readonly KvWay[], change: KvWay['change']) =>
  ways.find((way) => JSON.stringify(way.change) === JSON.stringify(change));

describe('reuse', () => {
  it('fulfils its schema', () => {
    expect(reuseSchema.safeParse(coding).error?.issues ?? []).toEqual([]);
  });

  it('lists each valid way to hold the KV cache once, first as it is, then by cost', () => {
    const keys = coding.ways.map(({ layout, kvCacheDtype }) => JSON.stringify({ layout, kvCacheDtype }));
    expect(new Set(keys).size).toBe(keys.length);
    expect(asIs?.change).toEqual({});
    expect(coding.ways.length).toBe(6);
    const usd = coding.ways.slice(1).map(({ usdPerMtok }) => usdPerMtok?.value ?? Number.NaN);
    expect(usd).toEqual([...usd].sort((a, b) => a - b));
  });

  it('says the same of a way as the command with its options', () => {
    for (const way of coding.ways) {
      const { dcp, gpus, 'attention-dp': attentionDp, 'kv-cache-dtype': kvCacheDtype } = way.change as Record<string, never>;
      const asked = reuse(
        {
          ...QUERY,
          ...(dcp ? { dcp, tp: 8 } : {}),
          ...(gpus ? { gpus, attentionDp } : {}),
          ...(kvCacheDtype ? { kvCacheDtype } : {}),
        },
        catalog,
      );
      expect(asked.ways[0]?.kvTokens, JSON.stringify(way.change)).toEqual(way.kvTokens);
      expect(asked.ways[0]?.usdPerMtok).toEqual(way.usdPerMtok);
    }
  });

  it('holds the same latent on every GPU under TP, and more where it is split', () => {
    const split = wayOf(coding.ways, { dcp: 8 });
    expect((split?.kvTokens.value ?? 0) / (asIs?.kvTokens.value ?? 1)).toBeCloseTo(8, 2);
    expect(split?.curveTokens).toBeGreaterThan(asIs?.curveTokens ?? 1e99);
    expect(split?.usdPerMtok?.value).toBeLessThan(asIs?.usdPerMtok?.value ?? 0);
  });

  it('tells what groups of attention DP find where nothing routes to them', () => {
    const groups = wayOf(coding.ways, { gpus: 8, 'attention-dp': 8 });
    expect(groups?.kvCaches).toBe(8);
    expect(groups?.unroutedReuse).toBeLessThan(groups?.reuse.value ?? 0);
    expect(asIs?.unroutedReuse).toBeNull();
  });

  it('plans as breakeven does', () => {
    const [fleet] = breakEven(QUERY, catalog).offers;
    expect(coding.fleets).toEqual([fleet]);
    expect(asIs?.reuse).toEqual(fleet?.reuse);
    expect(asIs?.requestsPerSecond).toEqual(fleet?.requestsPerSecond);
    expect(asIs?.tokensPerMonthPerReplica).toEqual(fleet?.tokensPerMonthPerReplica);
  });

  it('counts what is found at input less cache read, for one volume in all rows', () => {
    const { month, tariff } = coding;
    const gap = (tariff?.inputUsdPerMtok ?? 0) - (tariff?.cacheReadUsdPerMtok ?? 0);
    for (const { reuse: found, foundUsdPerMonth } of [...coding.ways, ...coding.points])
      expect(foundUsdPerMonth?.value).toBeCloseTo(((month?.inputTokens ?? 0) * found.value * gap) / 1e6, 4);
    expect(month?.asked).toBe(false);
    const users = reuse({ ...QUERY, users: 200 }, catalog);
    expect(users.month).toMatchObject({ asked: true, requests: 200 * 95 * 88 });
  });

  it('never finds less with more room, and the point of factor 1 is the fleet as it is', () => {
    const shares = coding.points.map(({ reuse: found }) => found.value);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const { kvTokens, reuse: found, usdPerMtok } = coding.points.find(({ factor }) => factor === 1) ?? {};
    expect({ kvTokens, found, usdPerMtok }).toEqual({ kvTokens: asIs?.kvTokens, found: asIs?.reuse, usdPerMtok: asIs?.usdPerMtok });
  });

  it('finds the knee, and says which ways reach it', () => {
    expect(coding.knee.kvTokens).toBeGreaterThan(1.5e6);
    expect(coding.knee.kvTokens).toBeLessThan(1.6e6);
    const ways = [...coding.ways, ...reuse({ gpu: ['h200'], workload: 'kimi-chat' }, catalog).ways];
    expect(new Set(ways.map(({ reachesKnee }) => reachesKnee)).size).toBe(2);
    for (const { curveTokens, reachesKnee } of coding.ways) expect(reachesKnee).toBe(curveTokens >= coding.knee.kvTokens);
    expect(coding.answer).toMatch(
      /holds 786k KV tokens and finds 77 % .* at the 0\.25 requests\/s that it is planned for; .*is at 1\.33M tokens \(90 %, 1\.54M at the 0\.29 requests\/s behind the curve\), which --dcp 8 reaches\./,
    );
    expect(reuse({ gpu: ['h200'], workload: 'kimi-chat' }, catalog).answer).toContain(
      'which no way to hold the KV cache on these GPUs reaches',
    );
    expect(reuse({ ...QUERY, tp: 8, dcp: 8, kvCacheDtype: 'bf16' }, catalog).answer).toMatch(
      /which it passes\. How the KV cache is held leaves/,
    );
  });

  it('reads the curve at the KV tokens times the rate behind it over the rate that is planned, in each row', () => {
    for (const maxLoad of [1, 0.6]) {
      const { ways, points, curveRequestsPerSecond } = reuse({ ...QUERY, workload: 'kimi-chat', maxLoad }, catalog);
      expect(curveRequestsPerSecond).toBe(3.4);
      for (const { kvTokens, curveTokens, requestsPerSecond } of [...ways, ...points])
        expect(curveTokens / ((kvTokens.value * 3.4) / (maxLoad * (requestsPerSecond?.value ?? 0)))).toBeCloseTo(1, 9);
    }
  });

  it('refuses a workload without a curve, and names those that have one', () => {
    expect(() => reuse({ ...QUERY, workload: 'cline' }, catalog)).toThrow(/agentic-coding-claude, kimi-chat/);
    expect(() => reuse({ gpu: ['h200'], inputTokens: 1000, outputTokens: 100 }, catalog)).toThrow('missing --workload');
  });

  it('begins with the fleet on which a token costs least, and says how it is paid for', () => {
    const several = reuse({ ...QUERY, gpu: ['a100', 'h200'], purchases: ['on-demand', 'owned'] }, catalog);
    const now = several.fleets.map(({ id }) => several.ways.find(({ fleet }) => fleet === id)?.usdPerMtok?.value ?? Number.NaN);
    expect(now).toEqual([...now].sort((a, b) => a - b));
    expect(several.fleets[0]?.purchase).toBe('owned');
    expect(several.answer).toMatch(/^One replica of .* of your own holds/);
  });

  it('says where nothing is known of speed', () => {
    const slow = reuse({ ...QUERY, maxTpotMs: 5 }, catalog);
    expect(slow.ways.every(({ usdPerMtok }) => usdPerMtok === null)).toBe(true);
    expect(slow.month).toBeNull();
    expect(slow.ways.every(({ foundUsdPerMonth }) => foundUsdPerMonth === null)).toBe(true);
    expect(slow.answer).toContain('Nothing can be said of its speed');
  });

  it('answers where no GPU can be planned on', () => {
    const none = reuse({ ...QUERY, gpu: ['h200'], gpus: 1 }, catalog);
    expect(none.ways).toEqual([]);
    expect(none.refusals[0]?.gpu).toBe('h200-sxm');
    expect(none.answer).toContain('No replica can be planned');
    expect(reuseSchema.safeParse(none).error?.issues ?? []).toEqual([]);
  });
});
