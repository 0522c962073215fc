import { describe, expect, it } from 'vitest';
import { leafPrices } from '../../src/cost/tokenPrice.ts';
import { conditionOf, gpt55, kimiList, tariffOf } from '../support/tariffs.ts';

const hour = (from: number, to: number) => ({ fromMinute: from * 60, toMinute: to * 60 });

describe('prices that are not published', () => {
  it('a missing cache price is the input price, thinking bills as output', () => {
    const silent = tariffOf({ cacheReadUsdPerMtok: null });
    expect(leafPrices(silent, 1)).toEqual({
      uncached: 0.95,
      cacheRead: 0.95,
      cacheWrite: 0.95,
      cacheWrite1h: 0.95,
      answer: 4,
      thinking: 4,
    });
  });

  it('an hour-long entry costs at least what is known of a shorter one', () => {
    const write = { cacheWriteUsdPerMtok: 1.2, thinkingUsdPerMtok: 2.5 };
    expect(leafPrices(tariffOf(write), 1)).toMatchObject({ cacheRead: 0.19, cacheWrite: 1.2, cacheWrite1h: 1.2, answer: 4, thinking: 2.5 });
    expect(leafPrices(tariffOf({ ...write, cacheWrite1hUsdPerMtok: 1.9 }), 1).cacheWrite1h).toBe(1.9);
  });

  it('a price of zero is a price', () => {
    expect(leafPrices(tariffOf({ cacheReadUsdPerMtok: 0 }), 1).cacheRead).toBe(0);
  });
});

describe('prices of long contexts', () => {
  it.each([272_000, 271_999])('hold strictly above a threshold of %d input tokens, for all tokens', (threshold) => {
    const dear = { aboveInputTokens: threshold, inputUsdPerMtok: 10, cacheReadUsdPerMtok: 1, outputUsdPerMtok: 45 };
    const tariff = { ...gpt55, conditions: [conditionOf(dear)] };
    const seen = [threshold - 1, threshold, threshold + 1].map((tokens) => leafPrices(tariff, tokens));
    expect(seen.map(({ uncached, cacheRead, answer }) => [uncached, cacheRead, answer])).toEqual([
      [5, 0.5, 30],
      [5, 0.5, 30],
      [10, 1, 45],
    ]);
  });

  it('of several that hold the last one counts', () => {
    const conditions = [100, 1000, 10].map((aboveInputTokens, index) =>
      conditionOf({ aboveInputTokens, inputUsdPerMtok: index + 1, outputUsdPerMtok: 9 }),
    );
    const input = (tokens: number) => leafPrices(tariffOf({ conditions: conditions.slice(0, 2) }), tokens).uncached;
    expect([100, 101, 1000, 1001].map(input)).toEqual([0.95, 1, 1, 2]);
    expect(leafPrices(tariffOf({ conditions }), 5000).uncached).toBe(3);
  });

  it('a condition states all of its prices: what it leaves out is not that of the base', () => {
    const tariff = tariffOf({ conditions: [conditionOf({ aboveInputTokens: 10, inputUsdPerMtok: 2, outputUsdPerMtok: 8 })] });
    expect(leafPrices(tariff, 11)).toMatchObject({ uncached: 2, cacheRead: 2 });
  });
});

describe('prices by the hour', () => {
  // DeepSeek V4 Pro since 2026-08-17: dearer 01:00 to 04:00 and 06:00 to 10:00 UTC.
  const peak = conditionOf({
    hoursUtc: [hour(1, 4), hour(6, 10)],
    inputUsdPerMtok: 1.32,
    cacheReadUsdPerMtok: 0.044,
    outputUsdPerMtok: 3.96,
  });
  const v4 = tariffOf({ inputUsdPerMtok: 0.66, cacheReadUsdPerMtok: 0.022, outputUsdPerMtok: 1.98, conditions: [peak] });

  it('all day: weighted by minutes, 7 of 24 hours at the peak', () => {
    expect(leafPrices(v4, 1).uncached).toBeCloseTo((7 * 1.32 + 17 * 0.66) / 24, 12);
    expect(leafPrices(v4, 1).answer).toBeCloseTo((7 * 3.96 + 17 * 1.98) / 24, 12);
  });

  it('traffic within one price pays exactly that', () => {
    expect(leafPrices(v4, 1, [hour(1, 4)])).toMatchObject({ uncached: 1.32, cacheRead: 0.044, answer: 3.96 });
    expect(leafPrices(v4, 1, [hour(10, 24)])).toMatchObject({ uncached: 0.66, cacheRead: 0.022, answer: 1.98 });
  });

  it('traffic over two prices pays by its minutes, whose ends are in and out', () => {
    expect(leafPrices(v4, 1, [{ fromMinute: 210, toMinute: 270 }]).uncached).toBeCloseTo((30 * 1.32 + 30 * 0.66) / 60, 12);
    expect(leafPrices(v4, 1, [{ fromMinute: 239, toMinute: 240 }]).uncached).toBe(1.32);
    expect(leafPrices(v4, 1, [{ fromMinute: 240, toMinute: 241 }]).uncached).toBe(0.66);
  });

  it('hours over midnight, of the traffic and of the price', () => {
    const night = [hour(22, 2)];
    expect(leafPrices(v4, 1, night).uncached).toBeCloseTo((1 * 1.32 + 3 * 0.66) / 4, 12);
    const discount = { ...kimiList, conditions: [conditionOf({ hoursUtc: [hour(23, 1)], inputUsdPerMtok: 0.5, outputUsdPerMtok: 2 })] };
    expect(leafPrices(discount, 1).uncached).toBeCloseTo((2 * 0.5 + 22 * 0.95) / 24, 12);
    expect(leafPrices(discount, 1, night).uncached).toBeCloseTo((2 * 0.5 + 2 * 0.95) / 4, 12);
    expect(leafPrices(discount, 1, [hour(0, 1)]).uncached).toBe(0.5);
    expect(leafPrices(discount, 1, [hour(1, 23)]).uncached).toBe(0.95);
  });

  it('a condition of length and hours needs both', () => {
    const both = {
      ...kimiList,
      conditions: [conditionOf({ aboveInputTokens: 10, hoursUtc: [hour(1, 4)], inputUsdPerMtok: 9, outputUsdPerMtok: 9 })],
    };
    expect(leafPrices(both, 11, [hour(1, 4)]).uncached).toBe(9);
    expect(leafPrices(both, 10, [hour(1, 4)]).uncached).toBe(0.95);
    expect(leafPrices(both, 11, [hour(4, 24)]).uncached).toBe(0.95);
  });
});
