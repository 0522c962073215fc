import type { Tariff } from '../../cost/tariff.ts';
import { effectiveDate, listTariff } from '../../cost/tariffChoice.ts';
import { leavesOf, type TokenLeaves } from '../../cost/tokenLeaves.ts';
import { lastDay } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import type { PricedToken, TokenMix } from './moneyClaim.ts';

/** Whether it is a price that `listPrice` may give. */
export function isListPrice({ providerKind, tier }: Tariff): boolean {
  return providerKind === 'vendor' && tier === 'standard';
}

/**
 * The list price by which a claim of a day is judged: the one of the day, or the earliest that was recorded after it.
 *
 * @param model of which the catalog holds a list price
 * @param day ISO day
 */
export function listPrice({ tariffs }: Catalog, model: string, day: string): Tariff {
  const days = tariffs.filter((tariff) => isListPrice(tariff) && tariff.model === model).map((tariff) => lastDay(effectiveDate(tariff)));
  const found = listTariff(tariffs, model, day) ?? listTariff(tariffs, model, days.sort()[0] ?? day);
  if (!found) throw new Error(`no list price of ${model}`);
  return found;
}

/** A tariff with the prices that somebody states instead. */
export function restated(tariff: Tariff, usdPerMtok: Readonly<Partial<Record<PricedToken, number>>>): Tariff {
  const { input, cacheRead, output, thinking } = usdPerMtok;
  return {
    ...tariff,
    inputUsdPerMtok: input ?? tariff.inputUsdPerMtok,
    cacheReadUsdPerMtok: cacheRead ?? tariff.cacheReadUsdPerMtok,
    outputUsdPerMtok: output ?? tariff.outputUsdPerMtok,
    thinkingUsdPerMtok: thinking ?? tariff.thinkingUsdPerMtok,
  };
}

/** The tokens of a claim, of whose output a share may be thinking. */
export function mixLeaves({ uncached, cacheRead, output }: TokenMix, thinkingShare = 0): TokenLeaves {
  return leavesOf({ input: uncached, cacheRead, output, thinking: output * thinkingShare, cached: 'beside' }, 'a claim');
}

/** `genai-prices:moonshotai:kimi-k2.7-code of 2026-09-23`. */
export function tariffInWords({ id, date }: Tariff): string {
  return `${id} of ${date}`;
}
