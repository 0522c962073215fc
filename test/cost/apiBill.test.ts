import { describe, expect, it } from 'vitest';
import { billedTokens, usdPerRequest } from '../../src/cost/apiBill.ts';
import { costCrossings } from '../../src/cost/crossings.ts';
import type { Tariff } from '../../src/cost/tariff.ts';

const list: Tariff = {
  id: 'list',
  provider: 'moonshotai',
  providerName: 'moonshotai',
  providerKind: 'vendor',
  model: 'kimi-k2.7-code',
  tier: 'standard',
  inputUsdPerMtok: 0.95,
  cacheReadUsdPerMtok: 0.19,
  outputUsdPerMtok: 4,
  date: '2026-06-15',
  source: 'x',
};

// facts/claims.md section 2.
const MIXES = {
  M1: { input: 75, output: 25, reuse: 0, usdPerMtok: 1.7125 },
  M2: { input: 84, output: 1, reuse: 71 / 84, usdPerMtok: 0.3511 },
  M3: { input: 50, output: 5, reuse: 0, usdPerMtok: 1.2273 },
  M4: { input: 0, output: 1, reuse: 0, usdPerMtok: 4 },
} as const;

const usdPerMtok = (mix: (typeof MIXES)[keyof typeof MIXES]) =>
  (usdPerRequest(list, billedTokens(mix.input, mix.output, mix.reuse)) / (mix.input + mix.output)) * 1e6;

describe('usdPerRequest', () => {
  it.each(Object.entries(MIXES))('prices mix %s as the sheet does', (_, mix) => {
    expect(usdPerMtok(mix)).toBeCloseTo(mix.usdPerMtok, 4);
  });

  it('bills cached tokens at the input price where no cache-read price is published', () => {
    const silent = { ...list, cacheReadUsdPerMtok: null };
    expect(usdPerRequest(silent, billedTokens(100, 10, 0.9))).toBeCloseTo(usdPerRequest(list, billedTokens(100, 10, 0)), 15);
  });
});

describe('break-even tokens a day of a machine that is never full', () => {
  it.each([
    ['8x A100 at 6.32/h', 6.32, [88.6, 432.1, 123.6, 37.9], 4_613.6],
    ['8x A100 at 9.50/h', 9.5, [133.1, 649.5, 185.8, 57.0], 6_935],
    ['8x A100 at 22/h', 22, [308.3, 1_504, 430.2, 132.0], 16_060],
    ['8x H200 at 16/h', 16, [224.2, 1_093.8, 312.9, 96.0], 11_680],
    ['8x H200 at 28.72/h', 28.72, [402.5, 1_963, 561.6, 172.3], 20_966],
    ['8x H200 at 50.48/h', 50.48, [707.5, 3_451, 987.2, 302.9], 36_850],
    ['16x A100 at 22.24/h', 22.24, [311.7, 1_520, 434.9, 133.4], 16_235],
  ])('%s', (_, usdPerHour, tokensPerDay, usdPerMonth) => {
    expect(usdPerHour * 730).toBeCloseTo(usdPerMonth, usdPerHour === 6.32 ? 2 : -1);
    const endless = { requestsPerStep: 1e15, usdPerStep: usdPerHour * 24, replicasPerStep: 1, instancesPerStep: 1 };
    for (const [index, mix] of Object.values(MIXES).entries()) {
      const tokens = costCrossings(usdPerMtok(mix) / 1e6, endless).finalRequests ?? 0;
      expect(Math.abs(tokens / 1e6 / (tokensPerDay[index] ?? 0) - 1)).toBeLessThan(1e-3);
    }
  });
});
