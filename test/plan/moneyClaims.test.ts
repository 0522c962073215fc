import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveCatalog } from '../../src/catalog/resolve.ts';
import type { Catalog } from '../../src/plan/catalog.ts';
import { judgeBreakEven } from '../../src/plan/claims/breakEvenClaim.ts';
import { judgeClaims } from '../../src/plan/claims/claims.ts';
import { judgeMoney } from '../../src/plan/claims/judgeMoney.ts';
import { listPrice } from '../../src/plan/claims/listPrice.ts';
import type { BreakEvenClaim, MoneyClaim } from '../../src/plan/claims/moneyClaim.ts';
import { judgeRent } from '../../src/plan/claims/rentClaim.ts';
import { resentTokens } from '../../src/plan/claims/sessionClaim.ts';
import { judgeThinkingSaving } from '../../src/plan/claims/thinkingClaim.ts';
import { tariffOf } from '../support/tariffs.ts';

const catalog = resolveCatalog(fileURLToPath(new URL('../../data', import.meta.url)));
const answer = judgeClaims(catalog);
const byId = new Map(answer.claims.map((claim) => [claim.id, claim]));

/** Verdicts of facts/claims.md sections 4 and 6 to 8, and the figures that its arithmetic comes to. */
const SHEET: readonly [id: string, judgement: string, computed: string, ...figures: string[]][] = [
  ['hw.8xa100-price', 'wrong', 'from 9.52 USD/h', '0.79 per GPU-hour'],
  ['hw.h200-96-price', 'wrong', 'from 28.72 USD/h', '8 × 3.59', '= 28.72', '50.44'],
  ['hw.29xh100-price', 'wrong', 'from 78.01 USD/h', '29 × 2.69', 'the claim is 2 per GPU-hour'],
  ['price.k27', 'right', 'input 0.95, output 4 USD per Mtok'],
  ['price.k27-cached', 'wrong', 'cached input 0.19 USD per Mtok', '0.16 is that of kimi-k2.6'],
  ['price.reasoning', 'right', 'thinking 4 USD per Mtok'],
  ['price.k26-A', 'wrong', 'input 0.95, output 4 USD per Mtok'],
  ['price.k26-A-rise', 'wrong', '1 × and 1 ×', 'by its own prices', '= 1.58 ×', '= 1.6 ×'],
  ['price.k26-B', 'depends', '1 ×, 1.19 × and 1 ×', 'it holds for kimi-k2.7-code (1,000,000 in and 1,000,000 out)'],
  ['price.opus48', 'wrong', 'input 5, output 25 USD per Mtok', 'not 15, 3 × as much', 'not 75, 3 × as much'],
  ['price.opus46', 'wrong', 'input 5 USD per Mtok', '3 ×'],
  ['price.fable5', 'right', 'input 10, output 50 USD per Mtok'],
  ['price.gpt52', 'wrong', 'input 1.75 USD per Mtok', '5.71 ×'],
  ['price.ratio-input', 'wrong', '5.26 ×', '15 / 0.95 USD = 15.8 ×', '5 / 0.95 USD = 5.26 ×'],
  ['sess.table-k27', 'right', '0.0675 USD'],
  ['sess.table-k27-cached', 'wrong', '0.0295 USD'],
  ['sess.table-opus48', 'wrong', '0.375 USD', '3.01 ×'],
  ['sess.table-fable5', 'right', '0.75 USD'],
  ['sess.gap', 'depends', 'claude-opus-4-8 5.56 × and 5.08 ×, claude-fable-5 11.1 × and 10.2 ×', '16.7 ×', 'it holds for claude-fable-5;'],
  ['sess.oneshot', 'wrong', '275,000 input tokens', '0.28125 USD', '0.11025 USD', '1.5 USD', '0.4875 USD'],
  ['think.6-8', 'depends', '8.89 % and 4 % less', '20.3 %', '29.6 % of 0.0675 USD', '67.8 % of 0.0295 USD', 'a share of 20 % to 26.7 %'],
  ['think.12-8', 'wrong', '8,400 thinking tokens', '33.3 % fewer', '0.0144 of 0.1316 USD', '10.9 %'],
  ['think.A', 'depends', '0.7 × and 1 ×', '= 1.12 ×', '0.0675 / 0.0425 USD = 1.59 ×'],
  ['think.carry', 'right', '380,000 input tokens', '0.521 USD without', '0.2322 USD with', '2.62 GiB'],
  ['dec.100k', 'wrong', '88.6M (75 in + 25 out)', '886 ×', '4,321 ×', '379 ×', '1,025 tokens/s', '5.2089 a month', 'never on this machine'],
  ['dec.200', 'wrong', '4,613.60 USD a month', '23.1 ×', '3.84M', '18.7M', '1.64M', 'never on this machine'],
];

