import { Fault } from '../../../faults/fault.ts';
import type { DenseFfn } from '../../../model/architecture.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { decoder, type FamilyReader, layersBy, MOST } from './decoder.ts';
import { biasOf, plain, qwen2Mixing } from './denseFamilies.ts';
import { mixtralExperts, qwenExperts, qwenFfnAt } from './expertFields.ts';
import { gqaMixer, windowed } from './gqaMixers.ts';
import { deepseekExperts, deepseekFfnAt, draftLayers } from './mlaFamilies.ts';

function denseFfn(config: JsonGroup): DenseFfn {
  return { size: config.count('intermediate_size', MOST.width) };
}

/** Qwen 1.5 MoE to Qwen 3 MoE and the text half of Qwen3-VL MoE. */
export const readQwenMoe: FamilyReader = (config, type) => {
  const { mixers, mixerAt } = type === 'qwen2_moe' ? qwen2Mixing(config) : plain(config, { ...biasOf(config, 'qkvo'), qkNorm: 'head' });
  const ffnAt = qwenFfnAt(config);
  const layers = layersBy(config, (index) => ({ mixer: mixerAt(index), ffn: ffnAt(index) }));
  const hasDense = layers.some(({ ffn }) => ffn === 'dense');
  const experts = qwenExperts(config);
  return { architecture: decoder(config, { mixers, layers, experts, denseFfn: hasDense ? denseFfn(config) : null }), assumptions: [] };
};

/** Mixtral. */
export const readMixtral: FamilyReader = (config) => {
  const { mixers, mixerAt } = windowed(config, gqaMixer(config), () => (config.has('sliding_window') ? 'sliding' : 'full'));
  const layers = layersBy(config, (index) => ({ mixer: mixerAt(index), ffn: 'experts' }));
  return { architecture: decoder(config, { mixers, layers, experts: mixtralExperts(config) }), assumptions: [] };
};

/** GLM-4.5 to GLM-4.7. */
export const readGlm4Moe: FamilyReader = (config) => {
  const norm = config.flag('use_qk_norm') ? { qkNorm: 'head' as const } : {};
  const { mixers, mixerAt } = plain(config, { ...biasOf(config, 'qkv'), ...norm });
  const ffnAt = deepseekFfnAt(config);
  const { draft, assumptions } = draftLayers(config, { ownVocabulary: true });
  const layers = layersBy(config, (index) => ({ mixer: mixerAt(index), ffn: ffnAt(index) }));
  const experts = deepseekExperts(config, true);
  return { architecture: decoder(config, { mixers, layers, experts, denseFfn: denseFfn(config), draft }), assumptions };
};

/** MiniMax M2: a norm over all heads together, a router in 32 bits. */
export const readMinimaxM2: FamilyReader = (config) => {
  if (config.has('attn_type_list') && config.wholes('attn_type_list', MOST.layers, 9).some((kind) => kind !== 1))
    throw new Fault('unsupported', 'a kind of attention', { where: config.place('attn_type_list'), allowed: '1 (softmax) in every layer' });
  const { mixers, mixerAt } = plain(config, config.flag('use_qk_norm') ? { qkNorm: 'layer' } : {});
  const layers = layersBy(config, (index) => ({ mixer: mixerAt(index), ffn: 'experts' }));
  const bias = config.flag('use_routing_bias') ? { scoreBias: 'fp32' as const } : {};
  const experts = { ...mixtralExperts(config), ...bias, routerStorage: 'fp32' as const };
  const assumptions = config.flag('use_mtp')
    ? ['The config names draft layers (MTP), which published checkpoints of this family do not hold.']
    : [];
  return { architecture: decoder(config, { mixers, layers, experts }), assumptions };
};

/** gpt-oss: sinks, biases everywhere, windows in every other layer. */
export const readGptOss: FamilyReader = (config) => {
  const bias = config.flag('attention_bias', true) ? { bias: 'qkvo' as const } : {};
  const full = gqaMixer(config, { ...bias, sinks: true });
  const { mixers, mixerAt } = windowed(config, full, (index) => (index % 2 === 0 ? 'sliding' : 'full'));
  const layers = layersBy(config, (index) => ({ mixer: mixerAt(index), ffn: 'experts' }));
  const experts = { ...mixtralExperts(config), bias: true as const, scoreBias: 'bf16' as const };
  return { architecture: decoder(config, { mixers, layers, experts }), assumptions: [] };
};

/** Every how manieth layer of Llama 4 sees the whole context, without positions, where the config does not say. */
const LLAMA4_FULL_EVERY = 4;

/** Llama 4: chunks of context, and one shared expert beside the routed ones. */
export const readLlama4: FamilyReader = (config) => {
  const isFull = (index: number) => (index + 1) % LLAMA4_FULL_EVERY === 0;
  const rope = config.has('no_rope_layers') ? config.wholes('no_rope_layers', MOST.layers, 1) : [];
  const fullAt = (index: number) => (rope.length > 0 ? rope[index] === 0 : isFull(index));
  const { mixers, mixerAt } = windowed(config, gqaMixer(config, biasOf(config, 'qkvo')), (index) => (fullAt(index) ? 'full' : 'chunked'));
  const every = config.count('interleave_moe_layer_step', MOST.layers, 1);
  const listed = config.has('moe_layers') ? new Set(config.wholes('moe_layers', MOST.layers, MOST.layers)) : null;
  const layers = layersBy(config, (index) => ({
    mixer: mixerAt(index),
    ffn: (listed ? listed.has(index) : (index + 1) % every === 0) ? 'experts' : 'dense',
  }));
  const experts = { ...mixtralExperts(config), sharedExperts: 1 };
  const ffn = { size: config.count('intermediate_size_mlp', MOST.width) };
  return { architecture: decoder(config, { mixers, layers, experts, denseFfn: ffn }), assumptions: [] };
};
