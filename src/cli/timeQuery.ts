import { given } from '../plan/fit/question.ts';
import type { TimeQuery } from '../plan/outlook/timeQuestion.ts';
import { parseNumber } from '../units/number.ts';
import { namesIn, shareIn } from './deploymentQuery.ts';
import type { TimeWords } from './timeOptions.ts';

/** Months that are planned where an answer needs some and no words of time are given: those over which moving is spread. */
const MONTHS = '36';

const WORDS = [
  'months',
  'start',
  'apiTrend',
  'rentTrend',
  'demandTrend',
  'commitment',
  'discount',
  'wait',
  'depreciation',
  'taxRate',
] as const satisfies readonly (keyof TimeWords)[];

/** Words of a question with months to plan where they say nothing of time. */
export function planned<W extends object>(words: W): W {
  const said: TimeWords = words;
  return WORDS.some((word) => said[word] !== undefined) ? words : { ...words, months: MONTHS };
}

/**
 * Reads the words about the months to come into that part of a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function timeQueryOf(words: TimeWords): TimeQuery {
  const whole = (text: string | undefined, where: string) =>
    text === undefined ? undefined : parseNumber(text, where, { min: 1, integer: true });
  const share = (text: string | undefined, where: string) => (text === undefined ? undefined : shareIn(text, where, { min: 0 }));
  const waits =
    words.wait === undefined
      ? undefined
      : namesIn(words.wait, '--wait').map((text) => parseNumber(text, '--wait', { min: 1, integer: true }));
  return {
    ...given('months', whole(words.months, '--months')),
    ...given('start', words.start),
    ...given('apiTrend', words.apiTrend),
    ...given('rentTrend', words.rentTrend),
    ...given('demandTrend', words.demandTrend),
    ...given('commitmentMonths', whole(words.commitment, '--commitment')),
    ...given('discount', share(words.discount, '--discount')),
    ...given('waitMonths', waits),
    ...given('depreciation', words.depreciation),
    ...given('taxRate', share(words.taxRate, '--tax-rate')),
  };
}
