import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prefixSource } from '../../../src/importers/model/fetch/byteSource.ts';
import { mixName } from '../../../src/importers/model/formatName.ts';
import { importModel } from '../../../src/importers/model/index.ts';
import { readGguf } from '../../../src/importers/model/parse/gguf.ts';
import { ggufConfig } from '../../../src/importers/model/translate/ggufConfig.ts';
import { checkpointSize } from '../../../src/model/checkpointSize.ts';
import { layersOf } from '../../../src/model/layers.ts';
import { faultOf, temporaryFolder, testEnvironment } from './support/environment.ts';
import { type GgufTensor, ggufFile, ggufTensorBytes } from './support/ggufFile.ts';

const [F32, Q8_0, Q4_K, Q6_K] = [0, 8, 12, 14];

const metadata = (architecture: string, figures: Readonly<Record<string, unknown>>) => ({
  'general.architecture': architecture,
  'general.name': 'Toy',
  ...Object.fromEntries(Object.entries(figures).map(([key, value]) => [`${architecture}.${key}`, value])),
  'tokenizer.ggml.tokens': Array.from({ length: 1024 }, (_, index) => `t${index}`),
});

const LLAMA = metadata('llama', {
  block_count: 2,
  context_length: 8192,
  embedding_length: 256,
  feed_forward_length: 512,
  'attention.head_count': 4,
  'attention.head_count_kv': 2,
});

function llamaTensors(head = true): GgufTensor[] {
  const blocks = [0, 1].flatMap((block): GgufTensor[] => {
    const at = (name: string, type: number, ...shape: number[]) => ({ name: `blk.${block}.${name}.weight`, shape, type });
    return [
      at('attn_norm', F32, 256),
      at('attn_q', Q4_K, 256, 256),
      at('attn_k', Q4_K, 128, 256),
      at('attn_v', Q6_K, 128, 256),
      at('attn_output', Q4_K, 256, 256),
      at('ffn_norm', F32, 256),
      at('ffn_gate', Q4_K, 512, 256),
      at('ffn_up', Q4_K, 512, 256),
      at('ffn_down', block === 0 ? Q6_K : Q4_K, 256, 512),
    ];
  });
  return [
    { name: 'token_embd.weight', shape: [1024, 256], type: Q8_0 },
    ...blocks,
    { name: 'output_norm.weight', shape: [256], type: F32 },
    ...(head ? [{ name: 'output.weight', shape: [1024, 256], type: Q6_K }] : []),
    { name: 'rope_freqs.weight', shape: [32], type: F32 },
  ];
}

const total = (tensors: readonly GgufTensor[]) => tensors.reduce((sum, tensor) => sum + ggufTensorBytes(tensor), 0);

function written(files: Readonly<Record<string, Buffer>>): string {
  const folder = temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
}

