import { describe, expect, it } from 'vitest';
import { JsonGroup } from '../../../src/importers/model/parse/jsonGroup.ts';
import { KNOWN_TYPES, modelConfig, readConfig } from '../../../src/importers/model/translate/configFile.ts';
import type { Architecture } from '../../../src/model/architecture.ts';
import { checkpointSize } from '../../../src/model/checkpointSize.ts';
import { layersOf } from '../../../src/model/layers.ts';
import type { Checkpoint, Model } from '../../../src/model/model.ts';
import { faultOf } from './support/environment.ts';
import { FIELD_SETS, fieldsOf } from './support/fieldSets.ts';
import { TOY_DEEPSEEK, TOY_LLAMA } from './support/toyModels.ts';

const read = (fields: Readonly<Record<string, unknown>>) => readConfig(modelConfig(JsonGroup.of(fields, 'config.json')));
const shapeOf = (repository: string, more: Readonly<Record<string, unknown>> = {}): Architecture =>
  read({ ...fieldsOf(repository), ...more }).architecture;
const parametersOf = (architecture: Architecture) => checkpointSize({ architecture } as Model, { encodings: {} } as Checkpoint).parameters;

describe('a config', () => {
  it.each(FIELD_SETS)('of $repository tells its $parameters parameters', ({ fields, parameters }) => {
    expect(parametersOf(read(fields).architecture)).toBe(parameters);
  });

  it('of each known type has a field set or is a text half of one', () => {
    const tried = new Set(
      FIELD_SETS.flatMap(({ fields }) => [fields['model_type'], (fields['text_config'] as Record<string, unknown>)?.['model_type']]),
    );
    const likewise = [
      'deepseek_v32',
      'glm4_moe_lite',
      'ministral',
      'ministral3',
      'gemma4',
      'gemma4_text',
      'qwen3_5',
      'qwen3_5_text',
      'qwen3_5_moe',
      'qwen3_5_moe_text',
      'kimi_k3',
      'llama4_text',
      'qwen3_vl',
      'qwen3_vl_text',
    ];
    expect(KNOWN_TYPES.filter((type) => !tried.has(type) && !likewise.includes(type))).toEqual([]);
  });
});

