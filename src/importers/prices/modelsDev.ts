import { PriceFields } from './priceFields.ts';
import { type DecimalCondition, type DecimalPrices, PLAIN_SET, type PriceSet, type RegistryEntry } from './priceSet.ts';
import { groupsIn, isGroup, kindByName, type Registry } from './registry.ts';
import { flawedOr, RowFlaw } from './rowFlaw.ts';

/** The legacy key of a price above a length, which is in the key; beside `tiers` it repeats one of them, at a length that may be another. */
const OVER = /^context_over_([1-9]\d{0,4})k$/;

/** Prices of a group; input and output that are not there are those of `base`. */
function pricesOf(cost: PriceFields, base: DecimalPrices | null): DecimalPrices {
  const needed = (name: 'input' | 'output') => (base !== null && !cost.has(name) ? base[name] : cost.neededPrice([name], 'perMtok'));
  return {
    input: needed('input'),
    cacheRead: cost.partPrice(['cache_read'], 'perMtok'),
    cacheWrite: cost.partPrice(['cache_write'], 'perMtok'),
    cacheWrite1h: null,
    output: needed('output'),
    thinking: cost.partPrice(['reasoning'], 'perMtok'),
  };
}

function conditionsOf(cost: PriceFields, base: DecimalPrices): DecimalCondition[] {
  const above = (fields: PriceFields, aboveInputTokens: number): DecimalCondition => ({
    ...pricesOf(fields, base),
    aboveInputTokens,
    hoursUtc: [],
  });
  const tiers = cost.groups('tiers').map((fields) => {
    const tier = fields.group('tier');
    if (tier.text('type') !== 'context') throw tier.flaw('type', 'no known kind of tier', 'context');
    const size = tier.count('size');
    if (size === null) throw tier.flaw('size', 'it is missing', 'a number of tokens');
    return above(fields, size);
  });
  const legacy = tiers.length > 0 ? [] : cost.keys().filter((key) => OVER.test(key) && cost.has(key));
  return [...tiers, ...legacy.map((key) => above(cost.group(key), Number(OVER.exec(key)?.[1]) * 1000))].sort(
    (a, b) => (a.aboveInputTokens ?? 0) - (b.aboveInputTokens ?? 0),
  );
}

function setOf(cost: PriceFields, tier: string): PriceSet {
  const prices = pricesOf(cost, null);
  return { ...PLAIN_SET, path: cost.path, tier, prices, conditions: conditionsOf(cost, prices) };
}

/** Ways of serving with a price of their own; elsewhere `experimental` is only a mark. */
function modesOf(model: PriceFields): [name: string, mode: PriceFields][] {
  if (!isGroup(model.at('experimental'))) return [];
  const modes = model.group('experimental').optionalGroup('modes');
  return (modes?.keys() ?? []).flatMap((name): [string, PriceFields][] => {
    const mode = modes?.optionalGroup(name);
    return mode?.has('cost') ? [[name, mode]] : [];
  });
}

function read(model: PriceFields): (PriceSet | RowFlaw)[] {
  const cost = model.optionalGroup('cost');
  if (cost === null) throw new RowFlaw('not-metered', 'missing', 'no price is listed', model.path);
  return [
    flawedOr(() => setOf(cost, 'standard')),
    ...modesOf(model).map(([name, mode]) => flawedOr(() => setOf(mode.group('cost'), name))),
  ];
}

function kindOf(model: PriceFields, name: string): RegistryEntry['kind'] {
  const modalities = model.at('modalities');
  const output: unknown = isGroup(modalities) ? modalities['output'] : undefined;
  return Array.isArray(output) && !output.includes('text') ? 'other' : kindByName(name);
}

function entriesOf(provider: string, value: unknown): (RegistryEntry | RowFlaw)[] {
  const models = flawedOr(() => PriceFields.of(value, [provider]).group('models'));
  if (models instanceof RowFlaw) return [models];
  return models.members().map(([name, model]) =>
    flawedOr((): RegistryEntry => {
      const fields = PriceFields.of(model, [...models.path, name]);
      return { path: fields.path, provider, name, kind: kindOf(fields, name), read: () => read(fields) };
    }),
  );
}

/** models.dev: providers with their models, USD per million. */
export const modelsDev: Registry = {
  id: 'models.dev',
  file: 'api.json of models.dev',
  recognises: (document) => groupsIn(document).some((provider) => groupsIn(provider['models']).some((model) => isGroup(model['cost']))),
  entries: (document) => (isGroup(document) ? Object.entries(document).flatMap(([provider, value]) => entriesOf(provider, value)) : []),
};
