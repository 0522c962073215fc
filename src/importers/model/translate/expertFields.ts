import type { ExpertLayers, Layer } from '../../../model/architecture.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { MOST } from './decoder.ts';

/** Experts in the words of Qwen's configs, with one shared FFN behind a gate where there is one. */
export function qwenExperts(config: JsonGroup): ExpertLayers {
  const shared = config.amount('shared_expert_intermediate_size', MOST.width, 0);
  return {
    experts: config.count('num_experts', MOST.experts),
    expertsPerToken: config.count('num_experts_per_tok', MOST.experts),
    sharedExperts: shared > 0 ? 1 : 0,
    expertFfnSize: config.count('moe_intermediate_size', MOST.width),
    ...(shared > 0 ? { sharedFfnSize: shared, sharedGate: true as const } : {}),
  };
}

/** Every n-th layer has experts, but for those listed. */
export function qwenFfnAt(config: JsonGroup): (index: number) => Layer['ffn'] {
  const every = config.count('decoder_sparse_step', MOST.layers, 1);
  const dense = new Set(config.has('mlp_only_layers') ? config.wholes('mlp_only_layers', MOST.layers, MOST.layers) : []);
  return (index) => (!dense.has(index) && (index + 1) % every === 0 ? 'experts' : 'dense');
}

/** Experts in the words of Mixtral's config: `intermediate_size` is that of one expert. */
export function mixtralExperts(config: JsonGroup): ExpertLayers {
  return {
    experts: config.count('num_local_experts', MOST.experts),
    expertsPerToken: config.count(config.named('num_experts_per_tok', 'experts_per_token'), MOST.experts),
    sharedExperts: 0,
    expertFfnSize: config.count('intermediate_size', MOST.width),
  };
}
