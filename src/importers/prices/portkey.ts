import { PriceFields } from './priceFields.ts';
import { type DecimalCondition, type DecimalPrices, PLAIN_SET, type PriceSet, type RegistryEntry, samePrices } from './priceSet.ts';
import { groupsIn, isGroup, kindByName, type Registry } from './registry.ts';
import { flawedOr, RowFlaw } from './rowFlaw.ts';

const DEFAULT = 'default';

/** Parts of a price by their groups; cents per token. */
const UNITS = {
  input: 'request_token',
  output: 'response_token',
  cacheRead: 'cache_read_input_token',
  cacheWrite: 'cache_write_input_token',
};

/** Service tiers by the groups of their prices. */
const TIER_NAMES: Readonly<Record<string, string>> = { pay_as_you_go: 'standard', batch_config: 'batch' };

function partOf(rates: PriceFields, unit: string): string | null {
  return rates.optionalGroup(unit)?.partPrice(['price'], 'centsPerToken') ?? null;
}

function pricesOf(rates: PriceFields): DecimalPrices {
  return {
    input: rates.group(UNITS.input).neededPrice(['price'], 'centsPerToken'),
    cacheRead: partOf(rates, UNITS.cacheRead),
    cacheWrite: partOf(rates, UNITS.cacheWrite),
    cacheWrite1h: null,
    output: rates.group(UNITS.output).neededPrice(['price'], 'centsPerToken'),
    thinking: rates.optionalGroup('additional_units')?.optionalGroup('thinking_token')?.partPrice(['price'], 'centsPerToken') ?? null,
  };
}

/** Refuses rates of images, seconds and the like, and says which. */
function checkPerToken(rates: PriceFields): void {
  const costsNothing = [UNITS.input, UNITS.output].every((unit) => {
    const group = rates.at(unit);
    return !isGroup(group) || Number(group['price'] ?? 0) === 0;
  });
  const other = rates.keys().find((key) => !key.endsWith('_token'));
  if (costsNothing && other !== undefined)
    throw new RowFlaw('not-per-token', 'unsupported', 'not priced per token', rates.path, { value: other });
}

/** Context tiers by the input length above which each begins. */
function contextTiers(custom: PriceFields): { readonly start: number; readonly name: string }[] {
  const map = custom.group('context_tier_map');
  return map
    .keys()
    .map((key) => {
      const start = /^\d{1,9}$/.test(key) ? Number(key) : null;
      const name = map.text(key);
      if (start === null || name === null) throw map.flaw(key, 'not a number of tokens', 'whole numbers as keys');
      return { start, name };
    })
    .sort((a, b) => a.start - b.start);
}

/** Where a list of regions in one key holds the default one. */
function defaultRegion(custom: PriceFields): PriceFields {
  const regions = custom.group('regions');
  return regions.group(regions.keys().find((key) => key.split(',').includes(DEFAULT)) ?? DEFAULT);
}

function ratesOf(mode: PriceFields, tier: string): PriceFields {
  return mode.group('context_tiers').group(tier).group('pricing_config').group('pay_as_you_go');
}

function modeSet(mode: PriceFields, tier: string, tiers: ReturnType<typeof contextTiers>, currency: string): PriceSet {
  const [base, ...above] = tiers;
  if (base?.start !== 0) throw mode.flaw('context_tiers', 'no tier begins at 0', 'tiers from 0 tokens');
  const prices = pricesOf(ratesOf(mode, base.name));
  const conditions = above.map(
    ({ start, name }): DecimalCondition => ({ ...pricesOf(ratesOf(mode, name)), aboveInputTokens: start, hoursUtc: [] }),
  );
  const differing = conditions.filter((condition, index) => !samePrices(condition, conditions[index - 1] ?? prices));
  return { ...PLAIN_SET, path: mode.path, tier, currency, prices, conditions: differing };
}

function customSets(custom: PriceFields, currency: string): (PriceSet | RowFlaw)[] {
  const tiers = contextTiers(custom);
  const modes = defaultRegion(custom).group('execution_modes');
  return modes.keys().map((name) => flawedOr(() => modeSet(modes.group(name), name, tiers, currency)));
}

function read(model: PriceFields, currency: string | null): (PriceSet | RowFlaw)[] {
  const config = model.group('pricing_config');
  const named = config.text('currency') ?? currency;
  if (named === null || !/^[A-Z]{3}$/.test(named))
    throw new RowFlaw('broken', 'missing', 'the currency is not known', config.path, {
      allowed: 'a currency in the entry or in `default`',
    });
  const custom = model.optionalGroup('custom_pricing');
  const byMode = custom?.has('regions') ? customSets(custom, named) : [];
  const tiersSeen = byMode.map((set) => (set instanceof RowFlaw ? set.path.at(-1) : set.tier));
  const plain = Object.entries(TIER_NAMES).filter(([key, tier]) => config.has(key) && !tiersSeen.includes(tier));
  if (byMode.length + plain.length === 0) throw config.flaw('pay_as_you_go', 'no price is listed', 'a group of prices');
  return [
    ...byMode,
    ...plain.map(([key, tier]) =>
      flawedOr((): PriceSet => {
        const rates = config.group(key);
        checkPerToken(rates);
        return { ...PLAIN_SET, path: rates.path, tier, currency: named, prices: pricesOf(rates) };
      }),
    ),
  ];
}

/** The currency that the entry `default` states for all others. */
function defaultCurrency(document: Readonly<Record<string, unknown>>): string | null {
  const entry = Object.hasOwn(document, DEFAULT) ? document[DEFAULT] : undefined;
  const config = isGroup(entry) ? entry['pricing_config'] : undefined;
  const currency = isGroup(config) ? config['currency'] : undefined;
  return typeof currency === 'string' ? currency : null;
}

function entryOf(name: string, value: unknown, provider: string, currency: string | null): RegistryEntry | RowFlaw {
  if (name === DEFAULT) return new RowFlaw('template', 'unsupported', 'it describes the file', [name]);
  return flawedOr(() => {
    const fields = PriceFields.of(value, [name]);
    return { path: [name], provider, name, kind: kindByName(name), read: () => read(fields, currency) };
  });
}

/** Portkey: one file for each provider, which only the name of the file says; cents per token. */
export const portkey: Registry = {
  id: 'portkey',
  file: 'a pricing file of Portkey',
  recognises: (document) => groupsIn(document).some((model) => Object.hasOwn(model, 'pricing_config')),
  entries: (document, fileProvider) => {
    if (!isGroup(document)) return [];
    const currency = defaultCurrency(document);
    return Object.entries(document).map(([name, value]) => entryOf(name, value, fileProvider ?? '', currency));
  },
};
