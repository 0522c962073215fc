import { Fault } from '../faults/fault.ts';
import { given } from '../plan/fit/question.ts';
import type { SpeedQuery } from '../plan/speed/speedQuestion.ts';
import { parseNumber } from '../units/number.ts';
import { parseDate } from '../units/time.ts';
import { parseContext } from '../units/tokens.ts';
import { deploymentQueryOf, shareIn } from './deploymentQuery.ts';
import type { SpeedOptions } from './speedOptions.ts';

const MOST_IN_FLIGHT = 1e6;
const COUNT = { min: 1, integer: true } as const;

/** One count that two options name. */
function countOf(
  words: SpeedOptions,
  [short, long]: readonly ['isl', 'inputTokens'] | readonly ['osl', 'outputTokens'],
): number | undefined {
  const flags = { isl: '--isl', osl: '--osl', inputTokens: '--input-tokens', outputTokens: '--output-tokens' } as const;
  const [first, second] = [short, long].map((name) => {
    const text = words[name];
    return text === undefined ? undefined : parseNumber(text, flags[name], COUNT);
  });
  if (first !== undefined && second !== undefined && first !== second) {
    throw new Fault('contradiction', `the same count as ${flags[short]}, which is ${first}`, {
      where: flags[long],
      value: second,
      allowed: `one of ${flags[short]} and ${flags[long]}`,
    });
  }
  return first ?? second;
}

/** Requests in flight: one count, or a range that rises such as `1..256`. */
function concurrencyIn(text: string, where: string): NonNullable<SpeedQuery['concurrency']> {
  const refused = (reason: string) =>
    new Fault('invalid', reason, { where, value: text, allowed: 'a whole number from 1, such as 64, or a range such as 1..256' });
  const [first = '', second, ...more] = text.split('..');
  const count = (word: string) => {
    if (!/^\d+$/.test(word.trim())) throw refused('not a count of requests');
    return parseNumber(word, where, { ...COUNT, max: MOST_IN_FLIGHT });
  };
  if (second === undefined) {
    const requests = count(first);
    return { from: requests, to: requests };
  }
  if (more.length > 0) throw refused('not a range');
  const [from, to] = [count(first), count(second)];
  if (to <= from) throw refused('a range rises from its first count to its second');
  return { from, to };
}

/** Requests in flight that are asked about. */
export function concurrencyOf({ concurrency }: Pick<SpeedOptions, 'concurrency'>): Pick<SpeedQuery, 'concurrency'> {
  return given('concurrency', concurrency === undefined ? undefined : concurrencyIn(concurrency, '--concurrency'));
}

/**
 * Reads the words of `kplan speed` into a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function speedQueryOf(options: SpeedOptions): SpeedQuery {
  const { workload, reuse, maxTpot, rank, ctx, asOf } = options;
  const gpu = options.gpu ?? (rank === true ? 'all' : undefined);
  return {
    ...deploymentQueryOf({ ...options, ...given('gpu', gpu) }),
    ...given('workload', workload),
    ...given('inputTokens', countOf(options, ['isl', 'inputTokens'])),
    ...given('outputTokens', countOf(options, ['osl', 'outputTokens'])),
    ...given('reuse', reuse === undefined ? undefined : shareIn(reuse, '--reuse', { min: 0 })),
    ...concurrencyOf(options),
    ...given('maxTpotMs', maxTpot === undefined ? undefined : parseNumber(maxTpot, '--max-tpot', { above: 0 })),
    ...given('contextTokens', ctx === undefined ? undefined : parseContext(ctx, '--ctx')),
    ...given('asOf', asOf === undefined ? undefined : parseDate(asOf, '--as-of')),
  };
}
