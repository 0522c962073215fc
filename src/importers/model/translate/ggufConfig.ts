import { Fault } from '../../../faults/fault.ts';
import type { Metadata } from '../parse/ggufMetadata.ts';
import { JsonGroup } from '../parse/jsonGroup.ts';
import type { StoredTensor } from '../parse/safetensors.ts';

/** Metadata keys, without the architecture before them, by the config field that says the same. */
const FIELDS: Readonly<Record<string, string>> = {
  hidden_size: 'embedding_length',
  max_position_embeddings: 'context_length',
  vocab_size: 'vocab_size',
  num_attention_heads: 'attention.head_count',
  num_key_value_heads: 'attention.head_count_kv',
  head_dim: 'attention.key_length',
  intermediate_size: 'feed_forward_length',
  num_nextn_predict_layers: 'nextn_predict_layers',
  sliding_window: 'attention.sliding_window',
  num_experts_per_tok: 'expert_used_count',
  moe_intermediate_size: 'expert_feed_forward_length',
  shared_expert_intermediate_size: 'expert_shared_feed_forward_length',
  n_shared_experts: 'expert_shared_count',
  first_k_dense_replace: 'leading_dense_block_count',
  q_lora_rank: 'attention.q_lora_rank',
  kv_lora_rank: 'attention.kv_lora_rank',
  qk_rope_head_dim: 'rope.dimension_count',
  index_n_heads: 'attention.indexer.head_count',
  index_head_dim: 'attention.indexer.key_length',
  index_topk: 'attention.indexer.top_k',
  full_attention_interval: 'full_attention_interval',
  linear_conv_kernel_dim: 'ssm.conv_kernel',
  linear_key_head_dim: 'ssm.state_size',
  linear_num_key_heads: 'ssm.group_count',
  linear_num_value_heads: 'ssm.time_step_rank',
  interleave_moe_layer_step: 'interleave_moe_layer_step',
};

type Config = Record<string, unknown>;

/** What one architecture adds: the text type whose reader takes it, and fields that stand elsewhere in its metadata. */
interface GgufFamily {
  readonly type: string | ((config: Config) => string);
  readonly adapt?: (config: Config, at: Lookup) => Config;
}

interface Lookup {
  value(key: string): number | undefined;
  hasTensor(pattern: RegExp): boolean;
}

const expertsAs =
  (name: string) =>
  (_: Config, at: Lookup): Config => ({ [name]: at.value('expert_count') });

const mixtralLike = (config: Config, at: Lookup): Config => ({
  num_local_experts: at.value('expert_count'),
  intermediate_size: at.value('expert_feed_forward_length') ?? config['intermediate_size'],
});

function latentAttention(_: Config, at: Lookup): Config {
  const rope = at.value('rope.dimension_count') ?? 0;
  const key = at.value('attention.key_length_mla') ?? at.value('attention.key_length') ?? 0;
  return {
    n_routed_experts: at.value('expert_count'),
    qk_nope_head_dim: key - rope,
    v_head_dim: at.value('attention.value_length_mla') ?? at.value('attention.value_length'),
    topk_method: at.hasTensor(/exp_probs_b/) ? 'noaux_tc' : 'greedy',
  };
}

const gatedDelta = (_: Config, at: Lookup): Config => ({
  num_experts: at.value('expert_count'),
  linear_value_head_dim: (at.value('ssm.inner_size') ?? 0) / (at.value('ssm.time_step_rank') ?? 1),
  mtp_num_hidden_layers: at.value('nextn_predict_layers') ?? 0,
});

