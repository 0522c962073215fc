import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bill, blendedUsdPerMtok, usdPerRequest } from '../../src/cost/apiBill.ts';
import type { Tariff } from '../../src/cost/tariff.ts';
import { inputTokensOf, leavesOf, type TokenLeaves } from '../../src/cost/tokenLeaves.ts';
import { breakEvenMtok, tokensOver } from '../../src/cost/volume.ts';
import { gpt55, kimiList, tariffOf } from '../support/tariffs.ts';

const mix = (uncached: number, cacheRead: number, output: number) =>
  leavesOf({ input: uncached, cacheRead, output, cached: 'beside' }, 'a mix');

// Mixes and prices of facts/claims.md section 2.
const M1 = mix(75, 0, 25);
const M2 = mix(13, 71, 1);
const M3 = mix(50, 0, 5);
const M4 = mix(0, 0, 1);

describe('bill', () => {
  it('has a line for each leaf that holds tokens, at its price', () => {
    const tariff = tariffOf({ cacheWriteUsdPerMtok: 1.2, cacheWrite1hUsdPerMtok: 1.9, thinkingUsdPerMtok: 2.5 });
    const leaves = { uncached: 1e6, cacheRead: 2e6, cacheWrite: 3e6, cacheWrite1h: 4e6, output: 5e6, thinking: 1e6 };
    expect(bill(tariff, leaves).map(({ leaf, tokens, usdPerMtok }) => [leaf, tokens, usdPerMtok])).toEqual([
      ['uncached', 1e6, 0.95],
      ['cacheRead', 2e6, 0.19],
      ['cacheWrite', 3e6, 1.2],
      ['cacheWrite1h', 4e6, 1.9],
      ['answer', 4e6, 4],
      ['thinking', 1e6, 2.5],
    ]);
    expect(bill(tariff, M4).map(({ leaf }) => leaf)).toEqual(['answer']);
    expect(bill(tariff, mix(0, 0, 0))).toEqual([]);
  });

  it('prices all tokens of a long request at its tier, which cached tokens help to reach', () => {
    expect(usdPerRequest(gpt55, mix(72_000, 200_000, 1000))).toBeCloseTo(0.36 + 0.1 + 0.03, 12);
    expect(usdPerRequest(gpt55, mix(72_001, 200_000, 1000))).toBeCloseTo(0.72001 + 0.2 + 0.045, 12);
  });

  it('bills cached tokens at the input price where no cache-read price is published', () => {
    const silent = tariffOf({ cacheReadUsdPerMtok: null });
    expect(usdPerRequest(silent, mix(10, 90, 10))).toBeCloseTo(usdPerRequest(kimiList, mix(100, 0, 10)), 15);
  });
});

