import type { Deployment } from '../engine/deployment.ts';
import { memoryFraction } from '../engine/memoryFraction.ts';
import { fleetSizes, layoutsOver, preference } from '../layout/enumeration.ts';
import { type Layout, layoutName, stageRanks, totalGpus } from '../layout/layout.ts';
import { formatContext, formatCount } from '../units/tokens.ts';
import { MAX_NODES } from './candidates.ts';
import type { Remedy } from './fitAnswer.ts';
import { type JudgedDeployment, judge } from './judge.ts';

interface Change {
  readonly code: string;
  readonly words: string;
  readonly change: Readonly<Record<string, string | number>>;
  readonly deployment: Deployment;
}

const UTILIZATION = 0.95;
const SHORTEST_CONTEXT = 4096;

function withLayout(deployment: Deployment, layout: Layout, code: string): Change {
  const { tp, pp, ep, dcp, attentionDp, dp } = layout;
  const flags: Record<string, number> = { gpus: totalGpus(layout), tp };
  for (const [flag, ways] of Object.entries({ pp, dp, ep, dcp, 'attention-dp': attentionDp })) if (ways > 1) flags[flag] = ways;
  return {
    code,
    words: `${totalGpus(layout)} × ${deployment.gpu.name} as ${layoutName(layout)}`,
    change: flags,
    deployment: { ...deployment, layout },
  };
}

function cacheChanges(deployment: Deployment): Change[] {
  const { layout } = deployment;
  const changes: Change[] = [];
  if (deployment.kvCacheDtype === 'bf16') {
    changes.push({
      code: 'kv-cache-dtype',
      words: 'an FP8 KV cache',
      change: { 'kv-cache-dtype': 'fp8' },
      deployment: { ...deployment, kvCacheDtype: 'fp8' },
    });
  }
  for (let dcp = layout.dcp * 2; dcp <= layout.tp; dcp *= 2) {
    changes.push({
      code: 'dcp',
      words: `the KV cache of a sequence spread over ${dcp} ranks (DCP)`,
      change: { dcp },
      deployment: { ...deployment, layout: { ...layout, dcp } },
    });
  }
  return changes;
}

function limitChanges(deployment: Deployment): Change[] {
  const { sequences, layout, release } = deployment;
  const needed = Math.ceil(sequences / (layout.attentionDp * layout.dp));
  if ((deployment.maxNumSeqs ?? release.engine.maxSequences.value) >= needed) return [];
  return [
    {
      code: 'max-num-seqs',
      words: `a limit of ${needed} sequences`,
      change: { 'max-num-seqs': needed },
      deployment: { ...deployment, maxNumSeqs: needed },
    },
  ];
}

function budgetChanges(deployment: Deployment): Change[] {
  if (memoryFraction(deployment).value >= UTILIZATION) return [];
  const change = { utilization: UTILIZATION };
  return [{ code: 'utilization', words: `a memory fraction of ${UTILIZATION}`, change, deployment: { ...deployment, ...change } }];
}

function attentionDpChanges(deployment: Deployment): Change[] {
  const { layout } = deployment;
  const changes = [];
  for (let ways = 2; ways <= layout.tp; ways *= 2) {
    if (layout.tp % ways !== 0) break;
    const ranks = layout.tp * layout.attentionDp;
    changes.push(
      withLayout(
        deployment,
        { ...layout, tp: layout.tp / ways, attentionDp: layout.attentionDp * ways, ep: ranks, dcp: 1 },
        'attention-dp',
      ),
    );
  }
  return changes;
}

function fleetChanges(deployment: Deployment): Change[] {
  const { gpu, layout } = deployment;
  const larger = fleetSizes(gpu.gpusPerNode, MAX_NODES).filter((size) => size > totalGpus(layout));
  return larger.flatMap((size) =>
    layoutsOver(size, { dp: layout.dp })
      .sort((a, b) => preference(a, b, gpu.gpusPerNode))
      .slice(0, 4)
      .map((candidate) => withLayout(deployment, candidate, 'more-gpus')),
  );
}

/** The longest context, in whole thousands of 1,024 tokens, of which the asked sequences fit at high overhead. */
function shorterContext(judged: JudgedDeployment): Change[] {
  const { deployment, memory } = judged;
  if (!memory) return [];
  const { layout, sequences } = deployment;
  const caches = layout.attentionDp * layout.dp;
  const tokens = Math.floor(memory.kvTokens.low / caches / Math.ceil(sequences / caches) / 1024) * 1024;
  if (tokens < SHORTEST_CONTEXT || tokens >= deployment.contextTokens) return [];
  return [
    {
      code: 'shorter-context',
      words: `a context of ${formatContext(tokens)} (${formatCount(tokens)} tokens)`,
      change: { ctx: tokens },
      deployment: { ...deployment, contextTokens: tokens },
    },
  ];
}

function ruleChanges({ deployment, judgements }: JudgedDeployment): Change[] {
  const nearest = judgements[0]?.finding.nearest ?? [];
  const { layout } = deployment;
  const layouts = nearest.map((part) => {
    const valid = { ...layout, ...part };
    const wide = layout.ep > 1 && layout.ep === stageRanks(layout) && part.ep === undefined;
    return withLayout(deployment, wide ? { ...valid, ep: stageRanks(valid) } : valid, 'nearest-valid');
  });
  const bf16: Change = {
    code: 'kv-cache-dtype',
    words: 'a BF16 KV cache',
    change: { 'kv-cache-dtype': 'bf16' },
    deployment: { ...deployment, kvCacheDtype: 'bf16' },
  };
  return deployment.kvCacheDtype === 'fp8' ? [...layouts, bf16] : layouts;
}

function firstThat(changes: readonly Change[], verdicts: readonly string[]): Remedy | null {
  for (const { code, words, change, deployment } of changes) {
    const { verdict } = judge(deployment);
    if (verdicts.includes(verdict)) return { code, message: `with ${words}: ${verdict}`, change, verdict };
  }
  return null;
}

/**
 * The smallest change that would help a deployment that does not fit, is marginal or invalid: the limit on sequences first, then cache
 * settings, the budget, attention DP, a shorter context, more GPUs.
 *
 * @returns the first change that makes it fit, else the first that makes it marginal, else null
 */
export function findRemedy(judged: JudgedDeployment): Remedy | null {
  const { deployment, verdict } = judged;
  if (verdict === 'fits') return null;
  if (verdict === 'invalid') return firstThat(ruleChanges(judged), ['fits', 'marginal', 'does-not-fit']);
  const changes = [
    ...limitChanges(deployment),
    ...cacheChanges(deployment),
    ...budgetChanges(deployment),
    ...attentionDpChanges(deployment),
    ...shorterContext(judged),
    ...fleetChanges(deployment),
  ];
  const help = firstThat(changes, ['fits']);
  return help ?? (verdict === 'does-not-fit' ? firstThat(changes, ['marginal']) : null);
}
