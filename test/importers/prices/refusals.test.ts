import { describe, expect, it } from 'vitest';
import { importedData, importedTexts, READ_ON, refusals } from './support.ts';

const GOOD = { litellm_provider: 'moonshot', mode: 'chat', input_cost_per_token: 9.5e-7, output_cost_per_token: 4e-6 };

/** A LiteLLM file with a good row beside the one in question. */
function beside(entry: unknown, name = 'moonshot/kimi-k2.6') {
  return importedData({ [name]: entry, 'moonshot/kimi-k2.7-code': GOOD });
}

describe('a row that cannot be meant', () => {
  it.each([
    ['input_cost_per_token', -1e-6, 'invalid'],
    ['input_cost_per_token', '9,5e-07', 'invalid'],
    ['input_cost_per_token', '0.95 USD', 'invalid'],
    ['input_cost_per_token', 'cheap', 'invalid'],
    ['input_cost_per_token', '', 'invalid'],
    ['input_cost_per_token', true, 'invalid'],
    ['input_cost_per_token', [], 'invalid'],
    ['input_cost_per_token', {}, 'invalid'],
    ['output_cost_per_token', null, 'missing'],
    ['cache_read_input_token_cost', 'nan', 'invalid'],
    ['cache_read_input_token_cost', '-1e-9', 'invalid'],
  ])('%s = %j is told with its line, its field and what is allowed, and the others are read', (field, value, code) => {
    const { rows, refused } = beside({ ...GOOD, [field]: value });
    expect(rows.map(({ model }) => model)).toEqual(['kimi-k2.7-code']);
    expect(refused).toMatchObject([
      { kind: 'broken', code, where: expect.stringMatching(`^prices\\.json:\\d: \\["moonshot/kimi-k2\\.6"\\]\\.${field}$`) },
    ]);
    expect(refused[0]?.allowed).toMatch(/^a /);
  });

  it.each(['NaN', 'Infinity', '-Infinity', '1e309', '-1e309'])('%s is told as what it is', (word) => {
    const text = JSON.stringify(
      { 'moonshot/kimi-k2.6': { ...GOOD, input_cost_per_token: 'HERE' }, 'moonshot/kimi-k2.7-code': GOOD },
      null,
      1,
    );
    const { rows, refused } = importedTexts({ 'prices.json': text.replace('"HERE"', word) });
    expect(rows).toHaveLength(1);
    expect(refused).toMatchObject([
      { kind: 'broken', value: word.replace('1e309', 'Infinity'), where: expect.stringContaining('prices.json:5: ') },
    ]);
  });

  it.each([
    [{ cache_read_input_token_cost: 9.6e-7 }, 'contradiction', 'a cache read costs more than fresh input'],
    [{ output_cost_per_token: 0 }, 'invalid', 'output costs nothing'],
    [{ input_cost_per_token: 0 }, 'invalid', 'input costs nothing'],
    [{ input_cost_per_token: 2 }, 'invalid', 'no plausible input price'],
    [{ output_cost_per_token: 1e-13 }, 'invalid', 'no plausible output price'],
    [{ input_cost_per_token_above_200k_tokens: 1e-7, cache_read_input_token_cost: 2e-7 }, 'contradiction', 'above 200000 input tokens'],
    [{ tiered_pricing: [{ range: [10, 20], input_cost_per_token: 1e-6 }] }, 'invalid', 'not one step begins at 0'],
  ])('%j is refused', (change, code, words) => {
    const { rows, refused } = beside({ ...GOOD, ...change });
    expect(rows).toHaveLength(1);
    expect(refused).toMatchObject([{ kind: 'broken', code, message: expect.stringContaining(words) }]);
  });

  it.each([[null], [5], ['text'], [[1]]])('%j in the place of a model is refused alone', (entry) => {
    const { rows, refused } = beside(entry);
    expect([rows.length, refused.map(({ kind }) => kind)]).toEqual([1, ['broken']]);
  });

  it('loses one tier and not the others', () => {
    const { rows, refused } = beside({ ...GOOD, input_cost_per_token_batches: 'x', output_cost_per_token_batches: 2e-6 });
    expect(rows.map(({ model, tier }) => `${model} ${tier}`)).toEqual(['kimi-k2.6 standard', 'kimi-k2.7-code standard']);
    expect(refused).toMatchObject([{ where: expect.stringContaining('input_cost_per_token_batches') }]);
  });

  it('may say again what an earlier one says', () => {
    const { rows, refused } = importedData({ 'kimi-k2.6': GOOD, 'moonshot/kimi-k2.6': GOOD });
    expect([rows.length, refused]).toEqual([1, []]);
  });

  it('stands twice under one id', () => {
    const answer = importedData({
      moonshotai: { models: { 'kimi-k2.6': { cost: { input: 0.95, output: 4 } }, 'Kimi-K2.6': { cost: { input: 0.9, output: 4 } } } },
    });
    expect(answer.rows).toMatchObject([{ inputUsdPerMtok: 0.95 }]);
    expect(answer.refused).toMatchObject([
      { kind: 'duplicate', code: 'contradiction', value: 'models.dev:moonshotai:kimi-k2.6@2026-11-22' },
    ]);
  });
});

