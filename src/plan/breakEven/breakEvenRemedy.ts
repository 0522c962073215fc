import type { Knowledge } from '../../throughput/knowledge.ts';
import type { HostingQuery, HostingQuestion } from '../hosting/hostingQuestion.ts';
import { hostOn, isSized } from '../hosting/selfHost.ts';
import { type JudgedDeployment, judge } from '../judge.ts';
import type { BreakEvenRemedy } from './breakEvenAnswer.ts';
import { type Comparison, compare } from './comparison.ts';

/** How much likelier a break-even must become for a change to be offered. */
const LEAST_GAIN = 0.05;

interface Change {
  readonly code: BreakEvenRemedy['code'];
  readonly words: string;
  readonly change: BreakEvenRemedy['change'];
  readonly judged: JudgedDeployment;
}

/** What a replica of the same GPUs could do otherwise, as far as the user left it open and it fits. */
function changes(query: HostingQuery, { deployment }: JudgedDeployment): Change[] {
  const { layout, kvCacheDtype } = deployment;
  const list: Change[] = [];
  if (query.kvCacheDtype === undefined && kvCacheDtype === 'bf16') {
    const judged = judge({ ...deployment, kvCacheDtype: 'fp8' });
    list.push({ code: 'kv-cache-dtype', words: 'an FP8 KV cache', change: { 'kv-cache-dtype': 'fp8' }, judged });
  }
  if (query.dcp === undefined && layout.dcp === 1 && layout.tp > 1) {
    const judged = judge({ ...deployment, layout: { ...layout, dcp: layout.tp } });
    list.push({ code: 'dcp', words: `DCP ${layout.tp}`, change: { dcp: layout.tp }, judged });
  }
  if (query.attentionDp === undefined && query.tp === undefined && layout.tp > 1 && layout.attentionDp === 1 && layout.pp === 1) {
    const judged = judge({ ...deployment, layout: { ...layout, tp: 1, attentionDp: layout.tp, ep: layout.tp, dcp: 1 } });
    const change = { gpus: layout.tp, 'attention-dp': layout.tp };
    list.push({ code: 'attention-dp', words: `attention DP over all ${layout.tp} GPUs`, change, judged });
  }
  return list.filter(({ judged }) => judged.verdict === 'fits');
}

function flags(change: BreakEvenRemedy['change']): string {
  return Object.entries(change)
    .map(([flag, value]) => `--${flag} ${value}`)
    .join(' ');
}

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
  for (const { code, words, change, judged } of changes(query, side.judged)) {
    const other = hostOn(question, judged, side.supply, knowledge);
    if (!isSized(other)) continue;
    const { verdict: then } = compare(other, api, question);
    const probability = then.probability ?? 0;
    const gain = probability - (verdict.probability ?? 0);
    const dearer = (then.breakEvenUsdPerMtok ?? 0) > (verdict.breakEvenUsdPerMtok ?? 0);
    if (gain < LEAST_GAIN || dearer || probability <= (best?.probability ?? 0)) continue;
    best = { code, change, probability, message: `with ${words} (${flags(change)}): ${then.message}` };
  }
  return best;
}
