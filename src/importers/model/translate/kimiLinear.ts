import { Fault } from '../../../faults/fault.ts';
import type { ExpertLayers } from '../../../model/architecture.ts';
import type { KimiDelta } from '../../../model/mixer.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { decoder, type FamilyReader, layerCount, layersBy, MOST } from './decoder.ts';
import { deepseekFfnAt, mlaMixer } from './mlaFamilies.ts';

/** Kimi K3 keeps the small tensors of its delta layers in 32 bits, as the published counts by type prove. */
const FP32_OF_K3 = { fp32Tensors: ['convolution', 'decay', 'time-step', 'norm'] } as const;

function kimiDelta(config: JsonGroup, isK3: boolean): KimiDelta {
  return {
    kind: 'kimi-delta',
    heads: config.count('num_heads', MOST.heads),
    headDim: config.count('head_dim', MOST.headDim),
    convKernel: config.count('short_conv_kernel_size', MOST.width),
    stateStorage: 'fp32',
    ...(isK3 ? FP32_OF_K3 : {}),
    ...(config.flag('use_full_rank_gate') ? { fullRankGate: true as const } : {}),
  };
}

function experts(config: JsonGroup): ExpertLayers {
  return {
    experts: config.count('num_experts', MOST.experts),
    expertsPerToken: config.count(config.named('num_experts_per_token', 'num_experts_per_tok'), MOST.experts),
    sharedExperts: config.amount('num_shared_experts', MOST.experts, 0),
    expertFfnSize: config.count('moe_intermediate_size', MOST.width),
    ...(config.has('routed_expert_hidden_size') ? { latentSize: config.count('routed_expert_hidden_size', MOST.width) } : {}),
    ...(config.flag('latent_moe_use_norm') ? { latentNorm: true as const } : {}),
    scoreBias: 'fp32',
  };
}

/** Layers by their number, counted from 1, in two lists that together name each once. */
function linearLayers(config: JsonGroup, layers: number): ReadonlySet<number> {
  const linear = config.wholes('kda_layers', MOST.layers, MOST.layers);
  const full = config.wholes('full_attn_layers', MOST.layers, MOST.layers);
  const named = new Set([...linear, ...full]);
  const whole = named.size === layers && linear.length + full.length === layers && !named.has(0) && Math.max(...named) === layers;
  if (!whole)
    throw new Fault('contradiction', 'the lists do not name each layer once', {
      where: config.place('kda_layers'),
      value: `${linear.length} and ${full.length} layers`,
      allowed: `each number from 1 to ${layers} in kda_layers or full_attn_layers`,
    });
  return new Set(linear);
}

/** Kimi-Linear and the text half of Kimi K3: delta attention, and latent attention in every fourth layer. */
export const readKimiLinear: FamilyReader = (config) => {
  const linear = config.group('linear_attn_config');
  const isLinear = linearLayers(linear, layerCount(config));
  const ffnAt = deepseekFfnAt(config);
  const layers = layersBy(config, (index) => ({ mixer: isLinear.has(index + 1) ? 'linear' : 'attention', ffn: ffnAt(index) }));
  const gate = config.flag('mla_use_output_gate') ? { outputGate: true as const } : {};
  const isK3 = config.has('attn_res_block_size');
  const architecture = decoder(config, {
    mixers: { attention: { ...mlaMixer(config), ...gate }, linear: kimiDelta(linear, isK3) },
    layers,
    denseFfn: { size: config.count('intermediate_size', MOST.width) },
    experts: config.has('num_experts') ? experts(config) : null,
    ...(isK3 ? { residual: { attentionResiduals: true } } : {}),
  });
  return { architecture, assumptions: [] };
};