describe('a row that is no price of tokens', () => {
  it('describes the file', () => {
    expect(refusals(importedData({ sample_spec: GOOD, 'moonshot/kimi-k2.6': GOOD }))).toEqual(['template prices.json:2: sample_spec']);
    const portkey = { default: { pricing_config: { currency: 'USD' } } };
    expect(refusals(importedData(portkey, READ_ON, 'moonshot.json'))).toEqual(['template moonshot.json:2: default']);
  });

  it('costs nothing: it is not metered, and what it cost before is told', () => {
    const { refused } = beside({ ...GOOD, input_cost_per_token: 0, output_cost_per_token: 0.0 });
    expect(refused).toMatchObject([
      { kind: 'not-metered', message: expect.stringMatching(/not metered is not free; on 2026-\d\d-\d\d it was 0\.95 \/ 4$/) },
    ]);
    const unknown = importedData({ somebody: { models: { 'kimi-k2.6': { cost: { input: 0, output: 0 } }, 'kimi-k2.5': {} } } });
    expect(unknown.refused.map(({ kind }) => kind)).toEqual(['not-metered', 'not-metered']);
    expect(unknown.notes.join()).toContain('not metered and not free: 2.');
  });

  it.each([
    [{ 'moonshot/kimi-k2.6': { litellm_provider: 'moonshot', output_cost_per_second: 0.01 } }, 'prices.json'],
    [{ 'kimi-k2.6': { pricing_config: { currency: 'USD', pay_as_you_go: { image: { default: { price: 4 } } } } } }, 'moonshot.json'],
    [[{ id: 'moonshotai', models: [{ id: 'kimi-k2.6', match: {}, prices: { requests_kcount: 5 } }] }], 'prices.json'],
    [[{ modelName: 'kimi-k2.6', pricingTiers: [{ isDefault: true, prices: { total: 1 } }] }], 'prices.json'],
  ])('is priced otherwise: %j', (document, name) => {
    expect(importedData(document, READ_ON, name).refused).toMatchObject([{ kind: 'not-per-token', code: 'unsupported' }]);
  });

  it('is of another kind of model, and only counted', () => {
    const { refused, registries, notes } = importedData({
      'moonshot/kimi-k2.6': { ...GOOD, mode: 'embedding' },
      'text-embedding-3-small': { input_cost_per_token: -1, litellm_provider: 'openai' },
      'gpt-image-2': { input_cost_per_token: 'x', litellm_provider: 'openai', mode: 'chat' },
    });
    expect([refused, registries[0]?.otherKinds, registries[0]?.otherModels]).toEqual([[], 2, 1]);
    expect(notes).toContain('Models that embed, rank, speak or draw: 2.');
  });

  it('is in a currency that is not known, or has no rate', () => {
    const config = { pay_as_you_go: { request_token: { price: 0.0001 }, response_token: { price: 0.0004 } } };
    const of = (currency?: string) =>
      importedData({ 'kimi-k2.6': { pricing_config: { ...config, ...(currency ? { currency } : {}) } } }, READ_ON, 'moonshot.json');
    expect(of('USD').rows).toHaveLength(1);
    expect(of().refused).toMatchObject([
      { kind: 'broken', code: 'missing', message: expect.stringContaining('the currency is not known') },
    ]);
    expect(of('dollars').refused).toMatchObject([{ kind: 'broken', code: 'missing' }]);
    expect(of('CNY').refused).toMatchObject([{ kind: 'broken', value: 'CNY', allowed: expect.stringContaining('exchange-rates.csv') }]);
  });
});

describe('a file', () => {
  it.each([['{"a": 1}'], ['[]'], ['[1, 2]'], ['{"models": {}}'], ['{"prices": []}'], ['{"openai": {"models": {"gpt": {}}}}']])(
    '%s is of no known registry',
    (text) => {
      const { rows, refused } = importedTexts({ 'x.json': text });
      expect(rows).toEqual([]);
      expect(refused).toMatchObject([{ kind: 'file', code: 'invalid', allowed: expect.stringContaining('models.dev') }]);
    },
  );

  it('of Portkey that does not say whose prices it holds is refused, unless the option says it', () => {
    const document = {
      'kimi-k2.6': {
        pricing_config: { currency: 'USD', pay_as_you_go: { request_token: { price: 0.0001 }, response_token: { price: 0.0004 } } },
      },
    };
    expect(importedData(document, READ_ON, 'download.json').refused).toMatchObject([
      { kind: 'file', code: 'missing', allowed: expect.stringContaining('--provider') },
    ]);
    expect(importedData(document, { ...READ_ON, provider: 'Somebody Else' }, 'download.json').rows).toMatchObject([
      { id: 'portkey:somebody-else:kimi-k2.6@2026-11-22', provider: 'somebody-else' },
    ]);
  });

  it('in another unit is refused', () => {
    const models = { 'gpt-5.5': { provider: 'openai', input: 0.005, output: 0.03 } };
    expect(importedData({ unit: 'USD per 1K tokens', models }).refused).toMatchObject([
      { kind: 'broken', where: 'prices.json:2: unit', value: 'USD per 1K tokens' },
    ]);
    expect(importedData({ models }).refused).toMatchObject([{ kind: 'broken', code: 'missing' }]);
  });

  it('that is broken does not lose the others', () => {
    const good = JSON.stringify({ 'moonshot/kimi-k2.7-code': GOOD });
    const { rows, refused } = importedTexts({ 'bad.json': '{"a": ', 'good.json': good });
    expect([rows.length, refused.map(({ kind, where }) => `${kind} ${where}`)]).toEqual([1, ['file bad.json:1']]);
  });
});
