import { Fault } from '../../../faults/fault.ts';
import type { DraftModule, ExpertLayers } from '../../../model/architecture.ts';
import type { MlaAttention } from '../../../model/mixer.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { decoder, type FamilyReader, layerCount, layersBy, MOST } from './decoder.ts';

/** The ratio at which entries overlap and an indexer chooses among them. */
const FINE = 4;

const nameOf = (ratio: number) => (ratio === 0 ? 'window' : ratio === FINE ? 'fine' : 'coarse');

/** Attention over a window, and over the rest of the context in entries that stand for `ratio` tokens each. */
function compressed(config: JsonGroup, ratio: number): MlaAttention {
  const width = config.count('head_dim', MOST.headDim);
  const rope = config.count('qk_rope_head_dim', width - 1);
  const chosen = ratio === FINE;
  return {
    kind: 'mla',
    heads: config.count('num_attention_heads', MOST.heads),
    queryLoraRank: config.count('q_lora_rank', MOST.width),
    kvLoraRank: width - rope,
    qkNopeHeadDim: width - rope,
    qkRopeHeadDim: rope,
    valueHeadDim: width,
    sinks: true,
    ...(chosen
      ? {
          indexer: { heads: config.count('index_n_heads', MOST.heads), headDim: config.count('index_head_dim', MOST.headDim) },
          sparseTokens: config.count('index_topk', MOST.contextTokens),
        }
      : {}),
    compression: {
      window: config.count('sliding_window', MOST.contextTokens),
      ratio: ratio === 0 ? null : ratio,
      ...(chosen ? { overlap: true as const } : {}),
      outputGroups: config.count('o_groups', MOST.heads),
      outputLoraRank: config.count('o_lora_rank', MOST.width),
    },
  };
}

/** One ratio per layer, then one per draft layer. */
function ratiosOf(config: JsonGroup, draftLayers: number): readonly number[] {
  const ratios = config.wholes('compress_ratios', 2 * MOST.layers, MOST.contextTokens);
  const layers = layerCount(config);
  if (ratios.length < layers || ratios.length > layers + draftLayers)
    throw new Fault('contradiction', 'not one entry per layer', {
      where: config.place('compress_ratios'),
      value: ratios.length,
      allowed: `${layers} entries, and one for each of ${draftLayers} draft layers`,
    });
  return ratios;
}

function experts(config: JsonGroup): ExpertLayers {
  const tables = config.amount('num_hash_layers', MOST.layers, 0);
  return {
    experts: config.count('n_routed_experts', MOST.experts),
    expertsPerToken: config.count('num_experts_per_tok', MOST.experts),
    sharedExperts: config.amount('n_shared_experts', MOST.experts, 0),
    expertFfnSize: config.count('moe_intermediate_size', MOST.width),
    scoreBias: 'fp32',
    ...(tables > 0 ? { tableLayers: tables } : {}),
  };
}

/** DeepSeek V4: compressed attention, experts in every layer, several copies of the hidden state. */
export const readDeepseekV4: FamilyReader = (config) => {
  const draftLayers = config.amount('num_nextn_predict_layers', MOST.layers, 0);
  const ratios = ratiosOf(config, draftLayers);
  const draft: DraftModule | null =
    draftLayers > 0 ? { layers: draftLayers, mixer: 'window', ffn: 'experts', ownVocabulary: false, joinModule: 'attention' } : null;
  const used = new Set([...ratios.slice(0, layerCount(config)), ...(draft ? [0] : [])]);
  if (new Set([...used].map(nameOf)).size < used.size)
    throw new Fault('unsupported', 'more than one ratio of coarse compression', {
      where: config.place('compress_ratios'),
      allowed: `0, ${FINE} and one other`,
    });
  const architecture = decoder(config, {
    mixers: Object.fromEntries([...used].map((ratio) => [nameOf(ratio), compressed(config, ratio)])),
    layers: layersBy(config, (index) => ({ mixer: nameOf(ratios[index] ?? 0), ffn: 'experts' })),
    experts: experts(config),
    residual: { hyperConnections: config.count('hc_mult', 64) },
    draft,
  });
  return { architecture, assumptions: [] };
};