describe('a GGUF model', () => {
  it('is told by its metadata and the types of its tensors, and its bytes are those of the file', async () => {
    const tensors = llamaTensors();
    const folder = written({ 'Toy-Llama-Q4_K_M.gguf': ggufFile(LLAMA, tensors) });
    const { model, notes, sources } = await importModel(join(folder, 'Toy-Llama-Q4_K_M.gguf'), testEnvironment());
    const [checkpoint] = model.checkpoints;
    expect(model.architecture.mixers).toEqual({ attention: { kind: 'gqa', heads: 4, kvHeads: 2, headDim: 64 } });
    expect([model.architecture.vocabularySize, model.architecture.maxContextTokens, model.architecture.tiedEmbeddings]).toEqual([
      1024,
      8192,
      undefined,
    ]);
    expect(checkpoint?.encodings).toEqual({
      embedding: 'gguf:q8_0',
      norm: 'gguf:f32',
      attention: 'gguf:q4_k',
      'dense-ffn': 'gguf:q4_k',
      head: 'gguf:q6_k',
    });
    expect([checkpoint?.format, model.defaultFormat, model.id]).toEqual(['q4_k_m', 'q4_k_m', 'toy-llama-q4_k_m'.replace(/_/g, '-')]);
    expect(checkpoint && checkpointSize(model, checkpoint).bytes).toBe(total(tensors));
    expect(checkpoint?.stray).toMatchObject({ elements: 32, bytes: 128 });
    expect(notes.join(' ')).toContain('of the attention weights are stored otherwise than in gguf:q4_k');
    expect(Object.values(sources)[0]?.ref).toBe('file Toy-Llama-Q4_K_M.gguf');
  });

  it('without an output head uses the embedding', async () => {
    const folder = written({ 'a.gguf': ggufFile(LLAMA, llamaTensors(false)) });
    expect((await importModel(join(folder, 'a.gguf'), testEnvironment())).model.architecture.tiedEmbeddings).toBe(true);
  });

  it('that is split is read from all its files, whichever is named', async () => {
    const tensors = llamaTensors();
    const name = (part: number) => `Toy-Q4_K_M-0000${part}-of-00002.gguf`;
    const folder = written({ [name(1)]: ggufFile(LLAMA, tensors.slice(0, 5)), [name(2)]: ggufFile({ 'split.no': 1 }, tensors.slice(5)) });
    for (const part of [1, 2]) {
      const { model } = await importModel(join(folder, name(part)), testEnvironment());
      expect([model.id, model.checkpoints[0]?.statedBytes]).toEqual(['toy-q4-k-m', total(tensors)]);
    }
    const half = written({ [name(1)]: ggufFile(LLAMA, tensors) });
    expect((await faultOf(importModel(join(half, name(1)), testEnvironment()))).code).toBe('missing');
  });

  it('is found in its folder, but only where it is the only one', async () => {
    const file = ggufFile(LLAMA, llamaTensors());
    expect(
      (await importModel(written({ 'a-Q4_0.gguf': file, 'mmproj-F16.gguf': file }), testEnvironment())).model.checkpoints[0]?.format,
    ).toBe('q4_0');
    const fault = await faultOf(importModel(written({ 'a-Q4_0.gguf': file, 'a-Q8_0.gguf': file }), testEnvironment()));
    expect([fault.code, fault.details.allowed]).toEqual(['contradiction', 'one of a-Q4_0.gguf, a-Q8_0.gguf']);
  });

  it('in the types of a fork is counted in the nearest one, and says so', async () => {
    const tensors = llamaTensors().map((tensor) =>
      tensor.name.includes('ffn_') && tensor.type === Q4_K ? { ...tensor, type: 145 } : tensor,
    );
    const folder = written({ 'a-IQ2_KS.gguf': ggufFile(LLAMA, tensors) });
    const { notes, model } = await importModel(join(folder, 'a-IQ2_KS.gguf'), testEnvironment());
    expect(notes.join()).toContain('Tensors of type 145, which kplan does not know, are taken for q8_0');
    expect([model.checkpoints[0]?.format, model.checkpoints[0]?.encodings['dense-ffn']]).toEqual(['iq2_ks', 'gguf:q8_0']);
  });

  const shape = async (architecture: string, figures: Readonly<Record<string, unknown>>, tensors: readonly GgufTensor[] = []) => {
    const file = ggufFile(metadata(architecture, figures), tensors);
    return readGguf(prefixSource('a.gguf', file, file.length)).then((header) => ggufConfig(header.metadata, header.tensors));
  };
  const BASE = { block_count: 4, context_length: 4096, embedding_length: 256, feed_forward_length: 512, 'attention.head_count': 4 };

  it('with latent attention takes the widths of its heads from the metadata, converted for MLA or not', async () => {
    const mla = {
      ...BASE,
      'attention.kv_lora_rank': 512,
      'attention.q_lora_rank': 1536,
      'rope.dimension_count': 64,
      leading_dense_block_count: 1,
      expert_count: 8,
      expert_used_count: 2,
    };
    const converted = await shape('deepseek2', {
      ...mla,
      'attention.key_length': 576,
      'attention.key_length_mla': 192,
      'attention.value_length': 512,
      'attention.value_length_mla': 128,
    });
    const old = await shape('deepseek2', { ...mla, 'attention.key_length': 192, 'attention.value_length': 128 });
    for (const { config, textType } of [converted, old])
      expect([
        textType,
        config.count('qk_nope_head_dim', 999),
        config.count('qk_rope_head_dim', 999),
        config.count('v_head_dim', 999),
        config.text('topk_method'),
      ]).toEqual(['deepseek_v3', 128, 64, 128, 'greedy']);
    expect((await shape('deepseek2', mla, [{ name: 'blk.1.exp_probs_b.bias', shape: [8], type: F32 }])).config.text('topk_method')).toBe(
      'noaux_tc',
    );
  });

  it('of the llama architecture with experts is a Mixtral', async () => {
    const { config, textType } = await shape('llama', { ...BASE, expert_count: 8, expert_used_count: 2 });
    expect([textType, config.count('num_local_experts', 99), config.count('intermediate_size', 999)]).toEqual(['mixtral', 8, 512]);
    expect((await shape('llama', { ...BASE, expert_count: 0 })).textType).toBe('llama');
  });

  it('counts draft layers apart from the decoder', async () => {
    const { config } = await shape('glm4moe', { ...BASE, block_count: 5, nextn_predict_layers: 1, expert_count: 8 });
    expect([config.count('num_hidden_layers', 99), config.count('num_nextn_predict_layers', 99)]).toEqual([4, 1]);
  });

  it('of a linear hybrid tells the heads of its states', async () => {
    const ssm = {
      'ssm.conv_kernel': 4,
      'ssm.state_size': 128,
      'ssm.group_count': 16,
      'ssm.time_step_rank': 32,
      'ssm.inner_size': 4096,
      full_attention_interval: 4,
    };
    const { config, textType } = await shape('qwen3next', { ...BASE, ...ssm, expert_count: 8 });
    expect([
      textType,
      config.count('linear_value_head_dim', 999),
      config.count('linear_num_value_heads', 999),
      config.count('linear_num_key_heads', 999),
    ]).toEqual(['qwen3_next', 128, 32, 16]);
  });

  it('may list a figure for each layer where all are alike', async () => {
    const { config } = await shape('llama', { ...BASE, 'attention.head_count_kv': [2, 2, 2, 2] });
    expect(config.count('num_key_value_heads', 99)).toBe(2);
    const { code, details } = await faultOf(shape('llama', { ...BASE, 'attention.head_count_kv': [2, 2, 1, 2] }));
    expect([code, details.where]).toEqual(['unsupported', 'a.gguf: llama.attention.head_count_kv']);
  });

  it('is refused for an architecture that is not known', async () => {
    expect((await faultOf(shape('rwkv7', BASE))).details.where).toBe('a.gguf: general.architecture');
  });

  it.each([
    ['block_count', 1_000_000],
    ['embedding_length', 0],
    ['attention.head_count', 2 ** 31],
    ['feed_forward_length', 2 ** 31],
  ])('is refused for %s of %i, by the name that the file gives it', async (key, value) => {
    const figures = { ...BASE, 'attention.head_count_kv': 2, [key]: value };
    const folder = written({ 'a.gguf': ggufFile(metadata('llama', figures), llamaTensors()) });
    expect((await faultOf(importModel(join(folder, 'a.gguf'), testEnvironment()))).details.where).toMatch(
      new RegExp(`a\\.gguf: llama\\.${key}$`),
    );
  });

  it('has as many layers as blocks', async () => {
    const folder = written({ 'a.gguf': ggufFile(LLAMA, llamaTensors()) });
    expect(layersOf((await importModel(join(folder, 'a.gguf'), testEnvironment())).model.architecture).length).toBe(2);
  });
});

describe('the name of a mix', () => {
  it.each([
    ['Kimi-K2.5-UD-Q2_K_XL-00001-of-00008.gguf', 'ud-q2_k_xl'],
    ['UD-IQ1_S/a-UD-IQ1_S.gguf', 'ud-iq1_s'],
    ['a.Q4_K_M.gguf', 'q4_k_m'],
    ['a-IQ2_KS.gguf', 'iq2_ks'],
    ['gpt-oss-120b-MXFP4_MOE.gguf', 'mxfp4_moe'],
    ['a-BF16.gguf', 'bf16'],
    ['a-tq1_0.gguf', 'tq1_0'],
    ['model.gguf', 'gguf'],
  ])('%s is %s', (file, mix) => {
    expect(mixName(file)).toBe(mix);
  });
});
