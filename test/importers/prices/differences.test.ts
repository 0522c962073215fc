import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlierOf } from '../../../src/importers/prices/outliers.ts';
import { importedData, importedTexts, READ_ON } from './support.ts';

function modelsDev(provider: string, name: string, cost: unknown): Record<string, unknown> {
  return { [provider]: { models: { [name]: { cost } } } };
}

const K27 = { input: 0.95, output: 4, cache_read: 0.19 };

describe('a price against the one before', () => {
  it('is the same where all that both publish is the same', () => {
    const [same] = importedData(modelsDev('moonshotai', 'kimi-k2.7-code', K27)).rows;
    expect(same).toMatchObject({
      change: 'same',
      before: { id: 'genai-prices:moonshotai:kimi-k2.7-code', date: '2026-09-23', inputUsdPerMtok: 0.95 },
    });
    const write = modelsDev('moonshotai', 'kimi-k2.7-code', { ...K27, cache_write: 0.95 });
    expect(importedData(write).rows[0]?.change).toBe('same');
  });

  it('has changed where a cache read is published no longer: it bills as input then', () => {
    const [silent] = importedData(modelsDev('moonshotai', 'kimi-k2.7-code', { input: 0.95, output: 4 })).rows;
    expect(silent?.change).toBe('changed');
  });

  it.each([
    [{ ...K27, input: 0.9 }],
    [{ ...K27, cache_read: 0.2 }],
    [{ ...K27, output: 3 }],
    [{ ...K27, tiers: [{ tier: { type: 'context', size: 200_000 }, input: 2, output: 8 }] }],
  ])('is changed with %j', (cost) => {
    expect(importedData(modelsDev('moonshotai', 'kimi-k2.7-code', cost)).rows).toMatchObject([{ change: 'changed' }]);
  });

  it('is new for a provider, a model or a tier that has none', () => {
    expect(importedData(modelsDev('somebody', 'kimi-k2.7-code', K27)).rows).toMatchObject([{ change: 'new', before: null }]);
    expect(importedData(modelsDev('moonshotai', 'kimi-k2.7-code-flex', K27)).rows).toMatchObject([{ change: 'new', tier: 'flex' }]);
  });

  it('takes a boundary one token off for the same', () => {
    const tiers = (size: number) => ({
      input: 5,
      output: 30,
      cache_read: 0.5,
      tiers: [{ tier: { type: 'context', size }, input: 10, output: 45, cache_read: 1 }],
    });
    const change = (size: number) => importedData(modelsDev('openai', 'gpt-5.5', tiers(size))).rows[0]?.change;
    expect([272_000, 271_999, 271_998, 271_997].map(change)).toEqual(['same', 'same', 'same', 'changed']);
  });

  it('that has ended is compared with what ended then', () => {
    const history = [{ input: 0.435, output: 0.87, input_cached: 0.003625, from_date: null, to_date: '2026-08-17' }];
    const { rows } = importedData({ vendor: 'deepseek', models: [{ id: 'deepseek-v4-pro', name: 'x', price_history: history }] });
    expect(rows).toMatchObject([{ change: 'same', before: { id: 'genai-prices:deepseek:deepseek-v4-pro-1' } }]);
  });

  it('is told in one sentence', () => {
    const { answer } = importedData({
      ...modelsDev('moonshotai', 'kimi-k2.7-code', { ...K27, input: 0.9 }),
      ...modelsDev('crof', 'kimi-k2.6', { input: 0.5, output: 2 }),
      ...modelsDev('x', 'kimi-k2.6', { input: 1, output: 'y' }),
    });
    expect(answer).toMatch(/^2 prices proposed in .*facts\/tariffs\.csv \(2 changed\), 1 refused\.$/);
  });
});

