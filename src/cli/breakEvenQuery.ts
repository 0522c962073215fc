import type { BreakEvenQuery } from '../plan/breakEven/breakEvenQuestion.ts';
import { given } from '../plan/fit/question.ts';
import { parseNumber } from '../units/number.ts';
import { parseDate } from '../units/time.ts';
import { parseContext } from '../units/tokens.ts';
import type { BreakEvenOptions } from './breakEvenOptions.ts';
import { deploymentQueryOf, namesIn, shareIn } from './deploymentQuery.ts';

/**
 * Reads the words of `kplan breakeven` into a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function breakEvenQueryOf(options: BreakEvenOptions): BreakEvenQuery {
  const { workload, inputTokens, outputTokens, reuse, tokensPerMonth, tokensPerSecond, maxTpot } = options;
  const { offer, tariff, hoursPerMonth, maxLoad, ctx, asOf } = options;
  const read = (text: string | undefined, where: string, range: Parameters<typeof parseNumber>[2]) =>
    text === undefined ? undefined : parseNumber(text, where, range);
  return {
    ...deploymentQueryOf(options),
    ...given('workload', workload),
    ...given('inputTokens', read(inputTokens, '--input-tokens', { min: 1, integer: true })),
    ...given('outputTokens', read(outputTokens, '--output-tokens', { min: 1, integer: true })),
    ...given('reuse', reuse === undefined ? undefined : shareIn(reuse, '--reuse', { min: 0 })),
    ...given('tokensPerMonth', read(tokensPerMonth, '--tokens-per-month', { min: 0 })),
    ...given('tokensPerSecond', read(tokensPerSecond, '--tokens-per-second', { above: 0 })),
    ...given('maxTpotMs', read(maxTpot, '--max-tpot', { above: 0 })),
    ...given('offer', offer),
    ...given('tariffs', tariff === undefined ? undefined : namesIn(tariff, '--tariff')),
    ...given('hoursPerMonth', read(hoursPerMonth, '--hours-per-month', { above: 0, max: 744 })),
    ...given('maxLoad', maxLoad === undefined ? undefined : shareIn(maxLoad, '--max-load', { above: 0 })),
    ...given('contextTokens', ctx === undefined ? undefined : parseContext(ctx, '--ctx')),
    ...given('asOf', asOf === undefined ? undefined : parseDate(asOf, '--as-of')),
    terms: options.json === true || options.ids === true,
  };
}