describe('published claims about money, recomputed', () => {
  it.each(SHEET)('%s is %s: %s', (id, judgement, computed, ...figures) => {
    const claim = byId.get(id);
    expect(claim?.judgement).toBe(judgement);
    expect(claim?.computed).toContain(computed);
    for (const figure of figures) expect(claim?.arithmetic).toContain(figure);
  });

  it('all of them are compared with the sheet', () => {
    const money = catalog.claims.filter(({ check }) => check.kind !== 'fit' && check.kind !== 'size').map(({ id }) => id);
    expect(money.sort()).toEqual(SHEET.map(([id]) => id).sort());
  });

  it('say which list prices they go by, and on what they depend', () => {
    for (const [id, judgement] of SHEET) {
      const { arithmetic = '' } = byId.get(id) ?? {};
      expect(arithmetic, id).toMatch(/\d{4}-\d{2}-\d{2}/);
      if (judgement === 'depends') expect(arithmetic, id).toMatch(/it holds for|depends on|True at list prices/);
    }
  });

  it('are no input: alone in a catalog each is judged the same', () => {
    for (const [id] of SHEET) {
      const alone = judgeClaims({ ...catalog, claims: catalog.claims.filter((claim) => claim.id === id) });
      expect(alone.claims).toEqual([byId.get(id)]);
    }
  });
});

describe('the machines of the sheet against the API', () => {
  const MIXES = [
    { uncached: 75, cacheRead: 0, output: 25 },
    { uncached: 13, cacheRead: 71, output: 1 },
    { uncached: 0, cacheRead: 0, output: 1 },
  ];
  const check = (usdPerHour: number, claimed: BreakEvenClaim['claimed'], more: Partial<BreakEvenClaim> = {}): BreakEvenClaim => ({
    kind: 'break-even',
    model: 'kimi-k2.7-code',
    gpu: ['h200-sxm'],
    gpus: 8,
    usdPerHour,
    contextTokens: 131_072,
    tokens: MIXES,
    claimed,
    ...more,
  });
  const judged = (of: BreakEvenClaim) => judgeBreakEven(of, catalog, catalog.date);

  it.each([
    [9.5, '133M (75 in + 25 out)', '34.7 ×'],
    [22, '308M (75 in + 25 out)', '80.3 ×'],
    [22.24, '312M (75 in + 25 out)', '81.2 ×'],
    [28.72, '402M (75 in + 25 out)', '105 ×'],
  ])('%d USD an hour: %s a day, %s of 200 USD a month', (usdPerHour, computed, ratio) => {
    expect(judged(check(usdPerHour, { tokensPerDay: 1e5 })).computed).toContain(computed);
    expect(judged(check(usdPerHour, { usdPerMonth: 200 })).arithmetic).toContain(`${ratio} the claim`);
  });

  it('a claim above the break-even is right for a machine that holds the model, between two it depends on the tokens', () => {
    expect(judged(check(28.72, { tokensPerDay: 2e9 }))).toMatchObject({
      judgement: 'right',
      arithmetic: expect.stringContaining('holds 131,072'),
    });
    expect(judged(check(28.72, { tokensPerDay: 1e9 })).judgement).toBe('depends');
    expect(judged(check(28.72, { usdPerMonth: 21_000 })).judgement).toBe('right');
  });

  it('no volume is enough for a machine that does not hold it', () => {
    const small = { gpu: ['a100-80-sxm'], gpus: 8 };
    expect(judged(check(6.32, { tokensPerDay: 1e12 }, small))).toMatchObject({
      judgement: 'wrong',
      arithmetic: expect.stringContaining('never'),
    });
  });
});

