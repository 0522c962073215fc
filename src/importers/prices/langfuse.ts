import { PriceFields } from './priceFields.ts';
import { type DecimalCondition, type DecimalPrices, PLAIN_SET, type PriceSet, type RegistryEntry } from './priceSet.ts';
import { isGroup, kindByName, type Registry } from './registry.ts';
import { flawedOr, RowFlaw } from './rowFlaw.ts';

/** The keys of each price, the first that is there. */
const KEYS = {
  input: ['input', 'input_tokens'],
  cacheRead: ['input_cache_read', 'input_cached_tokens', 'cache_read_input_tokens'],
  cacheWrite: ['input_cache_creation_5m', 'input_cache_creation', 'cache_creation_input_tokens'],
  cacheWrite1h: ['input_cache_creation_1h'],
  output: ['output', 'output_tokens'],
  thinking: ['output_reasoning', 'output_reasoning_tokens'],
} as const;

/** The provider that a pattern of names lets stand before a model: it is looked for in the text of the pattern, which is never run. */
const PREFIX = /\(([a-z]{2,24})\\?\/\)\?/;

function pricesOf(prices: PriceFields, base: DecimalPrices | null): DecimalPrices {
  const part = (name: 'cacheRead' | 'cacheWrite' | 'cacheWrite1h' | 'thinking') => prices.partPrice(KEYS[name], 'perToken');
  const needed = (name: 'input' | 'output') =>
    prices.firstPrice(KEYS[name], 'perToken') ?? base?.[name] ?? prices.neededPrice(KEYS[name], 'perToken');
  return {
    input: needed('input'),
    cacheRead: part('cacheRead'),
    cacheWrite: part('cacheWrite'),
    cacheWrite1h: part('cacheWrite1h'),
    output: needed('output'),
    thinking: part('thinking'),
  };
}

/** The input length strictly above which a tier holds. */
function thresholdOf(tier: PriceFields): number {
  const [condition, ...more] = tier.groups('conditions');
  const refused = () => tier.flaw('conditions', 'no known condition', 'one condition: input tokens above a number');
  if (!condition || more.length > 0 || !condition.text('usageDetailPattern')?.includes('input')) throw refused();
  const operator = condition.text('operator');
  const value = condition.count('value');
  const threshold = operator === 'gt' ? value : operator === 'gte' && value !== null ? value - 1 : null;
  if (threshold === null || threshold < 1) throw refused();
  return threshold;
}

function priorityOf(tier: PriceFields): number {
  const priority = tier.at('priority');
  return typeof priority === 'number' ? priority : 0;
}

function read(model: PriceFields): (PriceSet | RowFlaw)[] {
  const tiers = model.groups('pricingTiers');
  const base = tiers.find((tier) => tier.at('isDefault') === true);
  if (!base) throw model.flaw('pricingTiers', 'no tier is the default', 'one tier with isDefault');
  const fields = base.group('prices');
  if (![...KEYS.input, ...KEYS.output].some((key) => fields.has(key)))
    throw new RowFlaw('not-per-token', 'unsupported', 'not priced per token', fields.path, { value: fields.keys()[0] ?? 'nothing' });
  const prices = pricesOf(fields, null);
  // The first tier that holds counts there, by priority: here it is the last condition.
  const others = tiers.filter((tier) => tier !== base).sort((a, b) => priorityOf(b) - priorityOf(a));
  const conditions = others.map(
    (tier): DecimalCondition => ({ ...pricesOf(tier.group('prices'), prices), aboveInputTokens: thresholdOf(tier), hoursUtc: [] }),
  );
  return [{ ...PLAIN_SET, path: model.path, prices, conditions }];
}

function entryOf(value: unknown, index: number): RegistryEntry | RowFlaw {
  return flawedOr(() => {
    const model = PriceFields.of(value, [index]);
    const name = model.text('modelName');
    if (name === null) throw model.flaw('modelName', 'it is missing', 'the name of a model');
    const pattern = model.at('matchPattern');
    const provider = typeof pattern === 'string' ? (PREFIX.exec(pattern.slice(0, 1000))?.[1] ?? '') : '';
    return { path: [index], provider, name, kind: kindByName(name), read: () => read(model) };
  });
}

/** Langfuse: a list of models with tiers, USD per token; it names makers at most. */
export const langfuse: Registry = {
  id: 'langfuse',
  file: "Langfuse's default-model-prices.json",
  recognises: (document) =>
    Array.isArray(document) &&
    document.some((model) => isGroup(model) && Object.hasOwn(model, 'modelName') && Object.hasOwn(model, 'pricingTiers')),
  entries: (document) => (Array.isArray(document) ? document.map(entryOf) : []),
};
