import { stageRanks } from '../layout/layout.ts';
import type { Split, TensorGroup } from '../model/tensors.ts';
import { type Deployment, expertTensorWays } from './deployment.ts';
import type { EngineId } from './engine.ts';

/** Over which ranks of a stage a tensor is split: none, one TP group (whole key-value heads at most), all of them, or expert by expert. */
type Spread = 'whole' | 'tp-group' | 'kv-heads' | 'stage' | 'experts';

/** What decides how an engine splits a tensor. */
type Splittable = Pick<TensorGroup, 'split' | 'kvHeads'>;

/** Into how many parts, and the same in mathjs syntax. */
export interface Ways {
  readonly value: number;
  readonly formula: string;
}

/** Routed experts of one EP rank, rounded up as the fullest rank holds them. */
function expertWays(deployment: Deployment): Ways {
  const { experts = 1 } = deployment.model.architecture.experts ?? {};
  return {
    value: (experts / Math.ceil(experts / deployment.layout.ep)) * expertTensorWays(deployment),
    formula: '(experts / ceil(experts / ep) * tp * attentionDp / ep)',
  };
}

const WAYS: Readonly<Record<Spread, (deployment: Deployment, tensor: Splittable) => Ways>> = {
  whole: () => ({ value: 1, formula: '1' }),
  'tp-group': ({ layout }) => ({ value: layout.tp, formula: 'tp' }),
  'kv-heads': ({ layout }, { kvHeads = 1 }) => ({ value: Math.min(layout.tp, kvHeads), formula: `min(tp, ${kvHeads})` }),
  stage: ({ layout }) => ({ value: stageRanks(layout), formula: '(tp * attentionDp)' }),
  experts: expertWays,
};

const TP_GROUP = {
  replicated: 'whole',
  heads: 'tp-group',
  'kv-heads': 'kv-heads',
  'linear-heads': 'tp-group',
  experts: 'experts',
  vision: 'tp-group',
} as const;

/**
 * What each engine splits how: vLLM under attention DP repeats everything but the experts in each group, SGLang keeps dense FFN,
 * shared experts and vocabulary split over all ranks of a stage.
 */
const SPREADS: Readonly<Record<EngineId, Readonly<Record<Split, Spread>>>> = {
  vllm: { ...TP_GROUP, 'dense-ffn': 'tp-group', 'shared-ffn': 'tp-group', embedding: 'tp-group', head: 'tp-group' },
  sglang: { ...TP_GROUP, 'dense-ffn': 'stage', 'shared-ffn': 'stage', embedding: 'stage', head: 'stage' },
};

/** vLLM keeps the shared experts whole where TP, attention DP and EP meet: its experts are then parallel over the sequence. */
function sequenceParallelExperts({ release, layout }: Deployment): boolean {
  return release.engine.id === 'vllm' && layout.tp > 1 && layout.attentionDp > 1 && layout.ep > 1;
}

/** Into how many parts the engine splits a kind of tensor over the ranks of a stage. */
export function waysOf(tensor: Splittable, deployment: Deployment): Ways {
  const { split } = tensor;
  const whole =
    (split === 'vision' && deployment.encoderMode === 'data') || (split === 'shared-ffn' && sequenceParallelExperts(deployment));
  return WAYS[whole ? 'whole' : SPREADS[deployment.release.engine.id][split]](deployment, tensor);
}
