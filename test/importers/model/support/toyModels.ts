import type { TestTensor } from './safetensorsFile.ts';

/** A small dense model in the words of Llama's config; made up for tests. */
export const TOY_LLAMA = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 64,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 128,
  vocab_size: 100,
  max_position_embeddings: 4096,
  tie_word_embeddings: false,
};

const bf16 = (name: string, ...shape: number[]): TestTensor => ({ name, dtype: 'BF16', shape });

/** Its tensors, by the names that its files use. */
export function toyLlamaTensors(): TestTensor[] {
  const layers = [0, 1, 2].flatMap((layer) => {
    const at = (name: string, ...shape: number[]) => bf16(`model.layers.${layer}.${name}.weight`, ...shape);
    return [
      at('input_layernorm', 64),
      at('self_attn.q_proj', 64, 64),
      at('self_attn.k_proj', 32, 64),
      at('self_attn.v_proj', 32, 64),
      at('self_attn.o_proj', 64, 64),
      at('post_attention_layernorm', 64),
      at('mlp.gate_proj', 128, 64),
      at('mlp.up_proj', 128, 64),
      at('mlp.down_proj', 64, 128),
    ];
  });
  return [bf16('model.embed_tokens.weight', 100, 64), ...layers, bf16('model.norm.weight', 64), bf16('lm_head.weight', 100, 64)];
}

/** A small model with latent attention, experts and a draft layer in the words of DeepSeek's config; made up for tests. */
export const TOY_DEEPSEEK = {
  architectures: ['DeepseekV3ForCausalLM'],
  model_type: 'deepseek_v3',
  hidden_size: 256,
  num_hidden_layers: 2,
  num_nextn_predict_layers: 1,
  first_k_dense_replace: 1,
  num_attention_heads: 2,
  q_lora_rank: 128,
  kv_lora_rank: 128,
  qk_nope_head_dim: 64,
  qk_rope_head_dim: 64,
  v_head_dim: 64,
  intermediate_size: 512,
  moe_intermediate_size: 128,
  n_routed_experts: 4,
  n_shared_experts: 1,
  num_experts_per_tok: 2,
  topk_method: 'noaux_tc',
  vocab_size: 128,
  max_position_embeddings: 8192,
};

/** Its tensors in 16 bits, the draft layer with a vocabulary of its own. */
export function toyDeepseekTensors(): TestTensor[] {
  const ffn = (at: (name: string, ...shape: number[]) => TestTensor, name: string, size: number) => [
    at(`${name}.gate_proj`, size, 256),
    at(`${name}.up_proj`, size, 256),
    at(`${name}.down_proj`, 256, size),
  ];
  const layer = (index: number, experts: boolean) => {
    const at = (name: string, ...shape: number[]) => bf16(`model.layers.${index}.${name}.weight`, ...shape);
    return [
      at('input_layernorm', 256),
      at('post_attention_layernorm', 256),
      at('self_attn.q_a_proj', 128, 256),
      at('self_attn.q_a_layernorm', 128),
      at('self_attn.q_b_proj', 256, 128),
      at('self_attn.kv_a_proj_with_mqa', 192, 256),
      at('self_attn.kv_a_layernorm', 128),
      at('self_attn.kv_b_proj', 256, 128),
      at('self_attn.o_proj', 256, 128),
      ...(experts
        ? [
            at('mlp.gate', 4, 256),
            { name: `model.layers.${index}.mlp.gate.e_score_correction_bias`, dtype: 'F32', shape: [4] },
            ...ffn(at, 'mlp.shared_experts', 128),
            ...[0, 1, 2, 3].flatMap((expert) => ffn(at, `mlp.experts.${expert}`, 128)),
          ]
        : ffn(at, 'mlp', 512)),
    ];
  };
  return [
    bf16('model.embed_tokens.weight', 128, 256),
    ...layer(0, false),
    ...layer(1, true),
    bf16('model.norm.weight', 256),
    bf16('lm_head.weight', 128, 256),
    ...layer(2, true),
    bf16('model.layers.2.eh_proj.weight', 256, 512),
    bf16('model.layers.2.enorm.weight', 256),
    bf16('model.layers.2.hnorm.weight', 256),
    bf16('model.layers.2.shared_head.norm.weight', 256),
    bf16('model.layers.2.embed_tokens.weight', 128, 256),
    bf16('model.layers.2.shared_head.head.weight', 128, 256),
  ];
}

/** Those of the tensors whose name matches, with others in their place. */
export function replaced(tensors: readonly TestTensor[], pattern: RegExp, by: (tensor: TestTensor) => TestTensor[]): TestTensor[] {
  return tensors.flatMap((tensor) => (pattern.test(tensor.name) ? by(tensor) : [tensor]));
}

/** A matrix in FP8 with one 32-bit scale for each 128 x 128 block. */
export function fp8Block({ name, shape: [rows = 1, columns = 1] }: TestTensor): TestTensor[] {
  return [
    { name, dtype: 'F8_E4M3', shape: [rows, columns] },
    { name: `${name}_scale_inv`, dtype: 'F32', shape: [Math.ceil(rows / 128), Math.ceil(columns / 128)] },
  ];
}

/** A matrix in four bits, packed by eight into words, with one 16-bit scale for each group. */
export const int4 =
  (group: number) =>
  ({ name, shape: [rows = 1, columns = 1] }: TestTensor): TestTensor[] => [
    { name: `${name}_packed`, dtype: 'I32', shape: [rows, columns / 8] },
    { name: `${name}_scale`, dtype: 'BF16', shape: [rows, columns / group] },
    { name: `${name}_shape`, dtype: 'I32', shape: [2] },
  ];

/** A matrix in NVFP4 as ModelOpt stores it. */
export function nvfp4({ name, shape: [rows = 1, columns = 1] }: TestTensor): TestTensor[] {
  return [
    { name, dtype: 'U8', shape: [rows, columns / 2] },
    { name: `${name}_scale`, dtype: 'F8_E4M3', shape: [rows, columns / 16] },
    { name: `${name}_scale_2`, dtype: 'F32', shape: [] },
    { name: name.replace(/weight$/, 'input_scale'), dtype: 'F32', shape: [] },
  ];
}
