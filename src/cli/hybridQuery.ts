import { Fault } from '../faults/fault.ts';
import type { DemandProfile } from '../plan/hybrid/demandHours.ts';
import type { HybridQuery } from '../plan/hybrid/hybrid.ts';
import { hostingQueryOf } from './hostingQuery.ts';
import type { HybridOptions, ProfileWords } from './hybridOptions.ts';

const QUANTILE = /^\s*(\d+(?:\.\d+)?)\s*%?\s*=\s*(\d+(?:\.\d+)?(?:e\d{1,2})?)\s*(k|M|B)?\s*$/;
const FACTORS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, B: 1e9 };

function quantilesIn(text: string): DemandProfile {
  const points = text.split(',').map((part) => {
    const [, percent, rate, unit] = QUANTILE.exec(part) ?? [];
    if (percent === undefined || rate === undefined)
      throw new Fault('invalid', 'not a quantile', {
        where: '--quantiles',
        value: part,
        allowed: 'PERCENT=TOKENS a second, such as 0=110k,50=222k,90=290k,100=327k',
      });
    return { share: Number(percent) / 100, tokensPerSecond: Number(rate) * (unit === undefined ? 1 : (FACTORS[unit] ?? 1)) };
  });
  return { kind: 'quantiles', points };
}

/** The demand by the hour that a file or a list states. */
export async function profileOf({ hourly, quantiles }: ProfileWords): Promise<DemandProfile | undefined> {
  if (hourly !== undefined && quantiles !== undefined)
    throw new Fault('contradiction', 'demand is said twice', { where: '--quantiles', value: quantiles, allowed: 'without --hourly' });
  if (quantiles !== undefined) return quantilesIn(quantiles);
  if (hourly === undefined) return undefined;
  const { readHourlyFile } = await import('../importers/usage/hourlyFile.ts');
  return { kind: 'hours', ...readHourlyFile(hourly) };
}

/**
 * Reads the words of `kplan hybrid` into a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export async function hybridQueryOf(options: HybridOptions): Promise<HybridQuery> {
  const profile = await profileOf(options);
  return { ...hostingQueryOf(options), terms: false, ...(profile ? { profile } : {}) };
}
