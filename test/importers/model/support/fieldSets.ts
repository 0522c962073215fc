/** Fields of a config that fix the sizes of tensors, and the safetensors parameter count on the model's page of the hub. */
export interface FieldSet {
  readonly repository: string;
  readonly parameters: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const GQA = [
  'hidden_size',
  'num_hidden_layers',
  'num_attention_heads',
  'num_key_value_heads',
  'head_dim',
  'intermediate_size',
  'vocab_size',
] as const;

/** The seven sizes that every model with grouped-query attention has, in the order of `GQA`. */
function sizes(...values: readonly number[]): Record<string, number> {
  return { max_position_embeddings: 32_768, ...Object.fromEntries(GQA.map((name, index) => [name, values[index] ?? 0])) };
}

const mla = (fields: Readonly<Record<string, unknown>>) => ({
  max_position_embeddings: 32_768,
  kv_lora_rank: 512,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
  ...fields,
});

const SIGLIP = { hidden_size: 1152, intermediate_size: 4304, num_hidden_layers: 27, patch_size: 14, image_size: 896 };

export const FIELD_SETS: readonly FieldSet[] = [
  {
    repository: 'meta-llama/Llama-3.1-8B',
    parameters: 8_030_261_248,
    fields: { model_type: 'llama', ...sizes(4096, 32, 32, 8, 128, 14_336, 128_256) },
  },
  {
    repository: 'HuggingFaceTB/SmolLM3-3B',
    parameters: 3_075_098_624,
    fields: { model_type: 'smollm3', ...sizes(2048, 36, 16, 4, 128, 11_008, 128_256), tie_word_embeddings: true },
  },
  {
    repository: 'microsoft/Phi-3-mini-4k-instruct',
    parameters: 3_821_079_552,
    fields: { model_type: 'phi3', ...sizes(3072, 32, 32, 32, 96, 8192, 32_064) },
  },
  {
    repository: 'Qwen/Qwen2.5-7B',
    parameters: 7_615_616_512,
    fields: { model_type: 'qwen2', ...sizes(3584, 28, 28, 4, 128, 18_944, 152_064) },
  },
  {
    repository: 'Qwen/Qwen3-8B',
    parameters: 8_190_735_360,
    fields: { model_type: 'qwen3', ...sizes(4096, 36, 32, 8, 128, 12_288, 151_936) },
  },
  {
    repository: 'ByteDance-Seed/Seed-OSS-36B-Instruct',
    parameters: 36_151_104_512,
    fields: { model_type: 'seed_oss', ...sizes(5120, 64, 80, 8, 128, 27_648, 155_136), attention_bias: true, attention_out_bias: false },
  },
  {
    repository: 'zai-org/GLM-4-32B-0414',
    parameters: 32_566_081_536,
    fields: { model_type: 'glm4', ...sizes(6144, 61, 48, 2, 128, 23_040, 151_552) },
  },
  {
    repository: 'google/gemma-2-9b',
    parameters: 9_241_705_984,
    fields: { model_type: 'gemma2', ...sizes(3584, 42, 16, 8, 256, 14_336, 256_000), sliding_window: 4096 },
  },
  {
    repository: 'google/gemma-3-27b-it',
    parameters: 27_432_406_640,
    fields: {
      model_type: 'gemma3',
      text_config: { model_type: 'gemma3_text', ...sizes(5376, 62, 32, 16, 128, 21_504, 262_208), sliding_window: 1024 },
      vision_config: SIGLIP,
    },
  },
  {
    repository: 'mistralai/Mistral-Small-3.1-24B-Instruct-2503',
    parameters: 24_011_361_280,
    fields: {
      model_type: 'mistral3',
      spatial_merge_size: 2,
      text_config: { model_type: 'mistral', ...sizes(5120, 40, 32, 8, 128, 32_768, 131_072), sliding_window: null },
      vision_config: {
        hidden_size: 1024,
        head_dim: 64,
        intermediate_size: 4096,
        num_hidden_layers: 24,
        num_attention_heads: 16,
        patch_size: 14,
      },
    },
  },
  {
    repository: 'Qwen/Qwen2.5-VL-7B-Instruct',
    parameters: 8_292_166_656,
    fields: {
      model_type: 'qwen2_5_vl',
      text_config: { model_type: 'qwen2_5_vl_text', ...sizes(3584, 28, 28, 4, 128, 18_944, 152_064) },
      vision_config: { depth: 32, hidden_size: 1280, intermediate_size: 3420, out_hidden_size: 3584, patch_size: 14 },
    },
  },
  {
    repository: 'Qwen/Qwen3-VL-30B-A3B-Instruct',
    parameters: 31_070_754_032,
    fields: {
      model_type: 'qwen3_vl_moe',
      text_config: {
        model_type: 'qwen3_vl_moe_text',
        ...sizes(2048, 48, 32, 4, 128, 6144, 151_936),
        num_experts: 128,
        num_experts_per_tok: 8,
        moe_intermediate_size: 768,
      },
      vision_config: {
        depth: 27,
        hidden_size: 1152,
        intermediate_size: 4304,
        out_hidden_size: 2048,
        patch_size: 16,
        deepstack_visual_indexes: [8, 16, 24],
      },
    },
  },
  {
    repository: 'Qwen/Qwen1.5-MoE-A2.7B',
    parameters: 14_315_784_192,
    fields: {
      model_type: 'qwen2_moe',
      ...sizes(2048, 24, 16, 16, 128, 5632, 151_936),
      num_experts: 60,
      num_experts_per_tok: 4,
      moe_intermediate_size: 1408,
      shared_expert_intermediate_size: 5632,
    },
  },
  {
    repository: 'Qwen/Qwen3-30B-A3B',
    parameters: 30_532_122_624,
    fields: {
      model_type: 'qwen3_moe',
      ...sizes(2048, 48, 32, 4, 128, 6144, 151_936),
      num_experts: 128,
      num_experts_per_tok: 8,
      moe_intermediate_size: 768,
    },
  },
  {
    repository: 'mistralai/Mixtral-8x7B-v0.1',
    parameters: 46_702_792_704,
    fields: { model_type: 'mixtral', ...sizes(4096, 32, 32, 8, 128, 14_336, 32_000), num_local_experts: 8, num_experts_per_tok: 2 },
  },
  {
    repository: 'zai-org/GLM-4.5-Air',
    parameters: 110_468_824_832,
    fields: {
      model_type: 'glm4_moe',
      ...sizes(4096, 46, 96, 8, 128, 10_944, 151_552),
      ...{ attention_bias: true, use_qk_norm: false, n_routed_experts: 128, n_shared_experts: 1, num_experts_per_tok: 8 },
      ...{ moe_intermediate_size: 1408, first_k_dense_replace: 1, num_nextn_predict_layers: 1 },
    },
  },
  {
    repository: 'MiniMaxAI/MiniMax-M2 (without scales)',
    parameters: 228_689_764_864,
    fields: {
      model_type: 'minimax_m2',
      ...sizes(3072, 62, 48, 8, 128, 1536, 200_064),
      num_local_experts: 256,
      num_experts_per_tok: 8,
      use_qk_norm: true,
      use_routing_bias: true,
    },
  },
  {
    repository: 'openai/gpt-oss-20b',
    parameters: 20_914_757_184,
    fields: {
      model_type: 'gpt_oss',
      ...sizes(2880, 24, 64, 8, 64, 2880, 201_088),
      num_local_experts: 32,
      num_experts_per_tok: 4,
      sliding_window: 128,
    },
  },
  {
    repository: 'meta-llama/Llama-4-Scout-17B-16E-Instruct',
    parameters: 108_641_793_536,
    fields: {
      model_type: 'llama4',
      text_config: {
        ...sizes(5120, 48, 40, 8, 128, 8192, 202_048),
        ...{
          intermediate_size_mlp: 16_384,
          num_local_experts: 16,
          num_experts_per_tok: 1,
          interleave_moe_layer_step: 1,
          attention_chunk_size: 8192,
        },
      },
    },
  },
  {
    repository: 'Qwen/Qwen3-Next-80B-A3B-Instruct',
    parameters: 81_324_862_720,
    fields: {
      model_type: 'qwen3_next',
      ...sizes(2048, 48, 16, 2, 256, 5120, 151_936),
      ...{
        full_attention_interval: 4,
        linear_conv_kernel_dim: 4,
        linear_key_head_dim: 128,
        linear_value_head_dim: 128,
        linear_num_key_heads: 16,
        linear_num_value_heads: 32,
      },
      ...{ num_experts: 512, num_experts_per_tok: 10, moe_intermediate_size: 512, shared_expert_intermediate_size: 512 },
    },
  },
  {
    repository: 'deepseek-ai/DeepSeek-V2-Lite',
    parameters: 15_706_484_224,
    fields: {
      model_type: 'deepseek_v2',
      ...mla({
        hidden_size: 2048,
        num_hidden_layers: 27,
        num_attention_heads: 16,
        intermediate_size: 10_944,
        vocab_size: 102_400,
        q_lora_rank: null,
      }),
      ...{
        first_k_dense_replace: 1,
        n_routed_experts: 64,
        n_shared_experts: 2,
        num_experts_per_tok: 6,
        moe_intermediate_size: 1408,
        topk_method: 'greedy',
      },
    },
  },
  {
    repository: 'deepseek-ai/DeepSeek-R1 (without scales)',
    parameters: 684_489_845_504,
    fields: {
      model_type: 'deepseek_v3',
      ...mla({
        hidden_size: 7168,
        num_hidden_layers: 61,
        num_attention_heads: 128,
        intermediate_size: 18_432,
        vocab_size: 129_280,
        q_lora_rank: 1536,
      }),
      ...{
        first_k_dense_replace: 3,
        n_routed_experts: 256,
        n_shared_experts: 1,
        num_experts_per_tok: 8,
        moe_intermediate_size: 2048,
        num_nextn_predict_layers: 1,
      },
    },
  },
  {
    repository: 'zai-org/GLM-5',
    parameters: 753_864_139_008,
    fields: {
      model_type: 'glm_moe_dsa',
      ...mla({
        hidden_size: 6144,
        num_hidden_layers: 78,
        num_attention_heads: 64,
        intermediate_size: 12_288,
        vocab_size: 154_880,
        q_lora_rank: 2048,
      }),
      ...{
        qk_nope_head_dim: 192,
        v_head_dim: 256,
        first_k_dense_replace: 3,
        n_routed_experts: 256,
        n_shared_experts: 1,
        num_experts_per_tok: 8,
      },
      ...{ moe_intermediate_size: 2048, num_nextn_predict_layers: 1, index_n_heads: 32, index_head_dim: 128, index_topk: 2048 },
    },
  },
  {
    repository: 'deepseek-ai/DeepSeek-V4-Pro (without scales)',
    parameters: 1_598_839_674_782,
    fields: {
      model_type: 'deepseek_v4',
      ...{ hidden_size: 7168, num_hidden_layers: 61, num_attention_heads: 128, head_dim: 512, qk_rope_head_dim: 64, q_lora_rank: 1536 },
      ...{ o_groups: 16, o_lora_rank: 1024, index_n_heads: 64, index_head_dim: 128, index_topk: 1024, sliding_window: 128 },
      ...{
        n_routed_experts: 384,
        n_shared_experts: 1,
        num_experts_per_tok: 6,
        moe_intermediate_size: 3072,
        num_hash_layers: 3,
        hc_mult: 4,
      },
      ...{ vocab_size: 129_280, max_position_embeddings: 1_048_576, num_nextn_predict_layers: 1 },
      compress_ratios: [128, 128, ...Array.from({ length: 59 }, (_, index) => (index % 2 === 0 ? 4 : 128)), 0],
    },
  },
  {
    repository: 'moonshotai/Kimi-K2.5',
    parameters: 1_026_879_376_368,
    fields: {
      model_type: 'kimi_k25',
      text_config: {
        model_type: 'kimi_k2',
        ...mla({
          hidden_size: 7168,
          num_hidden_layers: 61,
          num_attention_heads: 64,
          intermediate_size: 18_432,
          vocab_size: 163_840,
          q_lora_rank: 1536,
        }),
        ...{
          first_k_dense_replace: 1,
          n_routed_experts: 384,
          n_shared_experts: 1,
          num_experts_per_tok: 8,
          moe_intermediate_size: 2048,
          topk_method: 'noaux_tc',
        },
      },
      vision_config: {
        ...{ vt_hidden_size: 1152, vt_intermediate_size: 4304, vt_num_hidden_layers: 27, patch_size: 14, init_pos_emb_height: 64 },
        ...{ merge_kernel_size: [2, 2], mm_projector_type: 'patchmerger' },
      },
    },
  },
  {
    repository: 'moonshotai/Kimi-Linear-48B-A3B-Instruct',
    parameters: 49_122_681_728,
    fields: {
      model_type: 'kimi_linear',
      ...mla({
        hidden_size: 2304,
        num_hidden_layers: 27,
        num_attention_heads: 32,
        intermediate_size: 9216,
        vocab_size: 163_840,
        q_lora_rank: null,
      }),
      ...{ first_k_dense_replace: 1, num_experts: 256, num_experts_per_token: 8, num_shared_experts: 1, moe_intermediate_size: 1024 },
      linear_attn_config: {
        full_attn_layers: [4, 8, 12, 16, 20, 24, 27],
        kda_layers: [1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22, 23, 25, 26],
        ...{ head_dim: 128, num_heads: 32, short_conv_kernel_size: 4 },
      },
    },
  },
  {
    repository: 'nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16',
    parameters: 31_577_940_288,
    fields: {
      model_type: 'nemotron_h',
      ...sizes(2688, 52, 32, 2, 128, 1856, 131_072),
      hybrid_override_pattern: 'MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME',
      ...{
        mamba_num_heads: 64,
        mamba_head_dim: 64,
        ssm_state_size: 128,
        n_groups: 8,
        conv_kernel: 4,
        n_routed_experts: 128,
        num_experts_per_tok: 6,
      },
      ...{ moe_intermediate_size: 1856, moe_shared_expert_intermediate_size: 3712, n_shared_experts: 1 },
    },
  },
];

/** The fields of one repository. */
export function fieldsOf(repository: string): Record<string, unknown> {
  const found = FIELD_SETS.find((set) => set.repository.split(' ')[0] === repository);
  if (!found) throw new Error(`no field set of ${repository}`);
  return found.fields;
}
