import type { Knowledge } from '../../throughput/knowledge.ts';
import { alternatives, flagsOf } from '../hosting/alternatives.ts';
import type { HostingQuery, HostingQuestion } from '../hosting/hostingQuestion.ts';
import { hostOn, isSized } from '../hosting/selfHost.ts';
import type { BreakEvenRemedy } from './breakEvenAnswer.ts';
import { type Comparison, compare } from './comparison.ts';

/** How much likelier a break-even must become for a change to be offered. */
const LEAST_GAIN = 0.05;

/**
 * For a pair that does not break even at the middle values: the change of KV cache or attention that makes a break-even most likely.
 *
 * @param knowledge what is known of speed on the day of the question
 * @returns null where nothing makes it likelier by 5 points or more without costing more per token, or the user fixed all of it
 */
export function breakEvenRemedy(
  query: HostingQuery,
  question: HostingQuestion,
  pair: Comparison,
  knowledge: Knowledge,
): BreakEvenRemedy | null {
  const { side, api, verdict } = pair;
  if (verdict.code !== 'never' && verdict.code !== 'open') return null;
  let best: BreakEvenRemedy | null = null;
  for (const alternative of alternatives(query, side.judged)) {
    const { code, words, change, judged } = alternative;
    const other = hostOn(question, judged, side.supply, knowledge);
    if (!isSized(other)) continue;
    const { verdict: then } = compare(other, api, question);
    const probability = then.probability ?? 0;
    const gain = probability - (verdict.probability ?? 0);
    const dearer = (then.breakEvenUsdPerMtok ?? 0) > (verdict.breakEvenUsdPerMtok ?? 0);
    if (gain < LEAST_GAIN || dearer || probability <= (best?.probability ?? 0)) continue;
    best = { code, change, probability, message: `with ${words} (${flagsOf(alternative)}): ${then.message}` };
  }
  return best;
}
