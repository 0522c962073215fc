import { stageRanks } from '../layout/layout.ts';
import type { Split } from '../model/tensors.ts';
import { type Deployment, expertTensorWays } from './deployment.ts';
import type { EngineId } from './engine.ts';

/** Over which ranks of a stage a tensor is split: none, one TP group, all of them, or expert by expert. */
type Spread = 'whole' | 'tp-group' | 'stage' | 'experts';

/** Into how many parts, and the same in mathjs syntax. */
export interface Ways {
  readonly value: number;
  readonly formula: string;
}

const WAYS: Readonly<Record<Spread, { readonly formula: string; readonly of: (deployment: Deployment) => number }>> = {
  whole: { formula: '1', of: () => 1 },
  'tp-group': { formula: 'tp', of: ({ layout }) => layout.tp },
  stage: { formula: '(tp * attentionDp)', of: ({ layout }) => stageRanks(layout) },
  experts: {
    formula: '(experts / ceil(experts / ep) * tp * attentionDp / ep)',
    of: (deployment) => {
      const { experts } = deployment.model.architecture.experts;
      return (experts / Math.ceil(experts / deployment.layout.ep)) * expertTensorWays(deployment);
    },
  },
};

/**
 * What each engine splits how: vLLM under attention DP repeats everything but the experts in each group, SGLang keeps dense FFN,
 * shared experts and vocabulary split over all ranks of a stage.
 */
const SPREADS: Readonly<Record<EngineId, Readonly<Record<Split, Spread>>>> = {
  vllm: {
    replicated: 'whole',
    heads: 'tp-group',
    'dense-ffn': 'tp-group',
    'shared-ffn': 'tp-group',
    embedding: 'tp-group',
    head: 'tp-group',
    experts: 'experts',
    vision: 'tp-group',
  },
  sglang: {
    replicated: 'whole',
    heads: 'tp-group',
    'dense-ffn': 'stage',
    'shared-ffn': 'stage',
    embedding: 'stage',
    head: 'stage',
    experts: 'experts',
    vision: 'tp-group',
  },
};

/** vLLM keeps the shared experts whole where TP, attention DP and EP meet: its experts are then parallel over the sequence. */
function sequenceParallelExperts({ release, layout }: Deployment): boolean {
  return release.engine.id === 'vllm' && layout.tp > 1 && layout.attentionDp > 1 && layout.ep > 1;
}

/** Into how many parts the engine splits a kind of tensor over the ranks of a stage. */
export function waysOf(split: Split, deployment: Deployment): Ways {
  const whole =
    (split === 'vision' && deployment.encoderMode === 'data') || (split === 'shared-ffn' && sequenceParallelExperts(deployment));
  const { formula, of } = WAYS[whole ? 'whole' : SPREADS[deployment.release.engine.id][split]];
  return { value: of(deployment), formula };
}
