import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { type DataDiffAnswer, dataDiff } from '../../../src/plan/facts/dataDiff.ts';
import { disagreements } from '../../../src/plan/facts/disagreements.ts';
import { offerFact, tariffFact } from '../../../src/plan/facts/priceFact.ts';
import { dataDiffSchema } from '../../../src/report/schema/dataDiff.ts';
import { offer, tariff } from './support.ts';

/** A type without readonly, all the way down. */
type Plain<T> = T extends readonly (infer Item)[] ? Plain<Item>[] : T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;

const portkey = (changes: Parameters<typeof tariff>[0] = {}) =>
  tariff({ id: 'portkey:together-ai:kimi-k2.6', date: '2026-08-21', source: 'sources#portkey-models', ...changes });

describe('disagreements', () => {
  it('are prices that differ by more than the threshold between the newest rows of registries', () => {
    const rows = [
      tariff({ inputUsdPerMtok: 9, date: '2026-01-01' }),
      tariff({ id: 'models.dev:together:kimi-k2.6@2', inputUsdPerMtok: 0.95 }),
      portkey({ outputUsdPerMtok: 4.6 }),
    ];
    expect(disagreements(rows.map(tariffFact), 5)).toEqual([
      {
        kind: 'tariff',
        provider: 'together',
        subject: 'kimi-k2.6',
        product: 'standard',
        field: 'input',
        percent: 26.3,
        claims: [
          {
            registry: 'models.dev',
            date: '2026-07-02',
            ids: ['models.dev:together:kimi-k2.6@2'],
            lowUsd: 0.95,
            highUsd: 0.95,
            published: true,
            own: false,
          },
          {
            registry: 'portkey',
            date: '2026-08-21',
            ids: ['portkey:together-ai:kimi-k2.6'],
            lowUsd: 1.2,
            highUsd: 1.2,
            published: true,
            own: false,
          },
        ],
      },
    ]);
    expect(disagreements(rows.map(tariffFact), 2).map(({ field }) => field)).toEqual(['input', 'output']);
    expect(disagreements(rows.map(tariffFact), 30)).toEqual([]);
  });

  it('count what is billed where a price is not published, and nothing where nobody publishes it', () => {
    const found = disagreements([tariff(), portkey({ cacheReadUsdPerMtok: null })].map(tariffFact), 5);
    expect(found).toMatchObject([{ field: 'cache read', percent: 500, claims: [{ published: true }, { published: false, lowUsd: 1.2 }] }]);
  });

  it('are none where ranges of a registry with several rows meet the others', () => {
    const twins = [0.5, 0.6].map((usd, index) => tariff({ id: `models.dev:hf:${index}`, inputUsdPerMtok: usd }));
    expect(disagreements([...twins, portkey({ inputUsdPerMtok: 0.6 })].map(tariffFact), 5)).toEqual([]);
    expect(disagreements([...twins, portkey({ inputUsdPerMtok: 0.9 })].map(tariffFact), 5)).toMatchObject([
      { percent: 50, claims: [{ lowUsd: 0.5, highUsd: 0.6 }, { lowUsd: 0.9 }] },
    ]);
  });

  it('among offers are on demand, of one size, by source', () => {
    const rows = [
      offer(),
      offer({ id: 'b', usdPerGpuHour: 3.99, source: 'sources#lambda-pricing', instance: '8x H100', date: '2026-09-20' }),
      offer({ id: 'c', usdPerGpuHour: 9, source: 'sources#x', gpusPerInstance: 1 }),
      offer({ id: 'd', usdPerGpuHour: 1, source: 'sources#x', pricing: 'spot' }),
      offer({ id: 'e', usdPerGpuHour: 4, source: 'user', region: 'us-east-1', date: '2026-11-20' }),
    ];
    expect(disagreements(rows.map(offerFact), 5)).toMatchObject([
      {
        product: 'on-demand, 8 GPUs',
        percent: 16.3,
        claims: [{ registry: 'ai-infra-index' }, { registry: 'lambda-pricing' }, { registry: 'own', own: true }],
      },
    ]);
  });
});

describe('kplan data diff', () => {
  const catalog = loadCatalog();

  it('has a schema that is the type of its answer', () => {
    expectTypeOf<Plain<z.infer<typeof dataDiffSchema>>>().toEqualTypeOf<Plain<DataDiffAnswer>>();
  });

  it('finds what is known of the catalog: registries differ about Together, DeepSeek and AWS changed', () => {
    const answer = dataDiff(catalog, { asOf: '2026-11-22' });
    expect(dataDiffSchema.parse(answer)).toEqual(answer);
    expect(answer.compared).toEqual({ tariffs: catalog.tariffs.length, offers: catalog.offers.length });
    const about = answer.disagreements.filter(({ provider, subject }) => provider === 'together' && subject === 'kimi-k2.7-code');
    expect(about.map(({ field, percent }) => [field, percent])).toEqual([
      ['input', 26.3],
      ['output', 12.5],
      ['cache read', 5.3],
    ]);
    expect(answer.changes).toContainEqual(
      expect.objectContaining({
        newId: 'genai-prices:deepseek:deepseek-v4-pro-2',
        newSince: '2026-08-17',
        fields: expect.arrayContaining([{ field: 'output', oldUsd: 0.87, newUsd: 1.98, percent: 127.6 }]),
      }),
    );
    expect(answer.changes).toContainEqual(
      expect.objectContaining({ provider: 'aws', fields: [{ field: 'GPU-hour', oldUsd: 12.29, newUsd: 6.88, percent: -44 }] }),
    );
  });

  it('keeps to a model or a GPU, and to a day', () => {
    const model = dataDiff(catalog, { asOf: '2026-11-22', model: 'K2.7-Code' });
    expect([model.compared.offers, model.query['model']]).toEqual([0, 'kimi-k2.7-code']);
    const gpu = dataDiff(catalog, { asOf: '2026-11-22', gpu: 'h100,h200' });
    expect([gpu.compared.tariffs, gpu.query['gpu']]).toEqual([0, 'h100-sxm, h200-sxm']);
    const early = dataDiff(catalog, { asOf: '2026-07-31' });
    expect(early.disagreements.every(({ claims }) => claims.every(({ date }) => date <= '2026-07-31'))).toBe(true);
  });

  it('puts own rows beside those of the catalog', () => {
    const newest = offer({ id: 'own', instance: '8x H100 SXM', usdPerGpuHour: 5, date: '2026-11-20', source: 'user' });
    const answer = dataDiff(catalog, { asOf: '2026-11-22', gpu: 'h100', ownOffers: [newest] });
    expect(answer.changes[0]).toMatchObject({ newId: 'own', own: true, fields: [{ oldUsd: 3.99, newUsd: 5 }] });
    expect(answer.disagreements[0]?.claims.at(-1)).toMatchObject({ registry: 'lenovo-lp2225' });
  });

  it.each([
    [{ asOf: '2026-02-30' }, '--as-of'],
    [{ asOf: '2026-11-22', thresholdPercent: -1 }, '--threshold'],
    [{ asOf: '2026-11-22', thresholdPercent: Number.NaN }, '--threshold'],
    [{ asOf: '2026-11-22', model: 'kimi-k9' }, '--model'],
    [{ asOf: '2026-11-22', gpu: 'h10O' }, '--gpu'],
  ])('refuses %j', (query, where) => {
    expect(() => dataDiff(catalog, query)).toThrow(where);
  });
});
