import { describe, expect, it } from 'vitest';
import type { Offer } from '../../src/cost/offer.ts';
import { chosenOffer, medianOffer } from '../../src/cost/offerChoice.ts';
import type { Tariff } from '../../src/cost/tariff.ts';
import { cheapestHost, inForce, listTariff, standingTariffs } from '../../src/cost/tariffChoice.ts';
import { requestLeaves } from '../../src/cost/tokenLeaves.ts';
import type { Gpu } from '../../src/hardware/gpu.ts';
import { tariffOf } from '../support/tariffs.ts';

const gpu = { id: 'h200-sxm', name: 'H200', gpusPerNode: 8 } as Gpu;
const AS_OF = '2026-11-22';

const offer = (provider: string, usdPerGpuHour: number, date: string, more: Partial<Offer> = {}): Offer => ({
  id: `${provider}@${date}`,
  provider,
  gpu: 'h200-sxm',
  gpusPerInstance: null,
  instance: '',
  region: '',
  pricing: 'on-demand',
  termMonths: null,
  usdPerGpuHour,
  date,
  source: provider,
  ...more,
});

describe('medianOffer', () => {
  const three = [offer('a', 3, '2026-09-20'), offer('b', 4, '2026-09-20'), offer('c', 9, '2026-11-22')];
  const range = (low: number, value: number, high: number, basis: string) => ({ usdPerGpuHour: { low, value, high, basis } });

  it('takes the median over the providers of the last 90 days, and their range', () => {
    const others = [offer('old', 1, '2026-08-23'), offer('s', 0.5, '2026-10-01', { pricing: 'spot' })];
    const choice = medianOffer([...three, ...others], gpu, AS_OF);
    expect(choice).toMatchObject({ id: 'h200-sxm/median', gpusPerInstance: 8, warning: null, ...range(3, 4, 9, 'measured') });
    expect(choice?.offers.map(({ provider }) => provider)).toEqual(['a', 'b', 'c']);
    expect(choice?.source).toBe('b');
  });

  it('counts each provider once, with the median of its products', () => {
    const products = [1, 2, 9].map((usd, index) => offer('many', usd, '2026-10-01', { instance: `${index}` }));
    expect(medianOffer([...three, ...products], gpu, AS_OF)).toMatchObject(range(2, 3.5, 9, 'measured'));
  });

  it('says how many providers there are, which of them price whole nodes, and when', () => {
    const nodes = [offer('d', 5, '2026-10-01', { gpusPerInstance: 8 }), offer('e', 6, '2026-10-01', { gpusPerInstance: 4 })];
    const { method = '' } = medianOffer([...three, ...nodes], gpu, AS_OF) ?? {};
    expect(method).toContain('median over 5 providers');
    expect(method).toContain('in the 90 days before 2026-11-22, 1 of them pricing whole nodes');
    expect(method).toContain('band = range over these providers');
  });

  it('takes the band of a year, as assumed, where fewer than 3 providers are known', () => {
    const year = [offer('c', 1.5, '2026-03-16'), offer('d', 6, '2025-11-22'), offer('e', 99, '2025-11-21')];
    const choice = medianOffer([...three.slice(0, 2), ...year], gpu, AS_OF);
    expect(choice).toMatchObject({ id: 'h200-sxm/median', ...range(1.5, 3.5, 6, 'assumed') });
    expect(choice?.warning).toBe('H200: only 2 providers in 90 days; band from 4 list prices of a year, one per provider');
    expect(choice?.method).toContain('band = range over 4 providers in the 365 days before 2026-11-22');
    expect(choice?.offers.map(({ provider }) => provider)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('never has a band without width: a single price may be half as much again, or two thirds', () => {
    const choice = medianOffer([offer('a', 3, '2026-09-20')], gpu, AS_OF);
    expect(choice).toMatchObject(range(2, 3, 4.5, 'assumed'));
    expect(choice?.warning).toBe('H200: only 1 provider in 90 days; no second price in a year; band assumed, ×/÷ 1.5');
    expect(medianOffer([offer('a', 3, '2026-09-20'), offer('b', 3, '2026-01-20')], gpu, AS_OF)).toMatchObject(range(2, 3, 4.5, 'assumed'));
  });

  it('knows nothing later than the day, and the newest row of a product replaces the older', () => {
    const offers = [...three, offer('a', 5, '2026-10-20'), offer('a', 100, '2026-11-23')];
    expect(medianOffer(offers, gpu, AS_OF)).toMatchObject(range(4, 5, 9, 'measured'));
    expect(medianOffer(offers, gpu, '2026-10-01')).toMatchObject(range(3, 3.5, 4, 'assumed'));
  });

  it('knows a price dated to the month from its last day on', () => {
    const offers = [offer('a', 3, '2026-02')];
    expect(medianOffer(offers, gpu, '2026-02-27')).toBeNull();
    expect(medianOffer(offers, gpu, '2026-02-28')).toMatchObject({ usdPerGpuHour: { value: 3 } });
  });

  it('falls back to the newest older offers with their age', () => {
    const offers = [offer('a', 3, '2026-03-16'), offer('b', 4, '2026-03-16'), offer('c', 9, '2026-01-01')];
    const choice = medianOffer(offers, gpu, AS_OF);
    expect(choice).toMatchObject({ id: 'h200-sxm/latest', ...range(3, 3.5, 9, 'assumed') });
    expect(choice?.warning).toBe(
      'the newest on-demand price of H200 is 251 days old (2026-03-16); band from 3 list prices of a year, one per provider',
    );
    expect(medianOffer([offer('a', 3, '2025-01-01')], gpu, AS_OF)).toMatchObject(range(2, 3, 4.5, 'assumed'));
  });

  it('falls back to ownership models: what a neocloud pays, the others as ends of the band, no median of unlike figures', () => {
    const model = (instance: string, usd: number) => offer(instance, usd, '2026-04-03', { instance, pricing: 'ownership-model' });
    const models = [model('owned by a hyperscaler', 1.4), model('owned by a neocloud', 1.5), model('rented for 3 years', 2.1)];
    const choice = medianOffer(models, gpu, AS_OF);
    expect(choice).toMatchObject({ id: 'h200-sxm/ownership', source: 'owned by a neocloud', ...range(1.4, 1.5, 2.1, 'assumed') });
    expect(choice?.method).toContain('value = owned by a neocloud 1.5; band to owned by a hyperscaler 1.4 and rented for 3 years 2.1');
    expect(choice?.warning).toContain('nobody lists H200 on demand');
    expect(medianOffer([model('', 3)], gpu, AS_OF)).toMatchObject(range(2, 3, 4.5, 'assumed'));
    expect(medianOffer([...models, offer('a', 3, '2026-10-01')], gpu, AS_OF)).toMatchObject({ usdPerGpuHour: { value: 3 } });
    expect(medianOffer([], gpu, AS_OF)).toBeNull();
  });
});

describe('medianOffer by purchase', () => {
  const reserved = (provider: string, usd: number, termMonths: number | null, more: Partial<Offer> = {}) =>
    offer(provider, usd, '2026-10-01', { pricing: 'reserved', termMonths, ...more });
  const offers = [
    offer('a', 4, '2026-10-01'),
    offer('b', 2, '2026-10-01', { pricing: 'spot' }),
    reserved('c', 3.5, 12, { region: 'us' }),
    reserved('d', 2.5, 36),
    reserved('e', 2.1, null),
  ];
  const price = (wish: Parameters<typeof medianOffer>[3]) => medianOffer(offers, gpu, AS_OF, wish)?.usdPerGpuHour.value ?? null;

  it('looks up spot, and reserved by its term; a term that is not stated counts as reserved alone', () => {
    expect(price({ purchase: 'spot' })).toBe(2);
    expect(price({ purchase: 'reserved-1y' })).toBe(3.5);
    expect(price({ purchase: 'reserved-3y' })).toBe(2.5);
    expect(price({ purchase: 'reserved' })).toBe(2.5);
    expect(medianOffer(offers, gpu, AS_OF, { purchase: 'spot' })?.id).toBe('h200-sxm/spot');
  });

  it('keeps to a provider and a region, and falls back to nothing else', () => {
    expect(price({ purchase: 'reserved', provider: 'e' })).toBe(2.1);
    expect(price({ purchase: 'reserved', region: 'us' })).toBe(3.5);
    expect(price({ purchase: 'spot', provider: 'a' })).toBeNull();
  });
});

describe('chosenOffer', () => {
  it('has no band, and says so where it bills single GPUs', () => {
    expect(chosenOffer(offer('a', 3, AS_OF), gpu)).toMatchObject({
      usdPerGpuHour: { low: 3, high: 3, basis: 'exact' },
      gpusPerInstance: 8,
      warning: null,
    });
    expect(chosenOffer(offer('a', 3, AS_OF, { gpusPerInstance: 1 }), gpu)).toMatchObject({
      gpusPerInstance: 1,
      warning: expect.stringContaining('1 GPU at a time'),
    });
  });
});

const tariff = (provider: string, input: number, date: string, more: Partial<Tariff> = {}): Tariff =>
  tariffOf({
    id: `${provider}@${date}`,
    provider,
    providerKind: 'host',
    model: 'm',
    inputUsdPerMtok: input,
    cacheReadUsdPerMtok: 0.1,
    date,
    source: provider,
    ...more,
  });

describe('tariffs', () => {
  const vendor = { providerKind: 'vendor' } as const;
  const request = requestLeaves(1000, 10, { reuse: 0.5, writeShare: 0, thinkingShare: 0 });

  it('lists the vendor at its newest price of the day', () => {
    const tariffs = [
      tariff('v', 1, '2026-01-01', vendor),
      tariff('v', 2, '2026-06-01', vendor),
      tariff('v', 3, '2026-12-01', vendor),
      tariff('v', 0.1, '2026-06-01', { ...vendor, tier: 'batch' }),
    ];
    expect(listTariff(tariffs, 'm', AS_OF)?.inputUsdPerMtok).toBe(2);
    expect(listTariff(tariffs, 'm', '2025-12-31')).toBeNull();
    expect(listTariff([tariff('v', 1, '2026-06', vendor)], 'm', '2026-06-29')).toBeNull();
    expect(listTariff([tariff('v', 1, '2026-06', vendor)], 'm', '2026-06-30')?.inputUsdPerMtok).toBe(1);
  });

  it('finds the cheapest standard host for the request, by the newest row of each', () => {
    const tariffs = [
      tariff('dear', 2, '2026-11-01'),
      tariff('raised', 0.1, '2026-10-01'),
      tariff('raised', 3, '2026-11-01'),
      tariff('stale', 0.1, '2026-05-01'),
      tariff('router', 0.1, '2026-11-01', { providerKind: 'router' }),
      tariff('cacheless', 1.5, '2026-11-01', { cacheReadUsdPerMtok: null }),
      tariff('good', 1.6, '2026-11-01'),
    ];
    expect(cheapestHost(tariffs, 'm', AS_OF, request)?.provider).toBe('good');
    expect(cheapestHost([], 'm', AS_OF, request)).toBeNull();
  });

  it('goes by the interval of a price where it states one, else by the day on which its registry was read', () => {
    const dated = tariff('d', 1, '2026-09-23', { from: '2026-03-13', until: '2026-08-17' });
    expect(['2026-03-12', '2026-03-13', '2026-08-16', '2026-08-17'].map((day) => inForce(dated, day))).toEqual([false, true, true, false]);
    expect(inForce(tariff('d', 1, '2026-09-23', { until: '2026-08-17' }), '2026-01-01')).toBe(true);
    expect(inForce(tariff('d', 1, '2026-09-23'), '2026-09-22')).toBe(false);
    const after = tariff('d', 2, '2026-09-23', { from: '2026-08-17' });
    expect(
      listTariff(
        [
          { ...dated, providerKind: 'vendor' },
          { ...after, providerKind: 'vendor' },
        ],
        'm',
        AS_OF,
      )?.inputUsdPerMtok,
    ).toBe(2);
  });

  it('keeps the newest row of each provider and tier', () => {
    const rows = [
      tariff('a', 1, '2026-01-01'),
      tariff('a', 2, '2026-02-01'),
      tariff('a', 3, '2026-02-01', { tier: 'batch' }),
      tariff('b', 4, '2026-01-01'),
    ];
    const prices = (wish: object) => standingTariffs(rows, { model: 'm', ...wish }, AS_OF).map(({ inputUsdPerMtok }) => inputUsdPerMtok);
    expect(prices({})).toEqual([2, 3, 4]);
    expect(prices({ provider: 'a' })).toEqual([2, 3]);
    expect(prices({ tier: 'standard' })).toEqual([2, 4]);
  });
});
