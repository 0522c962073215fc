import { PriceFields } from './priceFields.ts';
import { type DecimalCondition, type DecimalPrices, PLAIN_SET, type PriceSet, type RegistryEntry } from './priceSet.ts';
import { groupsIn, isGroup, kindByName, type Registry } from './registry.ts';
import { flawedOr, RowFlaw } from './rowFlaw.ts';

/** Endings of a provider that say by which of its interfaces a model is reached: `bedrock_converse`, `vertex_ai-deepseek_models`. */
const ROUTE = /(?:_converse|-[a-z_-]{1,40}[-_]models)$/;

const TEXT_MODES: readonly string[] = ['chat', 'completion', 'responses'];

const INPUT = 'input_cost_per_token';
const OUTPUT = 'output_cost_per_token';

/** Service tiers by the ending of the keys of their prices. */
const TIERS: readonly (readonly [tier: string, ending: string])[] = [
  ['standard', ''],
  ['batch', '_batches'],
  ['flex', '_flex'],
  ['priority', '_priority'],
];

/** Keys of a price that says: from here on, input tokens above a length. */
const ABOVE = /^(?:input|output)_cost_per_token_above_([1-9]\d{0,4})(k|m)_tokens(_batches|_flex|_priority)?$/;

/** What stands between the name of a price and its tier. */
interface Threshold {
  readonly tokens: number;
  readonly infix: string;
}

function thresholds(fields: PriceFields, ending: string): Threshold[] {
  const found = new Map<number, string>();
  for (const key of fields.keys()) {
    const [, count = '', unit = '', tier = ''] = ABOVE.exec(key) ?? [];
    if (count === '' || tier !== ending || !fields.has(key)) continue;
    found.set(Number(count) * (unit === 'k' ? 1000 : 1_000_000), `_above_${count}${unit}_tokens`);
  }
  return [...found].map(([tokens, infix]) => ({ tokens, infix })).sort((a, b) => a.tokens - b.tokens);
}

/** The prices whose keys end alike; those that are not there are those of `base`. */
function pricesWith(fields: PriceFields, ending: string, base: Partial<DecimalPrices> = {}): DecimalPrices {
  const part = (...names: readonly string[]) =>
    fields.partPrice(
      names.map((name) => `${name}${ending}`),
      'perToken',
    );
  const needed = (name: string, fallback: string | undefined) => {
    if (fallback !== undefined && !fields.has(`${name}${ending}`)) return fallback;
    return fields.neededPrice([`${name}${ending}`], 'perToken');
  };
  return {
    input: needed(INPUT, base.input),
    cacheRead: part('cache_read_input_token_cost', 'input_cost_per_token_cache_hit') ?? base.cacheRead ?? null,
    cacheWrite: part('cache_creation_input_token_cost') ?? base.cacheWrite ?? null,
    cacheWrite1h: part('cache_creation_input_token_cost_above_1hr') ?? base.cacheWrite1h ?? null,
    output: needed(OUTPUT, base.output),
    thinking: part('output_cost_per_reasoning_token') ?? base.thinking ?? null,
  };
}

function tierSet(fields: PriceFields, tier: string, ending: string): PriceSet {
  const prices = pricesWith(fields, ending);
  const conditions = thresholds(fields, ending).map(
    ({ tokens, infix }): DecimalCondition => ({
      ...pricesWith(fields, `${infix}${ending}`, prices),
      aboveInputTokens: tokens,
      hoursUtc: [],
    }),
  );
  return { ...PLAIN_SET, path: fields.path, tier, prices, conditions };
}

/** The first number of the range of a price step. */
function rangeStart(step: PriceFields): number {
  const range = step.at('range');
  const [start] = Array.isArray(range) ? (range as unknown[]) : [];
  if (typeof start === 'number' && Number.isSafeInteger(start) && start >= 0) return start;
  throw step.flaw('range', 'not a range of tokens', 'a list of two whole numbers');
}

/** Prices in steps of the input length, each with a range. */
function steppedSet(fields: PriceFields): PriceSet {
  const steps = fields.groups('tiered_pricing').map((step) => ({ step, start: rangeStart(step) }));
  const [first, ...others] = steps.sort((a, b) => a.start - b.start);
  if (first?.start !== 0 || others.some(({ start }) => start === 0))
    throw fields.flaw('tiered_pricing', 'not one step begins at 0', 'one step from 0 tokens, others above');
  const output = fields.firstPrice([OUTPUT], 'perToken');
  const prices = pricesWith(first.step, '', output === null ? {} : { output });
  const conditions = others.map(
    ({ step, start }): DecimalCondition => ({ ...pricesWith(step, '', prices), aboveInputTokens: start, hoursUtc: [] }),
  );
  return { ...PLAIN_SET, path: fields.path, prices, conditions };
}

function read(fields: PriceFields): (PriceSet | RowFlaw)[] {
  if (fields.has('tiered_pricing')) return [flawedOr(() => steppedSet(fields))];
  const priced = TIERS.filter(([, ending]) => fields.has(`${INPUT}${ending}`) || fields.has(`${OUTPUT}${ending}`));
  if (priced.length === 0) {
    const value = fields.keys().find((key) => key.includes('_cost'));
    if (value === undefined) throw new RowFlaw('not-metered', 'missing', 'no price is listed', fields.path);
    throw new RowFlaw('not-per-token', 'unsupported', 'not priced per token', fields.path, { value });
  }
  return priced.map(([tier, ending]) => flawedOr(() => tierSet(fields, tier, ending)));
}

function entryOf(key: string, value: unknown): RegistryEntry | RowFlaw {
  if (key === 'sample_spec') return new RowFlaw('template', 'unsupported', 'it describes the file', [key]);
  return flawedOr(() => {
    const fields = PriceFields.of(value, [key]);
    const [prefix = '', ...rest] = key.split('/');
    const provider = (fields.text('litellm_provider') ?? prefix).replace(ROUTE, '');
    const mode = fields.text('mode');
    return {
      path: [key],
      provider,
      name: rest.length > 0 && prefix === provider ? rest.join('/') : key,
      kind: mode === null ? kindByName(key) : TEXT_MODES.includes(mode) ? 'text' : 'other',
      read: () => read(fields),
    };
  });
}

/** LiteLLM: one object, a key for each model, USD per token. */
export const liteLlm: Registry = {
  id: 'litellm',
  file: "LiteLLM's model_prices_and_context_window.json",
  recognises: (document) => groupsIn(document).some((group) => Object.hasOwn(group, INPUT) || Object.hasOwn(group, 'litellm_provider')),
  entries: (document) => (isGroup(document) ? Object.entries(document).map(([key, value]) => entryOf(key, value)) : []),
};
