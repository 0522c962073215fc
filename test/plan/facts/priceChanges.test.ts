import { describe, expect, it } from 'vitest';
import { priceChanges, risePercent } from '../../../src/plan/facts/priceChanges.ts';
import { offerFact, tariffFact } from '../../../src/plan/facts/priceFact.ts';
import { conditionOf } from '../../support/tariffs.ts';
import { offer, tariff } from './support.ts';

describe('changes of price', () => {
  it('a newer row of a registry follows the older one, field by field', () => {
    const before = tariff();
    const after = tariff({
      id: 'models.dev:together:kimi-k2.6@2026-10-01',
      inputUsdPerMtok: 0.95,
      cacheReadUsdPerMtok: null,
      date: '2026-10-01',
      source: 'user',
    });
    expect(priceChanges([after, before].map(tariffFact))).toEqual([
      {
        kind: 'tariff',
        provider: 'together',
        subject: 'kimi-k2.6',
        product: 'standard',
        registry: 'models.dev',
        oldId: before.id,
        newId: after.id,
        oldSince: '2026-07-02',
        newSince: '2026-10-01',
        own: true,
        fields: [
          { field: 'input', oldUsd: 1.2, newUsd: 0.95, percent: -20.8 },
          { field: 'cache read', oldUsd: 0.2, newUsd: null, percent: 375 },
        ],
      },
    ]);
  });

  it('rows of another registry, provider, model or tier do not follow', () => {
    const rows = [
      tariff(),
      tariff({ id: 'portkey:together-ai:kimi-k2.6', inputUsdPerMtok: 2, date: '2026-08-21' }),
      tariff({ id: 'models.dev:x:y', provider: 'x', date: '2026-08-21' }),
      tariff({ id: 'models.dev:together:kimi-k2.6-fast', tier: 'fast', date: '2026-08-21' }),
      tariff({ id: 'models.dev:together:kimi-k2.7', model: 'kimi-k2.7-code', date: '2026-08-21' }),
    ];
    expect(priceChanges(rows.map(tariffFact))).toEqual([]);
  });

  it('intervals of one reading follow each other from the day on which they begin', () => {
    const [first, second] = [
      tariff({ id: 'genai-prices:deepseek:v4-1', until: '2026-08-17', date: '2026-09-23' }),
      tariff({ id: 'genai-prices:deepseek:v4-2', from: '2026-08-17', outputUsdPerMtok: 9, date: '2026-09-23' }),
    ];
    expect(priceChanges([second, first].map(tariffFact))).toMatchObject([
      { oldId: first.id, newId: second.id, oldSince: '', newSince: '2026-08-17', fields: [{ field: 'output', percent: 100 }] },
    ]);
  });

  it('rows that began together do not follow each other; each follows the row of its own name', () => {
    const twins = (date: string, usd: number) => [
      tariff({ id: `genai-prices:huggingface-novita:k@${date}`, inputUsdPerMtok: usd, date }),
      tariff({ id: `genai-prices:huggingface-together:k@${date}`, inputUsdPerMtok: usd / 2, date }),
    ];
    expect(priceChanges(twins('2026-07-02', 0.6).map(tariffFact))).toEqual([]);
    const later = priceChanges([...twins('2026-07-02', 0.6), ...twins('2026-09-23', 0.9)].map(tariffFact));
    expect(later.map(({ newId, fields }) => [newId, fields[0]?.oldUsd, fields[0]?.newUsd])).toEqual([
      ['genai-prices:huggingface-novita:k@2026-09-23', 0.6, 0.9],
      ['genai-prices:huggingface-together:k@2026-09-23', 0.3, 0.45],
    ]);
  });

  it('a condition that comes or goes counts against the base price; 271,999 and 272,000 are one tier', () => {
    const long = (aboveInputTokens: number, outputUsdPerMtok: number) => [
      conditionOf({ aboveInputTokens, inputUsdPerMtok: 1.2, cacheReadUsdPerMtok: 0.2, outputUsdPerMtok }),
    ];
    const rows = [
      tariff({ conditions: long(271_999, 9) }),
      tariff({ id: 'models.dev:together:kimi-k2.6@b', conditions: long(272_000, 9), date: '2026-08-01' }),
      tariff({ id: 'models.dev:together:kimi-k2.6@c', date: '2026-09-01' }),
    ];
    expect(priceChanges(rows.map(tariffFact)).map(({ fields }) => fields)).toEqual([
      [{ field: 'above 272,000 tokens: output', oldUsd: 9, newUsd: 4.5, percent: -50 }],
      [],
    ]);
  });

  it('offers follow by product, whatever their source; another instance, region or term is another product', () => {
    const newer = offer({ id: 'lambda:x@2026-11-20', usdPerGpuHour: 3.99, date: '2026-11-20', source: 'user' });
    const others = [
      { instance: 'other' },
      { region: 'us-east-1' },
      { termMonths: 12, pricing: 'reserved' as const },
      { pricing: 'spot' as const },
    ];
    const changes = priceChanges([offer(), newer, ...others.map((other) => offer({ ...other, date: '2026-11-21' }))].map(offerFact));
    expect(changes).toMatchObject([
      { newId: newer.id, own: true, fields: [{ field: 'GPU-hour', oldUsd: 3.44, newUsd: 3.99, percent: 16 }] },
    ]);
  });

  it('a confirmed price has no fields, and one that rose from zero no percent', () => {
    expect(priceChanges([offer(), offer({ id: 'b', date: '2026-11-20' })].map(offerFact))).toMatchObject([{ fields: [] }]);
    expect(risePercent(0, 1)).toBeNull();
  });
});
