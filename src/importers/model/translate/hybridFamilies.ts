import type { DraftModule, Layer } from '../../../model/architecture.ts';
import type { GatedDelta } from '../../../model/mixer.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { decoder, type FamilyReader, layersBy, MOST, perLayer } from './decoder.ts';
import { qwenExperts, qwenFfnAt } from './expertFields.ts';
import { gqaMixer } from './gqaMixers.ts';

/** Qwen 3.5 keeps these in 32 bits: two tensors in each linear layer of its published files. */
const FP32_OF_QWEN35 = { fp32Tensors: ['decay', 'norm'] } as const;

function gatedDelta(config: JsonGroup, type: string): GatedDelta {
  return {
    kind: 'gated-delta',
    keyHeads: config.count('linear_num_key_heads', MOST.heads),
    valueHeads: config.count('linear_num_value_heads', MOST.heads),
    keyHeadDim: config.count('linear_key_head_dim', MOST.headDim),
    valueHeadDim: config.count('linear_value_head_dim', MOST.headDim),
    convKernel: config.count('linear_conv_kernel_dim', MOST.width),
    ...(config.text('mamba_ssm_dtype', '') === 'float32' ? { stateStorage: 'fp32' as const } : {}),
    ...(type.startsWith('qwen3_5') ? FP32_OF_QWEN35 : {}),
  };
}

function linearAt(config: JsonGroup): (index: number) => boolean {
  if (config.has('layer_types')) {
    const types = perLayer(config, 'layer_types', ['linear_attention', 'full_attention']);
    return (index) => types[index] === 'linear_attention';
  }
  const every = config.count('full_attention_interval', MOST.layers);
  return (index) => (index + 1) % every !== 0;
}

function draftOf(config: JsonGroup, ffn: 'dense' | 'experts'): { draft: DraftModule | null; assumptions: string[] } {
  const name = config.named('mtp_num_hidden_layers', 'num_nextn_predict_layers', 'mtp_layers');
  const told = config.has(name);
  const layers = told ? config.amount(name, MOST.layers) : 1;
  const ownVocabulary = config.flag('mtp_use_dedicated_embeddings');
  return {
    draft: layers === 0 ? null : { layers, mixer: 'attention', ffn, ownVocabulary },
    assumptions: told ? [] : ['One draft layer (MTP) is taken to be in the files, as in Qwen3-Next; the config does not say.'],
  };
}

/** Qwen3-Next and Qwen 3.5, with experts or without: gated delta layers, and full attention in every fourth. */
export const readQwenHybrid: FamilyReader = (config, type) => {
  const gate = config.flag('attn_output_gate', true) ? { outputGate: true as const } : {};
  const isLinear = linearAt(config);
  const hasExperts = config.has('num_experts');
  const expertsAt = hasExperts ? qwenFfnAt(config) : (): Layer['ffn'] => 'dense';
  const layers = layersBy(config, (index) => ({ mixer: isLinear(index) ? 'linear' : 'attention', ffn: expertsAt(index) }));
  const hasDense = layers.some(({ ffn }) => ffn === 'dense');
  const { draft, assumptions } = draftOf(config, hasExperts ? 'experts' : 'dense');
  const architecture = decoder(config, {
    mixers: { attention: { ...gqaMixer(config, { qkNorm: 'head' }), ...gate }, linear: gatedDelta(config, type) },
    layers,
    experts: hasExperts ? qwenExperts(config) : null,
    denseFfn: hasDense ? { size: config.count('intermediate_size', MOST.width) } : null,
    draft,
  });
  return { architecture, assumptions };
};
