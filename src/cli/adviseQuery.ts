import { quoted } from '../calibration/emit/quoted.ts';
import { Fault } from '../faults/fault.ts';
import type { AdviseQuery } from '../plan/advise/advise.ts';
import { given } from '../plan/fit/question.ts';
import { parseNumber } from '../units/number.ts';
import type { AdviseOptions } from './adviseOptions.ts';
import { flagOf } from './deploymentQuery.ts';
import { hostingQueryOf } from './hostingQuery.ts';
import { profileOf } from './hybridQuery.ts';
import { givenOptions } from './options.ts';

const BUDGET = /^\$?([^/$]+)(?:\/(month|year))?$/;
const MONTHS_PER_YEAR = 12;

/** `4000`, `$4000/month` or `50000/year`, as dollars of a month. */
function budgetIn(text: string): number {
  const [, amount = '', unit] = BUDGET.exec(text.trim().replace(/ ?(usd|USD) ?/, '')) ?? [];
  if (amount === '')
    throw new Fault('invalid', 'not a budget', { where: '--budget', value: text, allowed: 'dollars, such as 4000/month or 50000/year' });
  const usd = parseNumber(amount, '--budget', { above: 0 });
  return unit === 'year' ? usd / MONTHS_PER_YEAR : usd;
}

/** The options that were given, as a command line says them. */
function optionsText(options: AdviseOptions, workload: string | undefined): string {
  const words = new Map(givenOptions(options, ['budget', 'gpu']));
  if (workload !== undefined) words.set('workload', workload);
  return [...words]
    .map(([name, value]) => (value === 'true' ? ` ${flagOf(name)}` : ` ${flagOf(name)} ${quoted(value)}`))
    .join('')
    .trim();
}

/**
 * Reads the words of `kplan advise` into a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export async function adviseQueryOf(options: AdviseOptions): Promise<AdviseQuery> {
  const { budget } = options;
  const { gpu, ...hosting } = hostingQueryOf(options);
  const counted = options.inputTokens !== undefined && options.outputTokens !== undefined;
  const workload = options.workload ?? (counted ? undefined : 'agentic-coding');
  const profile = await profileOf(options);
  return {
    ...hosting,
    ...(profile ? { profile } : {}),
    ...(gpu.length === 0 ? {} : { gpu }),
    ...given('budgetUsdPerMonth', budget === undefined ? undefined : budgetIn(budget)),
    options: optionsText(options, options.scenario ? undefined : workload),
  };
}