describe('properties of a bill', () => {
  const price = fc.double({ min: 0, max: 100, noNaN: true });
  const optional = fc.option(price);
  const count = fc.integer({ min: 0, max: 1e9 });
  const tariffs = fc
    .record({
      inputUsdPerMtok: price,
      cacheReadUsdPerMtok: optional,
      cacheWriteUsdPerMtok: optional,
      cacheWrite1hUsdPerMtok: optional,
      outputUsdPerMtok: price,
      thinkingUsdPerMtok: optional,
    })
    .map(tariffOf);
  const someLeaves: fc.Arbitrary<TokenLeaves> = fc
    .record({ uncached: count, cacheRead: count, cacheWrite: count, cacheWrite1h: count, answer: count, thinking: count })
    .map(({ answer, ...rest }) => ({ ...rest, output: answer + rest.thinking }));
  const factor = fc.integer({ min: 0, max: 1000 });

  const near = (value: number, expected: number) => {
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
  };
  const scaled = (leaves: TokenLeaves, by: number) =>
    Object.fromEntries(Object.entries(leaves).map(([leaf, tokens]) => [leaf, tokens * by])) as unknown as TokenLeaves;
  const dearer = (tariff: Tariff, by: number) =>
    Object.fromEntries(
      Object.entries(tariff).map(([key, value]) => [key, typeof value === 'number' ? value * by : value]),
    ) as unknown as Tariff;

  it('is linear in tokens', () => {
    fc.assert(
      fc.property(tariffs, someLeaves, factor, (tariff, leaves, by) => {
        near(usdPerRequest(tariff, scaled(leaves, by)), by * usdPerRequest(tariff, leaves));
      }),
    );
  });

  it('is linear in prices', () => {
    fc.assert(
      fc.property(tariffs, someLeaves, factor, (tariff, leaves, by) => {
        near(usdPerRequest(dearer(tariff, by), leaves), by * usdPerRequest(tariff, leaves));
      }),
    );
  });

  it('adds up: two requests cost what their tokens cost together', () => {
    fc.assert(
      fc.property(tariffs, someLeaves, someLeaves, (tariff, one, other) => {
        const both = Object.fromEntries(
          Object.entries(one).map(([leaf, tokens]) => [leaf, tokens + other[leaf as keyof TokenLeaves]]),
        ) as unknown as TokenLeaves;
        near(usdPerRequest(tariff, both), usdPerRequest(tariff, one) + usdPerRequest(tariff, other));
      }),
    );
  });

  it('its parts sum to the whole: all tokens are on one line, and the lines are the price', () => {
    fc.assert(
      fc.property(tariffs, someLeaves, (tariff, leaves) => {
        const lines = bill(tariff, leaves);
        expect(lines.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(inputTokensOf(leaves) + leaves.output);
        near(
          lines.reduce((sum, { usd }) => sum + usd, 0),
          usdPerRequest(tariff, leaves),
        );
      }),
    );
  });
});

describe('blendedUsdPerMtok', () => {
  it.each([
    ['M1, a quarter output', M1, 1.7125],
    ['M2, an agentic call', M2, 0.3511],
    ['M3, a session', M3, 1.2273],
    ['M4, output only', M4, 4],
  ])('prices mix %s as the sheet does', (_, leaves, usdPerMtok) => {
    expect(blendedUsdPerMtok(kimiList, leaves)).toBeCloseTo(usdPerMtok, 4);
  });

  it('prices M2 lower at the cached price of 0.16 that a guide states', () => {
    expect(blendedUsdPerMtok(tariffOf({ cacheReadUsdPerMtok: 0.16 }), M2)).toBeCloseTo(0.326, 4);
  });
});

describe('break-even tokens a day of a machine that is never full', () => {
  it.each([
    ['8x A100 at 6.32/h', 6.32, [88.6, 432.1, 123.6, 37.9], 4613.6, 1025],
    ['8x A100 at 9.50/h', 9.5, [133.1, 649.5, 185.8, 57.0], 6935, 1541],
    ['8x A100 at 22/h', 22, [308.3, 1504, 430.2, 132.0], 16_060, 3569],
    ['8x H200 at 16/h', 16, [224.2, 1093.8, 312.9, 96.0], 11_680, 2595],
    ['8x H200 at 28.72/h', 28.72, [402.5, 1963, 561.6, 172.3], 20_966, 4659],
    ['8x H200 at 50.48/h', 50.48, [707.5, 3451, 987.2, 302.9], 36_850, 8188],
    ['16x A100 at 22.24/h', 22.24, [311.7, 1520, 434.9, 133.4], 16_235, 3607],
    ['29x H100 at 58/h', 58, [812.8, 3965, 1134, 348.0], 42_340, 9408],
  ])('%s', (_, usdPerHour, mtokPerDay, usdPerMonth, tokensPerSecond) => {
    expect(Math.abs(usdPerHour * 730 - usdPerMonth)).toBeLessThanOrEqual(0.5);
    const days = [M1, M2, M3, M4].map((leaves) => breakEvenMtok(usdPerHour * 24, blendedUsdPerMtok(kimiList, leaves)));
    for (const [index, mtok] of days.entries()) expect(Math.abs(mtok / (mtokPerDay[index] ?? 0) - 1)).toBeLessThan(1e-3);
    expect(Math.abs(((days[0] ?? 0) * 1e6) / tokensOver(1, 24) - tokensPerSecond)).toBeLessThan(1);
  });
});
