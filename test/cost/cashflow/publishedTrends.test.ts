import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { trendFactor } from '../../../src/cost/cashflow/trend.ts';
import { daysBetween } from '../../../src/units/time.ts';

const { trends, offers, sources } = loadCatalog();
const PRICES = new URL('../../../../shared/facts/api-prices.csv', import.meta.url);

const bandOf = (id: string) => trends.find((trend) => trend.id === id)?.perYear ?? { low: Number.NaN, value: Number.NaN, high: Number.NaN };

describe('published trends', () => {
  it.each(trends.map((trend) => [trend.id, trend] as const))('%s has a source and leaves something of a price', (_, { perYear }) => {
    expect(sources[perYear.source]?.ref).toBeTruthy();
    for (const change of [perYear.low, perYear.value, perYear.high])
      expect(trendFactor([{ kind: 'rate', perYear: change }], 36)).toBeGreaterThan(0);
  });

  it('of rents in 2026 follow from the offers', () => {
    const price = (gpu: string, date: string) =>
      offers.find((offer) => offer.provider === 'lambda' && offer.gpu === gpu && offer.gpusPerInstance === 8 && offer.date === date)
        ?.usdPerGpuHour ?? Number.NaN;
    const years = daysBetween('2026-03-16', '2026-09-20') / 365;
    const changes = ['h100-sxm', 'b200-sxm'].map((gpu) => (price(gpu, '2026-09-20') / price(gpu, '2026-03-16')) ** (1 / years) - 1);
    expect(changes[0]).toBeCloseTo(bandOf('gpu-rent-2026').low, 3);
    expect(changes[1]).toBeCloseTo(bandOf('gpu-rent-2026').high, 3);
  });

  it('of equal quality are the published multiples', () => {
    const { low, value, high } = bandOf('api-equal-quality');
    expect([low, value, high].map((change) => 1 / (1 + change)).map((times) => Number(times.toPrecision(2)))).toEqual([900, 40, 9]);
    expect(bandOf('api-equal-quality-a16z').low).toBeCloseTo(62 ** (-12 / 20) - 1, 4);
    expect(bandOf('gpu-rent-2024-2026').value).toBeCloseTo((2.95 / 7) ** (12 / 28) - 1, 2);
  });
});

describe.skipIf(!existsSync(PRICES))('the trend of one model against the collection of facts', () => {
  it('is what the registries show', () => {
    const rows = parse(readFileSync(PRICES, 'utf8'), { columns: true }) as Record<string, string>[];
    const at = (date: string) =>
      new Map(
        rows
          .filter((row) => row['provider'] === 'openrouter' && row['as_of'] === date)
          .map((row) => [row['model'], Number(row['input_usd_per_mtok']) + Number(row['output_usd_per_mtok'])]),
      );
    const [before, after] = [at('2026-07-02'), at('2026-09-23')];
    const changes = [...before]
      .flatMap(([model, usd]) => (usd > 0 && (after.get(model) ?? 0) > 0 ? [(after.get(model) ?? 0) / usd - 1] : []))
      .sort((a, b) => a - b);
    const percentile = (share: number) => changes[Math.floor(share * changes.length)];
    const { low, value, high } = bandOf('api-same-model');
    expect(changes.length).toBe(80);
    expect(changes.filter((change) => change === 0).length).toBe(55);
    expect(percentile(0.1)).toBeCloseTo(low, 3);
    expect(percentile(0.5)).toBe(value);
    expect(percentile(0.9)).toBeCloseTo(high, 3);
  });
});
