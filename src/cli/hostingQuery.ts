import { type Lens, PURCHASES, type Purchase } from '../cost/purchase.ts';
import type { DaySpan } from '../cost/tariff.ts';
import { type Distribution, valueAt } from '../evidence/distribution.ts';
import { parseDistribution } from '../evidence/distributionText.ts';
import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { given } from '../plan/fit/question.ts';
import type { HostingQuery } from '../plan/hosting/hostingQuestion.ts';
import { isUncertain, UNCERTAIN_FIELDS, type Uncertainty, type Values } from '../plan/outlook/uncertainty.ts';
import { parseNumber } from '../units/number.ts';
import { parseDate } from '../units/time.ts';
import { parseContext } from '../units/tokens.ts';
import { deploymentQueryOf, flagOf, namesIn, shareIn } from './deploymentQuery.ts';
import type { HostingWords } from './hostingOptions.ts';

/** Options whose value is a plain number, with the field of the query; ranges are checked where they are known. */
const NUMBERS = {
  tokensPerMonth: 'tokensPerMonth',
  requestsPerMonth: 'requestsPerMonth',
  users: 'users',
  requestsPerUserHour: 'requestsPerUserHour',
  activeHours: 'activeHours',
  hoursPerDay: 'hoursPerDay',
  hoursPerMonth: 'hoursPerMonth',
  thinkingRatio: 'thinkingRatio',
  tokensPerSecond: 'tokensPerSecond',
  rent: 'usdPerGpuHour',
  maxTpot: 'maxTpotMs',
  spare: 'spareReplicas',
  capex: 'capexUsd',
  kilowatts: 'kilowatts',
  lifeYears: 'lifeYears',
  pue: 'pue',
  usdPerKwh: 'usdPerKwh',
  colocation: 'colocationUsdPerMonth',
  network: 'networkUsdPerMonth',
  fte: 'ftePerEightGpus',
  usdPerFte: 'usdPerFteMonth',
  rampMonths: 'rampMonths',
  oneOff: 'oneOffUsd',
} as const satisfies Partial<Record<keyof HostingWords, keyof HostingQuery>>;

/** Options whose value is a share, with the field of the query. */
const SHARES = {
  reuse: 'reuse',
  thinking: 'thinkingShare',
  cacheWriteShare: 'cacheWriteShare',
  residual: 'residualShare',
  costOfCapital: 'costOfCapital',
  maintenance: 'maintenanceShare',
} as const satisfies Partial<Record<keyof HostingWords, keyof HostingQuery>>;

const NAMES = ['workload', 'provider', 'region', 'ownership'] as const;
const LENSES: readonly Lens[] = ['fully-loaded', 'incremental'];

/** One of a few names, in any case. */
export function oneOf<T extends string>(names: readonly T[], text: string, where: string): T {
  const found = names.find((name) => name === text.trim().toLowerCase());
  if (found) return found;
  throw new Fault('unknown', 'no such name', { where, value: text, allowed: names.join(', '), nearest: nearestNames(text, names) });
}

function minutesIn(clock: string, text: string): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(clock) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (Number.isNaN(total) || Number(minutes) > 59 || total > 1440)
    throw new Fault('invalid', 'not hours of the day', {
      where: '--traffic-utc',
      value: text,
      allowed: 'spans such as 08:00-18:00, with commas between',
    });
  return total;
}

/** Reads `08:00-12:00,14:00-18:00`. */
function spansIn(text: string): DaySpan[] {
  return namesIn(text, '--traffic-utc').map((span) => {
    const [from = '', to = '', ...more] = span.split('-');
    const [fromMinute, toMinute] = [minutesIn(from, text), minutesIn(more.length > 0 ? '' : to, text)];
    if (fromMinute === toMinute)
      throw new Fault('invalid', 'a span of no length', { where: '--traffic-utc', value: text, allowed: 'spans such as 08:00-18:00' });
    return { fromMinute, toMinute };
  });
}

/** Options whose value is a count of tokens. */
const TOKENS = { inputTokens: 'inputTokens', outputTokens: 'outputTokens' } as const;

