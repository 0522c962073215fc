import { type DaySpan, hiddenCondition } from '../../cost/tariff.ts';
import type { JsonPath } from '../shared/jsonPath.ts';
import { RowFlaw } from './rowFlaw.ts';

/** Prices per million tokens as decimals, to the letter; null where the registry publishes none. */
export interface DecimalPrices {
  readonly input: string;
  readonly cacheRead: string | null;
  readonly cacheWrite: string | null;
  readonly cacheWrite1h: string | null;
  readonly output: string;
  readonly thinking: string | null;
}

/** Prices that replace those of a set above an input length, or in some hours of the day. */
export interface DecimalCondition extends DecimalPrices {
  /** Strictly above this many input tokens; null: any length. */
  readonly aboveInputTokens: number | null;
  /** Empty: at any hour. */
  readonly hoursUtc: readonly DaySpan[];
}

/** One tariff as a registry states it, in one set of units. */
export interface PriceSet {
  readonly path: JsonPath;
  /** standard, or a service tier such as batch. */
  readonly tier: string;
  readonly currency: string;
  readonly prices: DecimalPrices;
  /** The last one that holds counts. */
  readonly conditions: readonly DecimalCondition[];
  /** Days on which it holds: from the first, inclusive, to the second, exclusive. */
  readonly from: string | null;
  readonly until: string | null;
  /** Number among the dated sets of one model and tier; null where there is one. */
  readonly set: number | null;
  /** The day on which the registry says that it looked; null where it says none. */
  readonly date: string | null;
}

/** A model at a provider as a registry lists it. */
export interface RegistryEntry {
  readonly path: JsonPath;
  /** As the registry calls it; empty: the maker of the model. */
  readonly provider: string;
  readonly name: string;
  /** Other models embed, rank, speak or draw. */
  readonly kind: 'text' | 'other';
  /** Its tariffs; one that is flawed does not lose the others. @throws RowFlaw where none can be read */
  readonly read: () => readonly (PriceSet | RowFlaw)[];
}

/** What is the same for all sets of a registry unless it says otherwise. */
export const PLAIN_SET = {
  tier: 'standard',
  currency: 'USD',
  conditions: [],
  from: null,
  until: null,
  set: null,
  date: null,
} as const satisfies Omit<PriceSet, 'path' | 'prices'>;

const LARGEST_USD = 1_000_000;
const SMALLEST_USD = 0.000_001;

const FIELDS = ['input', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'output', 'thinking'] as const;

/** Whether two lists of prices are the same to the letter. */
export function samePrices(a: DecimalPrices, b: DecimalPrices): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}

function checkPrices(prices: DecimalPrices, path: JsonPath, part: string): void {
  const [input, output] = [Number(prices.input), Number(prices.output)];
  if (input === 0 && output === 0) throw new RowFlaw('not-metered', 'invalid', `it costs nothing${part}: not metered is not free`, path);
  if (input === 0 || output === 0) {
    const side = input === 0 ? 'input' : 'output';
    throw new RowFlaw('broken', 'invalid', `${side} costs nothing${part}`, path, { value: 0, allowed: `a price of ${side} above zero` });
  }
  for (const field of FIELDS) {
    const price = Number(prices[field] ?? 1);
    if (price < SMALLEST_USD || price > LARGEST_USD)
      throw new RowFlaw('broken', 'invalid', `no plausible ${field} price per million tokens${part}`, path, {
        value: prices[field],
        allowed: 'from 0.000001 to 1,000,000',
      });
  }
  if (Number(prices.cacheRead ?? 0) > input)
    throw new RowFlaw('broken', 'contradiction', `a cache read costs more than fresh input${part}`, path, {
      value: `${prices.cacheRead} per million tokens`,
      allowed: `at most ${prices.input}`,
    });
}

/**
 * Refuses a set whose prices cannot be meant: of nothing, out of any range, or a cache read above fresh input.
 *
 * @throws RowFlaw
 */
export function checkSet({ prices, conditions, path }: PriceSet): void {
  checkPrices(prices, path, '');
  for (const condition of conditions) {
    const { aboveInputTokens: above } = condition;
    checkPrices(condition, path, above === null ? ' in some hours' : ` above ${above} input tokens`);
  }
  const hidden = conditions[hiddenCondition(conditions)];
  if (hidden)
    throw new RowFlaw('broken', 'contradiction', 'a context tier never holds, because another takes its place', path, {
      value: hidden.aboveInputTokens,
      allowed: 'tiers of which each holds somewhere',
    });
}
