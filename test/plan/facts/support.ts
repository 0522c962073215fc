import type { Offer } from '../../../src/cost/offer.ts';
import type { Tariff } from '../../../src/cost/tariff.ts';
import { tariffOf } from '../../support/tariffs.ts';

/** A tariff of one registry, some of it changed. */
export function tariff(changes: Partial<Tariff> = {}): Tariff {
  return tariffOf({
    id: 'models.dev:together:kimi-k2.6',
    provider: 'together',
    providerName: 'Together AI',
    providerKind: 'host',
    model: 'kimi-k2.6',
    inputUsdPerMtok: 1.2,
    cacheReadUsdPerMtok: 0.2,
    outputUsdPerMtok: 4.5,
    date: '2026-07-02',
    source: 'sources#models-dev',
    ...changes,
  });
}

/** An offer, some of it changed. */
export function offer(changes: Partial<Offer> = {}): Offer {
  return {
    id: 'lambda:h100-sxm:gpu-8x-h100-sxm5:any:on_demand@2026-03-16',
    provider: 'lambda',
    gpu: 'h100-sxm',
    gpusPerInstance: 8,
    instance: 'gpu_8x_h100_sxm5',
    region: '',
    pricing: 'on-demand',
    termMonths: null,
    usdPerGpuHour: 3.44,
    date: '2026-03-16',
    source: 'sources#ai-infra-index',
    ...changes,
  };
}
