import type { Term } from '../../evidence/term.ts';

/** How far a changed input is followed by the numbers of the workbook. */
export interface Followed {
  readonly code: 'yes' | 'in-part' | 'no' | 'constant';
  readonly words: string;
}

const YES: Followed = { code: 'yes', words: 'yes' };
const OWN_SPEED = 'prices and volumes follow; the speed of a replica does not: ask kplan again';
const NOT_ALONE = 'formulas follow; kplan would choose and compute the speed anew: ask kplan again';

/** Inputs that reach the answer through formulas alone. */
const MONEY =
  /_(?:usdPerGpuHour|capexUsd|kilowatts|lifeYears|residualShare|costOfCapital|maintenanceShare|pue|usdPerKwh|colocationUsdPerMonth|networkUsdPerMonth|tokensPerSecond|[A-Za-z1]+Price)$/;
const PLANNING: ReadonlySet<string> = new Set([
  'tokensPerMonth',
  'requestsPerMonth',
  'users',
  'requestsPerUserHour',
  'activeHours',
  'activeHoursPerDay',
  'workDaysPerMonth',
  'workHoursPerDay',
  'hoursPerMonth',
  'trafficHours',
  'spareReplicas',
  'ftePerEightGpus',
  'usdPerFteMonth',
  'rampMonths',
  'oneOffUsd',
  'spreadMonths',
  'cacheWriteShare',
  'outputWeight',
  'requestsPerTask',
  'finishedShare',
]);
const CONSTANTS: ReadonlySet<string> = new Set(['tokensPerMtok', 'secondsPerHour', 'monthsPerYear']);
/** Inputs that the speed of a replica depends on too, where it is modelled or measured. */
const REQUEST: ReadonlySet<string> = new Set([
  'inputTokens',
  'outputTokens',
  'thinkingShare',
  'thinkingRatio',
  'trafficOutputTokens',
  'trafficThinkingShare',
  'apiReuse',
]);

/**
 * How far the workbook follows when a term is overwritten. Lookups, roots and samples are read or computed by kplan and stay; what they
 * depend on is followed in part alone.
 *
 * @param terms all of the answer
 */
export function followedOf(term: Term, terms: readonly Term[]): Followed {
  const { id } = term;
  const modelled = terms.some((other) => other.id === 'stepTokens');
  const byRate = terms.some((other) => other.id.endsWith('_curveTokens') || other.id.endsWith('_held'));
  if (CONSTANTS.has(id)) return { code: 'constant', words: 'a constant' };
  if (PLANNING.has(id) || MONEY.test(id) || id.startsWith('time_')) return YES;
  if (id === 'maxLoad') return byRate ? { code: 'in-part', words: OWN_SPEED } : YES;
  if (id === 'thinkingShare' && !modelled) return YES;
  if (REQUEST.has(id)) return modelled ? { code: 'in-part', words: OWN_SPEED } : { code: 'in-part', words: NOT_ALONE };
  return { code: 'no', words: NOT_ALONE };
}
