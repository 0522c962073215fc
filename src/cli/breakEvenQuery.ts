import type { BreakEvenQuery } from '../plan/breakEven/breakEven.ts';
import type { Unknown } from '../plan/breakEven/breakEvenAnswer.ts';
import { given } from '../plan/fit/question.ts';
import { asksVolume } from '../plan/hosting/trafficVolume.ts';
import type { BreakEvenOptions } from './breakEvenOptions.ts';
import { hostingQueryOf, oneOf } from './hostingQuery.ts';
import { planned, timeQueryOf } from './timeQuery.ts';
import { isWorkbookName } from './workbookFile.ts';

const UNKNOWNS: readonly Unknown[] = ['price', 'rent', 'utilisation', 'volume', 'reuse'];

/**
 * Reads the words of `kplan breakeven` into a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function breakEvenQueryOf(options: BreakEvenOptions): BreakEvenQuery {
  const { solve, sensitivity, json, ids, out } = options;
  const asked = asksVolume(options);
  const workbook = isWorkbookName(out);
  const time = timeQueryOf(workbook && asked ? planned(options) : options);
  return {
    ...hostingQueryOf(options),
    ...time,
    ...given('solve', solve === undefined ? undefined : oneOf(UNKNOWNS, solve, '--solve')),
    ...given('sensitivity', sensitivity === true || (workbook && asked) ? true : undefined),
    terms: json === true || ids === true || workbook || options.focus !== undefined,
  };
}
