import type { CostQuery } from '../plan/cost/costQuestion.ts';
import { given } from '../plan/fit/question.ts';
import { parseNumber } from '../units/number.ts';
import type { CostOptions } from './costOptions.ts';
import { namesIn, shareIn } from './deploymentQuery.ts';
import { hostingQueryOf } from './hostingQuery.ts';
import { isWorkbookName } from './workbookFile.ts';

/**
 * Reads the words of `kplan cost` into a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function costQueryOf(options: CostOptions): CostQuery {
  const { against, requestsPerTask, finished, outputWeight, json, ids, out } = options;
  return {
    ...hostingQueryOf(options),
    ...given('against', against === undefined ? undefined : namesIn(against, '--against')),
    ...given(
      'requestsPerTask',
      requestsPerTask === undefined ? undefined : parseNumber(requestsPerTask, '--requests-per-task', { above: 0 }),
    ),
    ...given('finishedShare', finished === undefined ? undefined : shareIn(finished, '--finished', { above: 0 })),
    ...given('outputWeight', outputWeight === undefined ? undefined : parseNumber(outputWeight, '--output-weight', { above: 0 })),
    terms: json === true || ids === true || isWorkbookName(out),
  };
}
