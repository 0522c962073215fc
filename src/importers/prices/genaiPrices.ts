import { datedSets } from './datedSets.ts';
import { PriceFields } from './priceFields.ts';
import { type DecimalCondition, type DecimalPrices, PLAIN_SET, type PriceSet, type RegistryEntry } from './priceSet.ts';
import { isGroup, kindByName, type Registry } from './registry.ts';
import { flawedOr, RowFlaw } from './rowFlaw.ts';

/** The keys of each price, the first that is there. */
const KEYS = {
  input: ['input_mtok', 'input_text_mtok'],
  cacheRead: ['cache_read_mtok', 'cache_text_read_mtok'],
  cacheWrite: ['cache_write_5m_mtok', 'cache_write_mtok', 'cache_text_write_mtok'],
  cacheWrite1h: ['cache_write_1h_mtok'],
  output: ['output_mtok', 'output_text_mtok'],
  thinking: ['output_reasoning_mtok'],
} as const;

type Part = keyof typeof KEYS;

/** A price by input length. */
interface SteppedPrice {
  readonly base: string | null;
  readonly steps: readonly { readonly start: number; readonly price: string }[];
}

function startOf(tier: PriceFields): number {
  const start = tier.count('start');
  if (start === null) throw tier.flaw('start', 'it is missing', 'a number of tokens');
  return start;
}

function stepped(prices: PriceFields, part: Part): SteppedPrice {
  const name = KEYS[part].find((key) => prices.has(key));
  if (name === undefined || !isGroup(prices.at(name))) return { base: prices.partPrice(KEYS[part], 'perMtok'), steps: [] };
  const group = prices.group(name);
  const steps = group.groups('tiers').map((tier) => ({ start: startOf(tier), price: tier.neededPrice(['price'], 'perMtok') }));
  return { base: group.neededPrice(['base'], 'perMtok'), steps: steps.sort((a, b) => a.start - b.start) };
}

function pricesAt(prices: PriceFields, parts: Readonly<Record<Part, SteppedPrice>>, start: number): DecimalPrices {
  const at = (part: Part) => parts[part].steps.findLast((step) => step.start <= start)?.price ?? parts[part].base;
  const needed = (part: Part) => at(part) ?? prices.neededPrice(KEYS[part], 'perMtok');
  return {
    input: needed('input'),
    cacheRead: at('cacheRead'),
    cacheWrite: at('cacheWrite'),
    cacheWrite1h: at('cacheWrite1h'),
    output: needed('output'),
    thinking: at('thinking'),
  };
}

/** A price set with its steps: the input length chooses, strictly above each start. */
function setOf(prices: PriceFields): PriceSet {
  if (!prices.keys().some((key) => [...KEYS.input, ...KEYS.output].some((known) => known === key)))
    throw new RowFlaw('not-per-token', 'unsupported', 'not priced per token', prices.path, { value: prices.keys()[0] ?? 'nothing' });
  const parts = Object.fromEntries(Object.keys(KEYS).map((part) => [part, stepped(prices, part as Part)])) as Record<Part, SteppedPrice>;
  const starts = new Set(Object.values(parts).flatMap(({ steps }) => steps.map(({ start }) => start)));
  const conditions = [...starts]
    .sort((a, b) => a - b)
    .map((start): DecimalCondition => ({ ...pricesAt(prices, parts, start), aboveInputTokens: start, hoursUtc: [] }));
  return { ...PLAIN_SET, path: prices.path, prices: pricesAt(prices, parts, 0), conditions };
}

function read(model: PriceFields): (PriceSet | RowFlaw)[] {
  const date = model.day('prices_checked');
  if (!Array.isArray(model.at('prices'))) return [{ ...setOf(model.group('prices')), date }];
  const listed = model
    .groups('prices')
    .map((entry) => ({ constraint: entry.optionalGroup('constraint'), set: setOf(entry.group('prices')) }));
  return datedSets(listed, model).map((set) => ({ ...set, date }));
}

function entriesOf(value: unknown, index: number): (RegistryEntry | RowFlaw)[] {
  const outcome = flawedOr(() => {
    const provider = PriceFields.of(value, [index]);
    const id = provider.text('id');
    if (id === null) throw provider.flaw('id', 'it is missing', 'the name of a provider');
    return provider.groups('models').map((model) =>
      flawedOr((): RegistryEntry => {
        const name = model.text('id');
        if (name === null) throw model.flaw('id', 'it is missing', 'the name of a model');
        return { path: model.path, provider: id, name, kind: kindByName(name), read: () => read(model) };
      }),
    );
  });
  return outcome instanceof RowFlaw ? [outcome] : outcome;
}

function hasPrices(provider: unknown): boolean {
  const models = isGroup(provider) ? provider['models'] : undefined;
  return (
    Array.isArray(models) && models.some((model) => isGroup(model) && typeof model['prices'] === 'object' && Object.hasOwn(model, 'match'))
  );
}

/** genai-prices, version 2: a list of providers, USD per million. */
export const genaiPrices: Registry = {
  id: 'genai-prices',
  file: 'data.json of genai-prices',
  recognises: (document) => Array.isArray(document) && document.some(hasPrices),
  entries: (document) => (Array.isArray(document) ? document.flatMap(entriesOf) : []),
};
