import type { BreakEvenQuery } from '../plan/breakEven/breakEven.ts';
import type { Unknown } from '../plan/breakEven/breakEvenAnswer.ts';
import { given } from '../plan/fit/question.ts';
import type { BreakEvenOptions } from './breakEvenOptions.ts';
import { hostingQueryOf, oneOf } from './hostingQuery.ts';
import { timeQueryOf } from './timeQuery.ts';
import { isWorkbookName } from './workbookFile.ts';

const UNKNOWNS: readonly Unknown[] = ['price', 'rent', 'utilisation', 'volume', 'reuse'];

/** Months of the cash flow of a workbook where none are asked: those over which moving is spread. */
const WORKBOOK_MONTHS = 36;

/**
 * Reads the words of `kplan breakeven` into a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function breakEvenQueryOf(options: BreakEvenOptions): BreakEvenQuery {
  const { solve, sensitivity, json, ids, out, tokensPerMonth, requestsPerMonth, users } = options;
  const asked = [tokensPerMonth, requestsPerMonth, users].some((volume) => volume !== undefined);
  const workbook = isWorkbookName(out);
  const time = timeQueryOf(options);
  return {
    ...hostingQueryOf(options),
    ...time,
    ...given('months', workbook && asked && Object.keys(time).length === 0 ? WORKBOOK_MONTHS : undefined),
    ...given('solve', solve === undefined ? undefined : oneOf(UNKNOWNS, solve, '--solve')),
    ...given('sensitivity', sensitivity === true || (workbook && asked) ? true : undefined),
    terms: json === true || ids === true || workbook || options.focus !== undefined,
  };
}
