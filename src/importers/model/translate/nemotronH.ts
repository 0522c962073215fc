import type { ExpertLayers, Layer } from '../../../model/architecture.ts';
import type { Mamba2 } from '../../../model/mixer.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { decoder, type FamilyReader, MOST } from './decoder.ts';
import { gqaMixer } from './gqaMixers.ts';
import { draftLayers } from './mlaFamilies.ts';

/** Letters of the pattern, and words of newer configs, by what the layer does. */
const LAYERS: Readonly<Record<string, Layer>> = {
  M: { mixer: 'linear', ffn: null },
  mamba: { mixer: 'linear', ffn: null },
  '*': { mixer: 'attention', ffn: null },
  attention: { mixer: 'attention', ffn: null },
  '-': { mixer: null, ffn: 'dense' },
  mlp: { mixer: null, ffn: 'dense' },
  E: { mixer: null, ffn: 'experts' },
  moe: { mixer: null, ffn: 'experts' },
};

function layersOf(config: JsonGroup): Layer[] {
  const name = config.named('hybrid_override_pattern', 'layers_block_type');
  const kinds = name === 'layers_block_type' ? config.texts(name, MOST.layers) : [...config.text(name)];
  return kinds.map((kind) => {
    const layer = Object.hasOwn(LAYERS, kind) ? LAYERS[kind] : undefined;
    if (!layer || kinds.length > MOST.layers)
      throw config.refused(name, `at most ${MOST.layers} layers of ${Object.keys(LAYERS).join(', ')}`);
    return layer;
  });
}

function mamba2(config: JsonGroup): Mamba2 {
  return {
    kind: 'mamba2',
    heads: config.count('mamba_num_heads', MOST.heads),
    headDim: config.count('mamba_head_dim', MOST.headDim),
    stateSize: config.count('ssm_state_size', MOST.width),
    groups: config.count('n_groups', MOST.heads),
    convKernel: config.count('conv_kernel', MOST.width),
    ...(config.text('mamba_ssm_cache_dtype', '') === 'float32' ? { stateStorage: 'fp32' as const } : {}),
  };
}

function experts(config: JsonGroup): ExpertLayers {
  const shared = config.amount('n_shared_experts', MOST.experts, 0);
  const sharedSize = config.amount('moe_shared_expert_intermediate_size', MOST.width, 0);
  return {
    experts: config.count('n_routed_experts', MOST.experts),
    expertsPerToken: config.count('num_experts_per_tok', MOST.experts),
    sharedExperts: shared,
    expertFfnSize: config.count('moe_intermediate_size', MOST.width),
    ...(shared > 0 && sharedSize > 0 ? { sharedFfnSize: sharedSize } : {}),
    ...(config.has('moe_latent_size') ? { latentSize: config.count('moe_latent_size', MOST.width) } : {}),
    matrices: 2,
    scoreBias: 'fp32',
  };
}

/** Nemotron-H and Nemotron 3: layers that either mix tokens (Mamba-2 or attention) or transform them (FFN or experts). */
export const readNemotronH: FamilyReader = (config) => {
  const layers = layersOf(config);
  const uses = (kind: Layer['ffn']) => layers.some(({ ffn }) => ffn === kind);
  const mixes = (name: string) => layers.some(({ mixer }) => mixer === name);
  const { draft, assumptions } = draftLayers(config, { ownVocabulary: false });
  const architecture = decoder(config, {
    mixers: {
      ...(mixes('attention') ? { attention: gqaMixer(config) } : {}),
      ...(mixes('linear') ? { linear: mamba2(config) } : {}),
    },
    layers,
    denseFfn: uses('dense') ? { size: config.count('intermediate_size', MOST.width), matrices: 2 } : null,
    experts: uses('experts') ? experts(config) : null,
    draft,
  });
  return { architecture, assumptions };
};