/** Architectures by their name in `general.architecture`. */
const FAMILIES: Readonly<Record<string, GgufFamily>> = {
  llama: { type: (config) => (config['num_local_experts'] === undefined ? 'llama' : 'mixtral'), adapt: mixtralLike },
  llama4: {
    type: 'llama4_text',
    adapt: (config, at) => ({
      ...mixtralLike(config, at),
      intermediate_size_mlp: config['intermediate_size'],
      attention_chunk_size: at.value('attention.chunk_size') ?? 8192,
      sliding_window: undefined,
    }),
  },
  mistral3: { type: 'ministral3' },
  phi3: { type: 'phi3' },
  qwen2: { type: 'qwen2', adapt: () => ({ sliding_window: undefined }) },
  qwen2moe: { type: 'qwen2_moe', adapt: expertsAs('num_experts') },
  qwen3: { type: 'qwen3' },
  qwen3vl: { type: 'qwen3' },
  qwen3moe: { type: 'qwen3_moe', adapt: expertsAs('num_experts') },
  qwen3vlmoe: { type: 'qwen3_moe', adapt: expertsAs('num_experts') },
  qwen3next: { type: 'qwen3_next', adapt: gatedDelta },
  qwen35: { type: 'qwen3_5_text', adapt: gatedDelta },
  qwen35moe: { type: 'qwen3_5_moe_text', adapt: gatedDelta },
  gemma2: { type: 'gemma2' },
  gemma3: { type: 'gemma3_text' },
  'gpt-oss': { type: 'gpt_oss', adapt: mixtralLike },
  glm4moe: {
    type: 'glm4_moe',
    adapt: (_, at) => ({
      n_routed_experts: at.value('expert_count'),
      use_qk_norm: at.hasTensor(/\.attn_q_norm\./),
      attention_bias: at.hasTensor(/\.attn_q\.bias$/),
    }),
  },
  'minimax-m2': {
    type: 'minimax_m2',
    adapt: (config, at) => ({ ...mixtralLike(config, at), use_qk_norm: true, use_routing_bias: at.hasTensor(/exp_probs_b/) }),
  },
  deepseek2: { type: 'deepseek_v3', adapt: latentAttention },
  deepseek32: { type: 'deepseek_v32', adapt: latentAttention },
  'glm-dsa': { type: 'glm_moe_dsa', adapt: latentAttention },
};

/** A figure of the metadata; one per layer is taken where all are alike. */
function figure(metadata: Metadata, key: string): number | undefined {
  if (!metadata.has(key)) return undefined;
  if (!metadata.has(`${key}.length`)) return metadata.whole(key, 0, Number.MAX_SAFE_INTEGER);
  const [first, ...rest] = metadata.wholes(key, 1024, Number.MAX_SAFE_INTEGER);
  if (first === undefined || rest.some((value) => value !== first))
    throw new Fault('unsupported', 'a figure that differs from layer to layer', {
      where: metadata.place(key),
      allowed: 'one figure for all layers',
    });
  return first;
}

/** A GGUF header in the words of a Hugging Face config, so that one reader per family serves both. */
export interface GgufConfig {
  readonly config: JsonGroup;
  /** Of the text model, as in `model_type`. */
  readonly textType: string;
}

/**
 * Translates the metadata of a GGUF file into the fields of a config; faults go on naming the metadata keys.
 *
 * @throws Fault `unsupported` for an architecture that is not known, or figures that differ from layer to layer
 */
export function ggufConfig(metadata: Metadata, tensors: readonly StoredTensor[]): GgufConfig {
  const name = metadata.text('general.architecture');
  const family = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
  if (!family)
    throw new Fault('unsupported', 'an architecture that kplan cannot read', {
      where: metadata.place('general.architecture'),
      value: name,
      allowed: Object.keys(FAMILIES).join(', '),
    });
  const at: Lookup = {
    // 0 stands for what a model does not have: experts, a window, a rank.
    value: (key) => figure(metadata, `${name}.${key}`) || undefined,
    hasTensor: (pattern) => tensors.some((tensor) => pattern.test(tensor.name)),
  };
  const config: Config = Object.fromEntries(Object.entries(FIELDS).map(([field, key]) => [field, at.value(key)]));
  const draftLayers = at.value('nextn_predict_layers') ?? 0;
  const blocks = metadata.count(`${name}.block_count`, 2000);
  const adapted = {
    ...config,
    vocab_size: config['vocab_size'] ?? figure(metadata, 'tokenizer.ggml.tokens.length'),
    num_hidden_layers: blocks - draftLayers,
    tie_word_embeddings: !at.hasTensor(/^output\.weight$/),
    ...family.adapt?.(config, at),
  };
  const labels = Object.fromEntries(Object.entries(FIELDS).map(([field, key]) => [field, `${name}.${key}`]));
  const textType = typeof family.type === 'string' ? family.type : family.type(adapted);
  return { config: JsonGroup.of(adapted, metadata.where, { ...labels, num_hidden_layers: `${name}.block_count` }), textType };
}
