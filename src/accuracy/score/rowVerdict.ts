import type { Verdict } from '../../memory/memoryPlan.ts';
import { judge } from '../../plan/judge.ts';
import type { RowDeployment } from '../observed/rowDeployment.ts';
import type { StartupRow } from '../observed/startupRow.ts';

/** How kplan's verdict on a row's deployment stands beside what happened. */
type VerdictScore = 'right' | 'marginal' | 'wrong' | 'exception';

export interface RowVerdict {
  readonly score: VerdictScore;
  readonly verdict: Verdict;
  /** Why a failure lies outside what a budget at start-up can show, or what binds where the verdict is wrong. */
  readonly why: string;
}

/** Failures that no static budget shows, by what their reports say of the moment. */
const OUTSIDE_THE_BUDGET: readonly (readonly [RegExp, string])[] = [
  [/after start-?up/i, 'ran out of memory after start-up, at a peak of serving'],
  [/(?:at|during|while) (?:model )?load/i, 'ran out of memory while loading, at a peak before the budget is formed'],
  [/warm(?:ing)?[ -]?up/i, 'ran out of memory in a warm-up after the KV cache was allocated'],
];

/** Why a row's outcome cannot be held against a verdict, or null where it can. */
export function verdictObstacle(row: StartupRow, { deployment, statesFraction, knowsMemory }: RowDeployment): string | null {
  if (row.outcome === 'fails') return 'the reason of the failure is not stated';
  if (!knowsMemory) return `how much memory an engine sees on ${deployment.gpu.name} is only assumed`;
  const longest = deployment.model.architecture.maxContextTokens;
  if (row.outcome === 'fits' && row.maxModelLen === null && row.kvTokens !== null && row.kvTokens < longest)
    return 'the longest length is not stated, and is not that of the model';
  if (row.outcome === 'fits' && !statesFraction) return 'neither memory fraction nor release is stated';
  return null;
}

/** Holds kplan's verdict on one sequence of the row's longest length against the row's outcome. */
export function rowVerdict(row: StartupRow, { deployment }: RowDeployment): RowVerdict {
  const { verdict, binding } = judge(deployment);
  const refused = verdict === 'invalid' || verdict === 'does-not-fit';
  if (verdict === 'marginal') return { score: 'marginal', verdict, why: binding.message };
  if (refused === (row.outcome === 'oom')) return { score: 'right', verdict, why: binding.message };
  const outside = row.outcome === 'oom' ? OUTSIDE_THE_BUDGET.find(([pattern]) => pattern.test(row.notes))?.[1] : undefined;
  return outside === undefined ? { score: 'wrong', verdict, why: binding.message } : { score: 'exception', verdict, why: outside };
}