/** Every number with how its words are read; those that may be uncertain also as a distribution. */
const READ: readonly (readonly [word: string, field: keyof HostingQuery, read: (text: string, where: string) => number])[] = [
  ...Object.entries(NUMBERS).map(([word, field]) => [word, field, parseNumber] as const),
  ...Object.entries(SHARES).map(
    ([word, field]) => [word, field, (text: string, where: string) => shareIn(text, where, { min: 0 })] as const,
  ),
  ...Object.entries(TOKENS).map(
    ([word, field]) => [word, field, (text: string, where: string) => parseNumber(text, where, { min: 1, integer: true })] as const,
  ),
];

const MAY_BE_UNCERTAIN: ReadonlySet<string> = new Set(UNCERTAIN_FIELDS);

/** What tells a distribution from a number. */
const OF_DISTRIBUTION = /\.\.|\(/;

/** The numbers of a query: distributions leave their median there and themselves beside. */
function numbersOf(words: HostingWords): Partial<HostingQuery> {
  const inputs: Record<string, Distribution> = {};
  const numbers = READ.flatMap(([word, field, read]) => {
    const text = words[word as keyof HostingWords];
    if (typeof text !== 'string') return [];
    if (!MAY_BE_UNCERTAIN.has(field) || !OF_DISTRIBUTION.test(text)) return [[field, read(text, flagOf(word))] as const];
    const distribution = parseDistribution(text, flagOf(word));
    if (distribution.kind !== 'point') inputs[field] = distribution;
    return [[field, valueAt(distribution, 0.5)] as const];
  });
  const uncertainty = withVariables(inputs, words);
  return { ...Object.fromEntries(numbers), ...(isUncertain(uncertainty) ? { uncertainty } : {}) };
}

/** The distributions of options, and the uncertain variables of a scenario that options follow from. */
function withVariables(inputs: Uncertainty['inputs'], { scenario }: HostingWords): Uncertainty {
  const given = scenario?.uncertainty;
  if (!given) return { inputs, derived: {} };
  const nameOf = (variable: string) => `variables.${variable}`;
  const names = Object.keys(given.inputs);
  const derived = READ.flatMap(([word, field]) => {
    const of = given.derived[word];
    if (!of || !MAY_BE_UNCERTAIN.has(field)) return [];
    return [[field, (values: Values) => of(Object.fromEntries(names.map((name) => [name, values[nameOf(name)] ?? 0])))] as const];
  });
  if (derived.length === 0) return { inputs, derived: {} };
  const variables = Object.fromEntries(Object.entries(given.inputs).map(([name, distribution]) => [nameOf(name), distribution]));
  return { inputs: { ...inputs, ...variables }, derived: Object.fromEntries(derived) };
}

/**
 * Reads the words that say what is hosted, for whom and how it is paid for into that part of a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function hostingQueryOf(words: HostingWords): HostingQuery {
  const { purchase, offer, tariff, maxLoad, lens, ctx, asOf, trafficUtc } = words;
  const list = (text: string | undefined, where: string) => (text === undefined ? undefined : namesIn(text, where));
  const purchases = list(purchase, '--purchase')?.map((name): Purchase => oneOf(PURCHASES, name, '--purchase'));
  return {
    ...deploymentQueryOf(words),
    ...given('name', words.scenario?.name ?? undefined),
    ...numbersOf(words),
    ...Object.fromEntries(NAMES.flatMap((name) => (words[name] === undefined ? [] : [[name, words[name]]]))),
    ...given('purchases', purchases && [...new Set(purchases)]),
    ...given('offers', list(offer, '--offer')),
    ...given('tariffs', list(tariff, '--tariff')),
    ...given('maxLoad', maxLoad === undefined ? undefined : shareIn(maxLoad, '--max-load', { above: 0 })),
    ...given('lens', lens === undefined ? undefined : oneOf(LENSES, lens, '--lens')),
    ...given('stopIdle', words.stopIdle === true ? true : undefined),
    ...given('trafficUtc', trafficUtc === undefined ? undefined : spansIn(trafficUtc)),
    ...given('contextTokens', ctx === undefined ? undefined : parseContext(ctx, '--ctx')),
    ...given('asOf', asOf === undefined ? undefined : parseDate(asOf, '--as-of')),
  };
}