describe('prices of two days', () => {
  const price: MoneyClaim = { kind: 'price', model: 'm', claimedUsdPerMtok: { input: 0.9, output: 4 } };
  const priced = (...rows: readonly [date: string, input: number][]): Catalog => ({
    ...catalog,
    tariffs: rows.map(([date, inputUsdPerMtok]) => tariffOf({ model: 'm', id: `m@${date}`, date, inputUsdPerMtok })),
  });

  it('a claim that was right on its day and is not any more depends on the day, and both are said', () => {
    const judged = judgeMoney(price, priced(['2026-05-01', 0.9], ['2026-09-01', 0.95]), '2026-06');
    expect(judged).toMatchObject({
      judgement: 'depends',
      computed: 'input 0.95, output 4 USD per Mtok (on 2026-06: input 0.9, output 4 USD per Mtok)',
    });
    expect(judged.arithmetic).toMatch(/^on 2026-11-22, depends: m@2026-09-01.*; on 2026-06, right: m@2026-05-01/);
  });

  it('one day alone is said where nothing changed', () => {
    const judged = judgeMoney(price, priced(['2026-05-01', 0.9], ['2026-09-01', 0.9]), '2026-06');
    expect(judged).toMatchObject({ judgement: 'right', computed: 'input 0.9, output 4 USD per Mtok' });
    expect(judged.arithmetic).toMatch(/^m@2026-09-01 of 2026-09-01: /);
  });

  it('before the first record the earliest one counts', () => {
    const known = priced(['2026-09-01', 0.95], ['2026-07-02', 0.9]);
    expect(listPrice(known, 'm', '2026-06-15').date).toBe('2026-07-02');
    expect(listPrice(known, 'm', '2026-08-31').date).toBe('2026-07-02');
    expect(listPrice(known, 'm', '2026-09-01').date).toBe('2026-09-01');
    expect(() => listPrice(known, 'n', '2026-09-01')).toThrow('no list price of n');
  });
});

describe('rents', () => {
  const rent = (claimedUsdPerHour: number, day: string, gpus = 8) =>
    judgeRent({ kind: 'rent', gpu: ['h200-sxm'], gpus, claimedUsdPerHour }, catalog, day);

  it('between the lowest and the highest list price of a season a claim is right', () => {
    expect(rent(28.72, catalog.date).judgement).toBe('right');
    expect(rent(28.71, catalog.date).judgement).toBe('wrong');
    expect(rent(500, catalog.date).judgement).toBe('wrong');
  });

  it('quotes of last season are no prices, and too few providers no market', () => {
    expect(rent(16, '2026-06-15').computed).toBe(rent(16, catalog.date).computed);
    expect(rent(16, '2026-03-20').computed).toBe('from 18.32 USD/h');
  });
});

describe('properties', () => {
  it('tokens that are sent again: the sum over the calls', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 200 }), (tokens, calls) => {
        const before = Array.from({ length: calls }, (_, call) => call * tokens);
        expect(resentTokens(tokens, calls)).toBe(before.reduce((sum, each) => sum + each, 0));
      }),
    );
  });

  it('what fewer thinking tokens save is the reduction times their share of the bill, here the whole output', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), (input, output) => {
        const share = (output * 4) / (input * 0.95 + output * 4);
        const saving = Number((30 * share).toPrecision(3));
        const { computed } = judgeThinkingSaving(
          {
            kind: 'thinking-saving',
            model: 'kimi-k2.7-code',
            tokens: [{ uncached: input, cacheRead: 0, output }],
            reduction: 0.3,
            thinkingShares: [1],
            claimed: { low: 0.06, high: 0.08 },
          },
          catalog,
          catalog.date,
        );
        expect(Math.abs(Number.parseFloat(computed) - saving)).toBeLessThanOrEqual(0.01 * saving);
      }),
    );
  });
});
