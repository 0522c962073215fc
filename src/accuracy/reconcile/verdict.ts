import type { OutOfMemoryPlace, StartOutcome, StartupLog } from '../../importers/startupLog/startupLog.ts';
import { judge } from '../../plan/judge.ts';
import type { LogDeployment } from './logDeployment.ts';
import type { ReconcileVerdict } from './reconciliation.ts';

/** Places where memory runs out at a peak that no budget at start-up shows. */
const PEAKS: Readonly<Partial<Record<OutOfMemoryPlace, string>>> = {
  load: 'memory ran out while loading, at a peak before the budget is formed',
  'sampler-warm-up':
    'memory ran out in the warm-up of the sampler, after the KV cache was allocated: fewer sequences or a lower fraction help',
  'graph-capture': 'memory ran out while graphs were captured, after the KV cache was allocated: a lower fraction helps',
  'compute-buffer': 'memory ran out at a compute buffer, which kplan does not size for this host',
  'after-start': 'memory ran out after the start, at a peak of serving',
};

function reached(outcome: StartOutcome): string {
  switch (outcome.kind) {
    case 'ready':
      return 'the server is ready';
    case 'refused':
      return outcome.text;
    case 'out-of-memory':
      return outcome.text;
    case 'died':
      return outcome.error === null
        ? `the log ends during ${outcome.during} without an error: it died silently, or was cut`
        : `it died during ${outcome.during}: ${outcome.error}`;
  }
}

/** Holds kplan's verdict on one sequence of the longest length against what became of the start. */
export function reconcileVerdict({ outcome }: StartupLog, { deployment, noBudget }: LogDeployment): ReconcileVerdict {
  const logged = outcome.kind;
  const { line } = outcome;
  const open = (explanation: string): ReconcileVerdict => ({ predicted: null, logged, agrees: null, explanation, line });
  if (!deployment || noBudget !== null) return open(`${reached(outcome)}; no verdict: ${noBudget ?? 'the model is not known'}`);
  const { verdict, binding } = judge(deployment);
  const said = (agrees: boolean | null, why: string): ReconcileVerdict => ({ predicted: verdict, logged, agrees, explanation: why, line });
  if (outcome.kind === 'died') return said(null, `${reached(outcome)}; nothing of it speaks of memory`);
  const peak = outcome.kind === 'out-of-memory' ? PEAKS[outcome.where] : undefined;
  const refused = verdict === 'invalid' || verdict === 'does-not-fit';
  if (peak !== undefined && !refused) return said(null, peak);
  const kplan = `${reached(outcome)}; kplan: ${verdict}, ${binding.message}`;
  if (verdict === 'marginal') return said(null, `${kplan}; that leaves both ends open`);
  return said(refused === (outcome.kind !== 'ready'), kplan);
}
