import type { Deployment } from '../engine/deployment.ts';
import { findings, type Judgement } from '../engine/ledger.ts';
import { admittedSequences } from '../engine/maxSequences.ts';
import { memoryFraction } from '../engine/memoryFraction.ts';
import { kvCaches } from '../layout/layout.ts';
import type { MemoryPlan, Verdict } from '../memory/memoryPlan.ts';
import { memoryVerdict, planMemory } from '../memory/plan.ts';
import { formatGiB } from '../units/bytes.ts';
import { formatContext, formatCount } from '../units/tokens.ts';
import type { Binding } from './fit/fitAnswer.ts';

/** The verdict on one deployment, what decides it and what the rules had to say. */
export interface JudgedDeployment {
  readonly deployment: Deployment;
  readonly verdict: Verdict;
  readonly binding: Binding;
  /** null where the layout is invalid or the memory of the GPU unknown. */
  readonly memory: MemoryPlan | null;
  readonly judgements: readonly Judgement[];
}

function refused(deployment: Deployment, judgements: readonly Judgement[], binding: Binding): JudgedDeployment {
  return { deployment, verdict: 'invalid', binding, memory: null, judgements };
}

function ruleBinding({ rule, finding }: Judgement): Binding {
  return { code: rule.id, message: finding.message, source: `rules/${rule.id}` };
}

function wanted({ sequences, contextTokens }: Deployment): string {
  return `${sequences === 1 ? 'one sequence' : `${sequences} sequences`} of ${formatContext(contextTokens)} tokens`;
}

/** Why an engine has no budget at all: it keeps more out of its memory fraction than there is. */
function reserveBinding(deployment: Deployment): Binding {
  const { reserve = { bytes: 0, ofBytes: 0 }, source } = memoryFraction(deployment);
  return {
    code: 'engine-reserve-exceeds-memory',
    message: `${deployment.release.engine.name} keeps ${formatGiB(reserve.bytes)} of each GPU for activations and graphs in this layout, all of the ${formatGiB(reserve.ofBytes)} that there are`,
    source,
  };
}

/** What limits a deployment that is valid, in the order in which memory runs out. */
function memoryBinding(deployment: Deployment, plan: MemoryPlan, verdict: Verdict): Binding {
  const total = deployment.gpu.torchTotalGiB?.source ?? '';
  const { weightBytesPerGpu: weights, budgetBytesPerGpu: budget, kvMemoryBytesPerGpu: rest, overheadBytesPerGpu } = plan;
  const { overheadSource: overhead } = plan;
  const caches = kvCaches(deployment.layout);
  const { low, value, high } = plan.kvTokens;
  const each = caches > 1 ? ` in each of ${caches} KV caches` : '';
  const holds = () => `${formatCount(value / caches)} KV tokens (${formatCount(low / caches)} to ${formatCount(high / caches)})${each}`;
  if (verdict === 'fits') return { code: 'kv-memory', message: `room for ${holds()}`, source: overhead };
  if (budget === 0) return reserveBinding(deployment);
  if (weights >= budget) {
    return {
      code: 'weights-exceed-budget',
      message: `weights of ${formatGiB(weights)} exceed the budget of ${formatGiB(budget)} per GPU`,
      source: total,
    };
  }
  const left = `${formatGiB(budget)} budget less ${formatGiB(weights)} weights leaves ${formatGiB(budget - weights)} per GPU`;
  if (rest.high <= 0) {
    return {
      code: 'overhead-exceeds-rest',
      message: `${left}, less than the engine's overhead of at least ${formatGiB(overheadBytesPerGpu.low)}`,
      source: overhead,
    };
  }
  const admitted = admittedSequences(deployment);
  const limit = admitted.value * caches;
  if (limit < deployment.sequences) {
    return {
      code: 'max-num-seqs',
      message: `the engine admits ${formatCount(limit)} at once, fewer than ${deployment.sequences} sequences`,
      source: admitted.source,
    };
  }
  const why = verdict === 'marginal' ? `room for ${wanted(deployment)} depends on the overhead` : `too few for ${wanted(deployment)}`;
  const after = `${formatGiB(rest.value)} (${formatGiB(rest.low)} to ${formatGiB(rest.high)}) after the engine's overhead`;
  return { code: 'kv-memory', message: `${left}, ${after}: ${holds()}, ${why}`, source: overhead };
}

/**
 * Judges one deployment: the engine's rules first, then the memory of one GPU. A warning that leaves room for doubt makes what would
 * fit marginal.
 *
 * @param deployment model, GPU, engine release and layout
 * @returns `invalid` with the rule that fails, or the memory verdict with the constraint that binds
 * @example judge(deployment).verdict // 'fits'
 */
export function judge(deployment: Deployment): JudgedDeployment {
  const judgements = findings(deployment);
  const first = judgements[0];
  if (first?.finding.outcome === 'fail') {
    return refused(deployment, judgements, ruleBinding(first));
  }
  if (!deployment.gpu.torchTotalGiB) {
    const message = `how much memory an engine sees on ${deployment.gpu.name} is not known, and the figure on the box is not it`;
    return refused(deployment, judgements, { code: 'gpu.memory-unknown', message, source: deployment.gpu.marketedGB.source });
  }
  const memory = planMemory(deployment);
  const verdict = memoryVerdict(memory, deployment.sequences);
  const doubt = judgements.find(({ finding }) => finding.atMost !== undefined);
  if (doubt && verdict === 'fits') return { deployment, verdict: 'marginal', binding: ruleBinding(doubt), memory, judgements };
  return { deployment, verdict, binding: memoryBinding(deployment, memory, verdict), memory, judgements };
}
