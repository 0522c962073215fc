import type { DraftModule, ExpertLayers, Layer } from '../../../model/architecture.ts';
import type { Mixer, MlaAttention } from '../../../model/mixer.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { decoder, type FamilyReader, layersBy, MOST, perLayer } from './decoder.ts';

/** Multi-head latent attention, with an indexer where the config has one. */
export function mlaMixer(config: JsonGroup): MlaAttention {
  const indexer = config.has('index_n_heads')
    ? { heads: config.count('index_n_heads', MOST.heads), headDim: config.count('index_head_dim', MOST.headDim) }
    : undefined;
  return {
    kind: 'mla',
    heads: config.count('num_attention_heads', MOST.heads),
    queryLoraRank: config.has('q_lora_rank') ? config.count('q_lora_rank', MOST.width) : null,
    kvLoraRank: config.count('kv_lora_rank', MOST.width),
    qkNopeHeadDim: config.count('qk_nope_head_dim', MOST.headDim),
    qkRopeHeadDim: config.count('qk_rope_head_dim', MOST.headDim),
    valueHeadDim: config.count('v_head_dim', MOST.headDim),
    ...(indexer ? { indexer, sparseTokens: config.count('index_topk', MOST.contextTokens) } : {}),
  };
}

/** Layers that use the tokens which an earlier layer's indexer chose have no indexer themselves. */
function indexedMixers(config: JsonGroup): { mixers: Record<string, Mixer>; mixerAt: (index: number) => string } {
  const attention = mlaMixer(config);
  const types = config.has('indexer_types') ? perLayer(config, 'indexer_types', ['full', 'shared']) : [];
  if (!types.includes('shared')) return { mixers: { attention }, mixerAt: () => 'attention' };
  const { indexer: _, ...withoutIndexer } = attention;
  const shared: MlaAttention = { ...withoutIndexer, sharedIndexer: true };
  return {
    mixers: { attention, 'shared-index': shared },
    mixerAt: (index) => (types[index] === 'shared' ? 'shared-index' : 'attention'),
  };
}

/** Routed and shared experts in the words of DeepSeek's config, which GLM and Kimi share. */
export function deepseekExperts(config: JsonGroup, biasedByDefault: boolean): ExpertLayers {
  const biased = config.has('topk_method') ? config.text('topk_method') === 'noaux_tc' : biasedByDefault;
  return {
    experts: config.count('n_routed_experts', MOST.experts),
    expertsPerToken: config.count('num_experts_per_tok', MOST.experts),
    sharedExperts: config.amount('n_shared_experts', MOST.experts, 0),
    expertFfnSize: config.count('moe_intermediate_size', MOST.width),
    ...(biased ? { scoreBias: 'fp32' as const } : {}),
  };
}

/** Which layers have experts: all behind the first dense ones, or as listed. */
export function deepseekFfnAt(config: JsonGroup): (index: number) => Layer['ffn'] {
  if (config.has('mlp_layer_types')) {
    const kinds = perLayer(config, 'mlp_layer_types', ['dense', 'sparse']);
    return (index) => (kinds[index] === 'sparse' ? 'experts' : 'dense');
  }
  if (!config.has('n_routed_experts') && !config.has('num_experts')) return () => 'dense';
  const dense = config.amount('first_k_dense_replace', MOST.layers, 0);
  const every = config.count('moe_layer_freq', MOST.layers, 1);
  return (index) => (index >= dense && index % every === 0 ? 'experts' : 'dense');
}

/** A draft module of whole layers behind the last; whether they store a vocabulary of their own no config says. */
export function draftLayers(
  config: JsonGroup,
  { ownVocabulary, mixer = 'attention' }: { readonly ownVocabulary: boolean; readonly mixer?: string },
): { draft: DraftModule | null; assumptions: string[] } {
  const layers = config.amount('num_nextn_predict_layers', MOST.layers, 0);
  if (layers === 0) return { draft: null, assumptions: [] };
  const words = ownVocabulary ? 'store an embedding and an output head of their own' : 'share embedding and output head with the model';
  return {
    draft: { layers, mixer, ffn: 'experts', ownVocabulary },
    assumptions: [`The draft layers (MTP) are taken to ${words}; the config does not say.`],
  };
}

/** Families whose draft layers were seen to repeat embedding and head in published checkpoints. */
const OWN_VOCABULARY = new Set(['deepseek_v3', 'deepseek_v32']);

/** DeepSeek V2 to V3.2, Kimi K2, Moonlight, GLM-5 and GLM-4.7-Flash. */
export const readMla: FamilyReader = (config, type) => {
  const { mixers, mixerAt } = indexedMixers(config);
  const ffnAt = deepseekFfnAt(config);
  const { draft, assumptions } = draftLayers(config, { ownVocabulary: OWN_VOCABULARY.has(type) });
  const layers = layersBy(config, (index) => ({ mixer: mixerAt(index), ffn: ffnAt(index) }));
  const hasExperts = layers.some(({ ffn }) => ffn === 'experts');
  const architecture = decoder(config, {
    mixers,
    layers,
    denseFfn: config.has('intermediate_size') ? { size: config.count('intermediate_size', MOST.width) } : null,
    experts: hasExperts ? deepseekExperts(config, type !== 'deepseek_v2') : null,
    draft,
  });
  return { architecture, assumptions };
};
