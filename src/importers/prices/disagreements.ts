import type { TokenPrices } from '../../cost/tariff.ts';
import { PRICE_FIELDS } from './priceChange.ts';
import { type PricedTariff, registryOf } from './proposal.ts';

/** Part by which registries may differ before it is told. */
const TOLERATED = 0.05;
const ROUNDING = 1e-9;

/** One price that registries list differently. */
export interface Disagreement {
  readonly provider: string;
  readonly model: string;
  readonly tier: string;
  readonly field: keyof TokenPrices;
  /** USD per million tokens, the lowest first. */
  readonly values: readonly { readonly registry: string; readonly date: string; readonly usdPerMtok: number }[];
  /** By which the highest is above the lowest; 0.05 is 5 %. */
  readonly spread: number;
}

function isInForce({ from, until, date }: PricedTariff): boolean {
  return (from === null || from <= date) && (until === null || until > date);
}

/** The newest tariff of each registry, by what it prices. */
function newestByRegistry(tariffs: readonly PricedTariff[]): Map<string, Map<string, PricedTariff>> {
  const groups = new Map<string, Map<string, PricedTariff>>();
  for (const tariff of tariffs.filter(isInForce)) {
    const key = JSON.stringify([tariff.provider, tariff.model, tariff.tier]);
    const group = groups.get(key) ?? new Map<string, PricedTariff>();
    const known = group.get(registryOf(tariff));
    if (!known || tariff.date > known.date) group.set(registryOf(tariff), tariff);
    groups.set(key, group);
  }
  return groups;
}

/** Tariffs without those that were read before the newest price began: of it they say nothing. */
function speakingOfNow(tariffs: ReadonlyMap<string, PricedTariff>): [registry: string, tariff: PricedTariff][] {
  const began = [...tariffs.values()].reduce((latest, { from }) => (from !== null && from > latest ? from : latest), '');
  return [...tariffs].filter(([, { date }]) => date >= began);
}

/**
 * Prices of one provider, model and tier that registries list more than 5 % apart.
 *
 * @param imported tariffs of this import
 * @param others tariffs that were known before, for registries that are not imported
 * @returns those in which the import takes part, the widest first
 */
export function disagreementsOf(imported: readonly PricedTariff[], others: readonly PricedTariff[]): Disagreement[] {
  const known = newestByRegistry(others);
  const found = [...newestByRegistry(imported)].flatMap(([key, group]) => {
    const both = new Map([...(known.get(key) ?? []), ...group]);
    const all = speakingOfNow(both);
    const [first] = group.values();
    if (!first || all.length < 2) return [];
    return PRICE_FIELDS.flatMap((field): Disagreement[] => {
      const values = all
        .flatMap(([registry, tariff]) => {
          const usdPerMtok = tariff[field];
          return usdPerMtok === null || usdPerMtok === 0 ? [] : [{ registry, date: tariff.date, usdPerMtok }];
        })
        .sort((a, b) => a.usdPerMtok - b.usdPerMtok || a.registry.localeCompare(b.registry));
      const spread = (values.at(-1)?.usdPerMtok ?? 0) / (values[0]?.usdPerMtok ?? 1) - 1;
      if (values.length < 2 || spread <= TOLERATED + ROUNDING) return [];
      const { provider, model, tier } = first;
      return [{ provider, model, tier, field, values, spread: Number(spread.toPrecision(6)) }];
    });
  });
  return found.sort((a, b) => b.spread - a.spread);
}
