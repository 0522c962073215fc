import { describe, expect, it } from 'vitest';
import { billedTokens } from '../../src/cost/apiBill.ts';
import type { Offer } from '../../src/cost/offer.ts';
import { chosenOffer, medianOffer } from '../../src/cost/offerChoice.ts';
import type { Tariff } from '../../src/cost/tariff.ts';
import { cheapestHost, listTariff } from '../../src/cost/tariffChoice.ts';
import type { Gpu } from '../../src/hardware/gpu.ts';

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
  usdPerGpuHour,
  date,
  source: provider,
  ...more,
});

describe('medianOffer', () => {
  it('takes the median of the last 90 days and their range', () => {
    const offers = [
      offer('a', 3, '2026-09-20'),
      offer('b', 4, '2026-09-20'),
      offer('c', 9, '2026-11-22'),
      offer('old', 1, '2026-08-23'),
      offer('s', 0.5, '2026-10-01', { pricing: 'spot' }),
    ];
    expect(medianOffer(offers, gpu, AS_OF)).toMatchObject({
      usdPerGpuHour: { low: 3, value: 4, high: 9 },
      gpusPerInstance: 8,
      warning: null,
    });
  });

  it('knows nothing later than the day, and the newest row of a product replaces the older', () => {
    const offers = [offer('a', 3, '2026-09-20'), offer('a', 5, '2026-10-20'), offer('a', 100, '2026-11-23')];
    expect(medianOffer(offers, gpu, AS_OF)).toMatchObject({ usdPerGpuHour: { low: 5, value: 5, high: 5 } });
    expect(medianOffer(offers, gpu, '2026-10-01')).toMatchObject({ usdPerGpuHour: { value: 3 } });
  });

  it('falls back to the newest older offer with its age, then to ownership as assumed, then to nothing', () => {
    const owned = offer('tco', 1.4, '2026-04-03', { pricing: 'ownership-model' });
    expect(medianOffer([offer('a', 3, '2026-03-16'), owned], gpu, AS_OF)).toMatchObject({
      id: 'h200-sxm/latest',
      warning: expect.stringContaining('251 days'),
    });
    expect(medianOffer([owned], gpu, AS_OF)).toMatchObject({ id: 'h200-sxm/ownership', usdPerGpuHour: { basis: 'assumed' } });
    expect(medianOffer([], gpu, AS_OF)).toBeNull();
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
      warning: expect.stringContaining('1 GPUs at a time'),
    });
  });
});

const tariff = (provider: string, input: number, date: string, more: Partial<Tariff> = {}): Tariff => ({
  id: `${provider}@${date}`,
  provider,
  providerName: provider,
  providerKind: 'host',
  model: 'm',
  tier: 'standard',
  inputUsdPerMtok: input,
  cacheReadUsdPerMtok: 0.1,
  outputUsdPerMtok: 4,
  date,
  source: provider,
  ...more,
});

describe('tariffs', () => {
  const vendor = { providerKind: 'vendor' } as const;
  const request = billedTokens(1000, 10, 0.5);

  it('lists the vendor at its newest price of the day', () => {
    const tariffs = [
      tariff('v', 1, '2026-01-01', vendor),
      tariff('v', 2, '2026-06-01', vendor),
      tariff('v', 3, '2026-12-01', vendor),
      tariff('v', 0.1, '2026-06-01', { ...vendor, tier: 'batch' }),
    ];
    expect(listTariff(tariffs, 'm', AS_OF)?.inputUsdPerMtok).toBe(2);
    expect(listTariff(tariffs, 'm', '2025-12-31')).toBeNull();
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
});