describe('the shape', () => {
  it('of Kimi K2.5 is one dense layer and sixty with experts, all of latent attention, and a MoonViT', () => {
    const { mixers, layers, vision, experts } = shapeOf('moonshotai/Kimi-K2.5');
    expect(Object.keys(mixers)).toEqual(['attention']);
    expect(layers).toEqual([
      { repeat: 1, layers: [{ mixer: 'attention', ffn: 'dense' }] },
      { repeat: 60, layers: [{ mixer: 'attention', ffn: 'experts' }] },
    ]);
    expect(vision).toEqual({ kind: 'moonvit', layers: 27, hiddenSize: 1152, ffnSize: 4304, patchSize: 14, positionGrid: 64, mergeSize: 2 });
    expect(experts).toEqual({ experts: 384, expertsPerToken: 8, sharedExperts: 1, expertFfnSize: 2048, scoreBias: 'fp32' });
  });

  it('of gpt-oss alternates windows and the whole context', () => {
    const { mixers, layers } = shapeOf('openai/gpt-oss-20b');
    expect(layers).toEqual([
      {
        repeat: 12,
        layers: [
          { mixer: 'sliding', ffn: 'experts' },
          { mixer: 'full', ffn: 'experts' },
        ],
      },
    ]);
    expect(mixers['sliding']).toEqual({ ...mixers['full'], window: 128 });
    expect(mixers['full']).toEqual({ kind: 'gqa', heads: 64, kvHeads: 8, headDim: 64, bias: 'qkvo', sinks: true });
  });

  it('of Llama 4 has chunks in three of four layers', () => {
    const { mixers, layers } = shapeOf('meta-llama/Llama-4-Scout-17B-16E-Instruct');
    expect(layers[0]?.layers.map(({ mixer }) => mixer)).toEqual(['chunked', 'chunked', 'chunked', 'full']);
    expect(mixers['chunked']).toMatchObject({ window: 8192, windowKind: 'chunked' });
  });

  it('of hybrids names linear layers and attention', () => {
    for (const repository of [
      'Qwen/Qwen3-Next-80B-A3B-Instruct',
      'moonshotai/Kimi-Linear-48B-A3B-Instruct',
      'nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16',
    ])
      expect(Object.keys(shapeOf(repository).mixers).sort()).toEqual(['attention', 'linear']);
    const nemotron = layersOf(shapeOf('nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16'));
    expect([
      nemotron.length,
      nemotron.filter(({ mixer }) => mixer === 'attention').length,
      nemotron.filter(({ mixer, ffn }) => mixer && ffn).length,
    ]).toEqual([52, 6, 0]);
  });

  it('of GLM-5.2 has an indexer in the layers that are listed', () => {
    const types = Array.from({ length: 78 }, (_, layer) => (layer < 3 || (layer >= 6 && (layer - 6) % 4 === 0) ? 'full' : 'shared'));
    const shape = shapeOf('zai-org/GLM-5', { indexer_types: types });
    expect(layersOf(shape).filter(({ mixer }) => mixer === 'attention').length).toBe(21);
    expect(shape.mixers['shared-index']).toMatchObject({ sharedIndexer: true, sparseTokens: 2048 });
    expect(shape.mixers['shared-index']).not.toHaveProperty('indexer');
    // Published for zai-org/GLM-5.2; the draft layer keeps its indexer.
    expect(parametersOf(shape)).toBe(753_329_940_480);
  });

  it('of a model whose window is no narrower than its context has none', () => {
    expect(shapeOf('meta-llama/Llama-3.1-8B', { sliding_window: 32_768 }).mixers).toEqual({
      attention: { kind: 'gqa', heads: 32, kvHeads: 8, headDim: 128 },
    });
    expect(shapeOf('meta-llama/Llama-3.1-8B', { sliding_window: 4096 }).mixers['attention']).toMatchObject({ window: 4096 });
  });

  it('of Gemma 4 gives layers with the whole context heads of their own', () => {
    const { mixers, layers, tiedEmbeddings } = shapeOf('google/gemma-2-9b', {
      model_type: 'gemma4_text',
      num_hidden_layers: 12,
      global_head_dim: 512,
      num_global_key_value_heads: 4,
      attention_k_eq_v: true,
      sliding_window: 1024,
    });
    expect(mixers['full']).toEqual({ kind: 'gqa', heads: 16, kvHeads: 4, headDim: 512, qkNorm: 'head', keysAreValues: true });
    expect(mixers['sliding']).toEqual({ kind: 'gqa', heads: 16, kvHeads: 8, headDim: 256, qkNorm: 'head', window: 1024 });
    expect([layers[0]?.repeat, layers[0]?.layers.length, tiedEmbeddings]).toEqual([2, 6, true]);
  });

  it('of DeepSeek V4 compresses the context, finely and coarsely by turns', () => {
    const { mixers, layers, draft } = shapeOf('deepseek-ai/DeepSeek-V4-Pro');
    expect(Object.keys(mixers).sort()).toEqual(['coarse', 'fine', 'window']);
    expect(mixers['fine']).toMatchObject({
      kvLoraRank: 448,
      valueHeadDim: 512,
      sparseTokens: 1024,
      compression: { ratio: 4, overlap: true, window: 128 },
    });
    expect([layers.length, layers[1]?.repeat, draft?.mixer]).toEqual([2, 30, 'window']);
  });

  it('of Qwen 3.5 without experts has a dense FFN in every layer', () => {
    const { num_experts: _, ...fields } = fieldsOf('Qwen/Qwen3-Next-80B-A3B-Instruct');
    const { architecture, assumptions } = read({ ...fields, model_type: 'qwen3_5_text', mtp_num_hidden_layers: 1 });
    expect([architecture.experts, architecture.denseFfn, architecture.draft?.ffn, assumptions]).toEqual([
      null,
      { size: 5120 },
      'dense',
      [],
    ]);
  });

  it('says what the config leaves open', () => {
    expect(read(fieldsOf('deepseek-ai/DeepSeek-R1')).assumptions.join()).toContain('store an embedding and an output head of their own');
    expect(read(fieldsOf('zai-org/GLM-5')).assumptions.join()).toContain('share embedding and output head');
    expect(read(fieldsOf('Qwen/Qwen3-Next-80B-A3B-Instruct')).assumptions.join()).toContain('One draft layer');
    expect(read({ ...TOY_LLAMA, vision_config: { depth: 3 } }).assumptions.join()).toContain('vision tower');
    expect(read(TOY_LLAMA).assumptions).toEqual([]);
  });
});

