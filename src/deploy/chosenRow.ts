import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import type { FitResult } from '../plan/fit/fitAnswer.ts';
import { headline } from '../plan/fit/fitWords.ts';

/** Keys that a message names. */
const SHOWN = 8;

function keysIn(results: readonly { readonly key: string }[]): string {
  const keys = results.map(({ key }) => key);
  return keys.length > SHOWN ? `${keys.slice(0, SHOWN).join(', ')} and ${keys.length - SHOWN} more` : keys.join(', ');
}

/** @throws Fault `missing` where an answer has no result */
function checkAny(results: readonly unknown[]): void {
  if (results.length === 0) throw new Fault('missing', 'the answer has no plan', { where: 'results', allowed: 'a plan that is judged' });
}

/** @throws Fault `unknown` where no result has the key */
function rowOf<R extends { readonly key: string }>(results: readonly R[], key: string): R {
  const row = results.find((one) => one.key === key);
  if (row) return row;
  const keys = results.map((one) => one.key);
  throw new Fault('unknown', 'no such row in the answer', {
    where: '--row',
    value: key,
    allowed: keysIn(results),
    nearest: nearestNames(key, keys),
  });
}

/**
 * The result of `fit` that is deployed: the one of `--row`, else the one that the answer puts first.
 *
 * @throws Fault where there are several GPU types or formats and none is chosen
 */
export function chosenFit(results: readonly FitResult[], key: string | undefined): FitResult {
  checkAny(results);
  if (key !== undefined) return rowOf(results, key);
  const kinds = new Set(results.map(({ gpu, format }) => `${gpu}/${format}`));
  const first = headline(results);
  if (kinds.size === 1 && first) return first;
  throw new Fault('missing', 'one plan is deployed, and the answer has several', { where: '--row', allowed: keysIn(results) });
}

/**
 * The same for a host that serves from RAM too.
 *
 * @throws Fault where there are several hosts or formats and none is chosen
 */
export function chosenOffload<R extends { readonly key: string }>(results: readonly R[], key: string | undefined): R {
  checkAny(results);
  if (key !== undefined) return rowOf(results, key);
  const [first, ...others] = results;
  if (first && others.length === 0) return first;
  throw new Fault('missing', 'one plan is deployed, and the answer has several', { where: '--row', allowed: keysIn(results) });
}
