import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { cost } from '../../src/plan/cost/cost.ts';
import { profileHours } from '../../src/plan/hybrid/demandHours.ts';
import { type HybridQuery, hybrid } from '../../src/plan/hybrid/hybrid.ts';
import { hybridSchema } from '../../src/report/schema/hybrid.ts';

const catalog = loadCatalog();
const chat: HybridQuery = { gpu: ['h200'], workload: 'kimi-chat', tokensPerMonth: 2e11 };
/** The pair with the vendor's list price. */
const listPair = (query: HybridQuery) => {
  const { pairs, tariffs } = hybrid(query, catalog);
  return pairs.find(({ tariff }) => tariff === tariffs.find(({ role }) => role === 'list')?.id);
};

/**
 * Cline's Kimi K2.6 traffic, June 2026: tokens per second of its hours, measured tokens of a replica of four B200 and what the article pays
 * for one (workloads.md, section 7; arafatkatze.github.io/inference-math).
 */
const cline: HybridQuery = {
  model: 'kimi-k2.6',
  format: 'nvfp4',
  gpu: ['b200:4'],
  workload: 'agentic-coding-cline-k26',
  tokensPerSecond: 26_600,
  ftePerEightGpus: 0,
  profile: {
    kind: 'quantiles',
    points: [
      [0, 110e3],
      [0.5, 222e3],
      [0.9, 290e3],
      [0.99, 327e3],
      [1, 340e3],
    ].map(([share = 0, tokensPerSecond = 0]) => ({ share, tokensPerSecond })),
  },
};

describe('hybrid', () => {
  it('lands where the published coding-agent bill did: 166 K with a floor, 185 K without, about 10 % saved', () => {
    const pair = listPair(cline);
    expect(pair?.code).toBe('hybrid');
    expect(pair?.allApiUsdPerMonth.value).toBeGreaterThan(0.97 * 185e3);
    expect(pair?.allApiUsdPerMonth.value).toBeLessThan(1.03 * 185e3);
    expect(pair?.usdPerMonth.value).toBeGreaterThan(0.95 * 166e3);
    expect(pair?.usdPerMonth.value).toBeLessThan(1.05 * 166e3);
    expect(pair?.savingShare).toBeGreaterThan(0.07);
    expect(pair?.savingShare).toBeLessThan(0.14);
  });

  it('agrees with cost where all comes from the API', () => {
    const rows = cost({ ...chat, terms: false }, catalog).rows;
    for (const { tariff, allApiUsdPerMonth } of hybrid(chat, catalog).pairs)
      expect(allApiUsdPerMonth.value).toBeCloseTo(rows.find((row) => row.id === tariff)?.usdPerMonth.value ?? 0, -1);
  });

  it('costs no more than buying all or hosting the busiest hour, and its neighbours cost no less', () => {
    for (const pair of hybrid(chat, catalog).pairs) {
      expect(pair.usdPerMonth.value).toBeLessThanOrEqual(Math.min(pair.allApiUsdPerMonth.value, pair.allOwn.usdPerMonth) + 1e-6);
      expect(pair.rows.every(({ regretUsdPerMonth }) => regretUsdPerMonth >= -1e-6)).toBe(true);
      expect(pair.oneMoreUsd).toBeGreaterThanOrEqual(-1e-6);
      expect(pair.allOwn.apiUsdPerMonth).toBe(0);
    }
  });

  it('hosts more the flatter the hours are', () => {
    const flat = Array.from({ length: 24 }, () => 1e9);
    const peaked = flat.map((_, hour) => (hour === 0 ? 24e9 : 0));
    const ownShare = (counts: readonly number[]) =>
      listPair({ gpu: ['h200'], workload: 'kimi-chat', profile: { kind: 'hours', unit: 'tokens', counts } })?.best.ownShare ?? 0;
    expect(ownShare(flat)).toBeGreaterThan(ownShare(peaked));
  });

  it('counts requests and tokens by the hour alike', () => {
    const tokens = profileHours({ kind: 'hours', unit: 'tokens', counts: Array(24).fill(1000) }, 10, 730);
    expect(profileHours({ kind: 'hours', unit: 'requests', counts: Array(24).fill(100) }, 10, 730)).toEqual(tokens);
  });

  it('takes users in their hours, and says whose day it takes else', () => {
    const users = hybrid({ gpu: ['h200'], workload: 'agentic-coding', users: 200 }, catalog);
    expect(users.demand.calmestPerHour).toBe(0);
    expect(users.assumptions.find(({ code }) => code === 'demand-hours')?.text).toContain('Users work in their hours');
    expect(hybrid(chat, catalog).assumptions.find(({ code }) => code === 'demand-hours')?.text).toContain('reasoning-r1');
  });

  it('gives the document of its schema, and the same again', () => {
    const answer = hybrid(chat, catalog);
    expect(hybridSchema.safeParse(JSON.parse(JSON.stringify(answer))).error).toBeUndefined();
    expect(JSON.stringify(hybrid(chat, catalog))).toBe(JSON.stringify(answer));
  });

  it.each<[string, HybridQuery, string]>([
    ['no volume', { gpu: ['h200'], workload: 'kimi-chat' }, '--tokens-per-month'],
    ['a volume beside a profile', { ...cline, users: 5 }, '--users'],
    [
      'a short profile',
      { ...chat, tokensPerMonth: undefined as never, profile: { kind: 'hours', unit: 'tokens', counts: [1, 2] } },
      '--hourly',
    ],
    [
      'falling quantiles',
      {
        gpu: ['h200'],
        workload: 'kimi-chat',
        profile: {
          kind: 'quantiles',
          points: [
            { share: 0, tokensPerSecond: 9 },
            { share: 1, tokensPerSecond: 3 },
          ],
        },
      },
      '--quantiles',
    ],
  ])('refuses %s', (_, query, where) => {
    expect(() => hybrid(query, catalog)).toThrow(where);
  });
});