describe('registries that do not agree', () => {
  const files = {
    'a.json': JSON.stringify(modelsDev('togetherai', 'moonshotai/Kimi-K2.7-Code', K27)),
    'together-ai.json': JSON.stringify({
      'moonshotai/Kimi-K2.7-Code': {
        pricing_config: {
          currency: 'USD',
          pay_as_you_go: {
            request_token: { price: 0.00012 },
            response_token: { price: 0.00045 },
            cache_read_input_token: { price: 0.00002 },
          },
        },
      },
    }),
  };

  it('are told price by price, the widest first, where more than 5 % is between them', () => {
    expect(importedTexts(files).disagreements).toMatchObject([
      {
        provider: 'together',
        subject: 'kimi-k2.7-code',
        product: 'standard',
        field: 'input',
        claims: [
          { registry: 'models.dev', lowUsd: 0.95, date: '2026-11-22' },
          { registry: 'portkey', lowUsd: 1.2 },
        ],
        percent: expect.closeTo(26.3, 1),
      },
      { field: 'output', percent: 12.5 },
      { field: 'cache read', percent: expect.closeTo(5.3, 1) },
    ]);
  });

  it('are told with those that the catalog holds, but not for what was read before a new price began', () => {
    const [first] = importedTexts({ 'a.json': files['a.json'] }).disagreements;
    expect(first?.claims).toMatchObject([
      { registry: 'models.dev', date: '2026-11-22' },
      { registry: 'portkey', date: '2026-08-21' },
    ]);
    const began = {
      vendor: 'together',
      models: [{ id: 'kimi-k2.7-code', price_history: [{ input: 0.5, output: 2, from_date: '2026-11-01', to_date: null }] }],
    };
    expect(importedData(began).disagreements).toEqual([]);
  });

  it('are not told for 5 %', () => {
    expect(importedData(modelsDev('moonshotai', 'kimi-k2.7-code', { ...K27, input: 0.9975 })).disagreements).toEqual([]);
    expect(importedData(modelsDev('moonshotai', 'kimi-k2.7-code', { ...K27, input: 0.998 })).disagreements).toHaveLength(1);
  });
});

describe('a price far from all others of its model', () => {
  const slip = {
    'MiniMax-M2.7': {
      pricing_config: { currency: 'USD', pay_as_you_go: { request_token: { price: 3e-7 }, response_token: { price: 1.2e-6 } } },
    },
  };

  it('is held back, with the median that it was held against', () => {
    const { rows, refused, answer, added } = importedData(slip, { ...READ_ON, provider: 'minimax' });
    expect([rows, added, answer]).toEqual([[], 0, '1 held back.']);
    expect(refused).toMatchObject([
      {
        kind: 'outlier',
        code: 'contradiction',
        where: 'prices.json:5: ["MiniMax-M2.7"].pricing_config.pay_as_you_go',
        value: '0.003',
        message: expect.stringContaining('held back: input at 0.003 is ten times or more away from'),
        allowed: 'a price of the usual size, or --keep-outliers',
      },
    ]);
  });

  it('is kept as asked, and said so', () => {
    const { rows, notes, refused } = importedData(slip, { ...READ_ON, provider: 'minimax', keepOutliers: true });
    expect([rows.length, refused]).toEqual([1, []]);
    expect(notes.at(-1)).toMatch(/^Kept as asked: portkey:minimax:minimax-m2\.7@2026-11-22, input at 0\.003 is ten times/);
  });

  it('may be the output alone, and needs another price', () => {
    const price = (id: string, input: number, output: number) => ({ id, model: 'm', inputUsdPerMtok: input, outputUsdPerMtok: output });
    const others = [price('a', 1, 4), price('b', 1.1, 4), price('c', 0.9, 4)];
    expect(outlierOf(price('x', 1, 40), others)).toEqual({ side: 'output', price: 40, median: 4 });
    expect(outlierOf(price('x', 1, 0.4), others)).toMatchObject({ side: 'output' });
    expect(outlierOf(price('x', 9.9, 39), others)).toBeNull();
    expect(outlierOf(price('x', 1, 1), [])).toBeNull();
    expect(outlierOf(price('a', 100, 400), [price('a', 100, 400)])).toBeNull();
  });

  it('is far in whatever unit prices are written', () => {
    const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1, maxLength: 9 }), positive, fc.constantFrom(1 / 64, 4, 1024), (inputs, own, scale) => {
        const far = (factor: number) =>
          outlierOf(
            { id: 'x', model: 'm', inputUsdPerMtok: own * factor, outputUsdPerMtok: 1 },
            inputs.map((input, index) => ({ id: `${index}`, model: 'm', inputUsdPerMtok: input * factor, outputUsdPerMtok: 1 })),
          ) !== null;
        expect(far(scale)).toBe(far(1));
      }),
    );
  });
});
