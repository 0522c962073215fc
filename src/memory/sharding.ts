import { type Deployment, expertTensorWays } from '../engine/deployment.ts';
import type { Split } from '../model/tensors.ts';

/**
 * Into how many parts each kind of tensor is split over the ranks of a stage.
 *
 * vLLM under attention DP repeats everything but the experts in each group (and the shared experts whole where TP, DP and EP meet);
 * SGLang keeps dense FFN, shared experts and vocabulary split over all ranks.
 *
 * @returns ways by split; experts count whole EP ranks times the split within them
 */
export function splitWays(deployment: Deployment): Readonly<Record<Split, number>> {
  const { layout, release, encoderMode, model } = deployment;
  const ranks = layout.tp * layout.attentionDp;
  const wide = release.engine.id === 'sglang' ? ranks : layout.tp;
  const sequenceParallelExperts = release.engine.id === 'vllm' && layout.tp > 1 && layout.attentionDp > 1 && layout.ep > 1;
  const { experts } = model.architecture.experts;
  return {
    replicated: 1,
    heads: layout.tp,
    'dense-ffn': wide,
    'shared-ffn': sequenceParallelExperts ? 1 : wide,
    embedding: wide,
    head: wide,
    experts: (experts / Math.ceil(experts / layout.ep)) * expertTensorWays(deployment),
    vision: encoderMode === 'data' ? 1 : layout.tp,
  };
}