describe('a config is refused', () => {
  it('for a type that is not known, and the known ones are named', async () => {
    const { code, details } = await faultOf(() => read({ ...TOY_LLAMA, model_type: 'qwen33' }));
    expect([code, details.where, details.nearest?.includes('qwen3')]).toEqual(['unsupported', 'config.json: model_type', true]);
    expect(details.allowed).toContain('deepseek_v3');
  });

  it.each([
    ['num_hidden_layers', 1e9],
    ['num_hidden_layers', -3],
    ['num_hidden_layers', 0],
    ['num_hidden_layers', '61'],
    ['num_hidden_layers', 1.5],
    ['num_hidden_layers', [61]],
    ['hidden_size', 1e300],
    ['hidden_size', -64],
    ['vocab_size', null],
    ['num_attention_heads', true],
    ['num_key_value_heads', 3],
    ['intermediate_size', {}],
    ['max_position_embeddings', -1],
    ['head_dim', 1e9],
    ['tie_word_embeddings', 'yes'],
    ['layer_types', ['full_attention']],
    ['layer_types', ['full_attention', 'full_attention', 'magic']],
    ['model_type', 7],
    ['text_config', 'x'],
  ])('for %s: %j, naming the field', async (field, value) => {
    const { code, details } = await faultOf(() => read({ ...TOY_LLAMA, [field]: value }));
    expect(['invalid', 'missing', 'unsupported', 'contradiction']).toContain(code);
    expect(details.where).toBe(`config.json: ${field}`);
  });

  it.each([
    ['n_routed_experts', -1],
    ['n_routed_experts', 1e9],
    ['kv_lora_rank', 0],
    ['qk_rope_head_dim', 'x'],
    ['num_nextn_predict_layers', 1e9],
    ['moe_layer_freq', 0],
  ])('with latent attention for %s: %j', async (field, value) => {
    expect((await faultOf(() => read({ ...TOY_DEEPSEEK, [field]: value }))).details.where).toBe(`config.json: ${field}`);
  });

  it.each([
    [
      'moonshotai/Kimi-Linear-48B-A3B-Instruct',
      {
        linear_attn_config: {
          ...(fieldsOf('moonshotai/Kimi-Linear-48B-A3B-Instruct')['linear_attn_config'] as object),
          kda_layers: [1, 2],
        },
      },
      'linear_attn_config.kda_layers',
    ],
    ['nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16', { hybrid_override_pattern: 'MEX' }, 'hybrid_override_pattern'],
    ['nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16', { hybrid_override_pattern: 'M'.repeat(4000) }, 'hybrid_override_pattern'],
    ['deepseek-ai/DeepSeek-V4-Pro', { compress_ratios: [4, 128] }, 'compress_ratios'],
    ['deepseek-ai/DeepSeek-V4-Pro', { compress_ratios: Array.from({ length: 62 }, (_, index) => index) }, 'compress_ratios'],
    ['deepseek-ai/DeepSeek-V4-Pro', { head_dim: 32 }, 'qk_rope_head_dim'],
    ['MiniMaxAI/MiniMax-M2', { attn_type_list: [0, 1] }, 'attn_type_list'],
    ['google/gemma-2-9b', { model_type: 'gemma4_text', hidden_size_per_layer_input: 256 }, 'hidden_size_per_layer_input'],
    ['google/gemma-2-9b', { model_type: 'gemma4_text', enable_moe_block: true }, 'enable_moe_block'],
  ])('of %s with %j', async (repository, more, field) => {
    expect((await faultOf(() => shapeOf(repository, more))).details.where).toBe(`config.json: ${field}`);
  });

  it('within a wrapper with the path of the field', async () => {
    const { text_config, ...around } = fieldsOf('moonshotai/Kimi-K2.5');
    const broken = { ...around, text_config: { ...(text_config as object), q_lora_rank: -1 } };
    expect((await faultOf(() => read(broken))).details.where).toBe('config.json: text_config.q_lora_rank');
  });
});
