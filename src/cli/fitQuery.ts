import { type FitQuery, given } from '../plan/fit/question.ts';
import { parseNumber } from '../units/number.ts';
import { contextsIn, parseContextRange } from '../units/tokens.ts';
import { deploymentQueryOf } from './deploymentQuery.ts';
import { refuseOptionsOfOthers } from './engineOptions.ts';
import type { FitOptions } from './fitOptions.ts';

/** Sequences that must fit at once. */
export function sequencesIn({ sequences }: Pick<FitOptions, 'sequences'>): Pick<FitQuery, 'sequences'> {
  return given('sequences', sequences === undefined ? undefined : parseNumber(sequences, '--sequences', { min: 1, integer: true }));
}

/**
 * Reads the words of `kplan fit` into a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function fitQueryOf(options: FitOptions): FitQuery {
  const { ctx, engine = 'vllm' } = options;
  refuseOptionsOfOthers(options, engine, false);
  const contexts = ctx === undefined ? undefined : contextsIn(parseContextRange(ctx, '--ctx'));
  return {
    ...deploymentQueryOf(options),
    ...sequencesIn(options),
    ...given('contextTokens', contexts?.length === 1 ? contexts[0] : contexts),
    ...given('terms', options.terms || options.ids),
    ...given('rules', options.rules),
  };
}
