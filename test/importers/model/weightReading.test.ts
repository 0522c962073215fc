import { describe, expect, it } from 'vitest';
import { JsonGroup } from '../../../src/importers/model/parse/jsonGroup.ts';
import type { StoredTensor } from '../../../src/importers/model/parse/safetensors.ts';
import { configReading } from '../../../src/importers/model/readings.ts';
import { storedModules } from '../../../src/importers/model/translate/storedModules.ts';
import { checkpointSize } from '../../../src/model/checkpointSize.ts';
import type { Checkpoint, Model } from '../../../src/model/model.ts';
import { groupBytes, tensorGroups } from '../../../src/model/tensors.ts';
import { type TestTensor, tensorBytes, totalBytes } from './support/safetensorsFile.ts';
import { fp8Block, int4, nvfp4, replaced, TOY_DEEPSEEK, TOY_LLAMA, toyDeepseekTensors, toyLlamaTensors } from './support/toyModels.ts';

const stored = (tensors: readonly TestTensor[]): StoredTensor[] =>
  tensors.map((tensor) => ({ ...tensor, elements: tensor.shape.reduce((product, size) => product * size, 1), bytes: tensorBytes(tensor) }));

function read(fields: Readonly<Record<string, unknown>>, tensors: readonly TestTensor[]) {
  const reading = configReading(JsonGroup.of(fields, 'config.json'), null, stored(tensors));
  const { architecture, storage } = reading;
  return { ...reading, bytes: checkpointSize({ architecture } as Model, storage as Checkpoint).bytes };
}

const MATRICES = /layers\.\d+\.(?:self_attn|mlp)\.(?!gate\.)\S*_proj(?:_with_mqa)?\.weight$/;

describe('a checkpoint told by its tensors', () => {
  it('in 16 bits is derived to the byte', () => {
    for (const [fields, tensors] of [
      [TOY_LLAMA, toyLlamaTensors()],
      [TOY_DEEPSEEK, toyDeepseekTensors()],
    ] as const) {
      const { storage, storageAssumptions, shapeAssumptions, bytes } = read(fields, tensors);
      expect(storage).toEqual({ format: 'bf16', encodings: {} });
      expect([storageAssumptions, shapeAssumptions, bytes]).toEqual([[], [], totalBytes(tensors)]);
    }
  });

  it('in FP8 blocks is derived to the byte, its draft layer too', () => {
    const tensors = replaced(toyDeepseekTensors(), MATRICES, fp8Block);
    const { storage, storageAssumptions, bytes } = read(TOY_DEEPSEEK, tensors);
    const fp8 = 'fp8-block128';
    expect(storage).toEqual({
      format: 'fp8',
      encodings: { attention: fp8, 'kv-up': fp8, 'dense-ffn': fp8, 'shared-experts': fp8, 'routed-experts': fp8 },
    });
    expect([storageAssumptions, bytes]).toEqual([[], totalBytes(tensors)]);
  });

  it('with routed experts in INT4 is derived to the byte', () => {
    const tensors = replaced(toyDeepseekTensors(), /layers\.1\.mlp\.experts\.\d+\.\w+\.weight$/, int4(32)).filter(
      ({ name }) => !/layers\.2\./.test(name),
    );
    const { storage, storageAssumptions, bytes } = read({ ...TOY_DEEPSEEK, num_nextn_predict_layers: 0 }, tensors);
    expect(storage).toEqual({ format: 'int4', encodings: { 'routed-experts': 'int4-g32' } });
    expect([storageAssumptions, bytes]).toEqual([[], totalBytes(tensors)]);
  });

  it('with experts in NVFP4 and the draft layer in 16 bits is derived to the byte', () => {
    const tensors = replaced(toyDeepseekTensors(), /layers\.1\.mlp\.experts\.\d+\.\w+\.weight$/, nvfp4);
    const { storage, bytes } = read(TOY_DEEPSEEK, tensors);
    expect(storage).toEqual({ format: 'nvfp4', encodings: { 'routed-experts': 'nvfp4', draft: 'bf16' } });
    expect(bytes).toBe(totalBytes(tensors));
  });

  it('names the layers that keep 16 bits', () => {
    const tensors = replaced(toyLlamaTensors(), /layers\.[12]\.mlp\.\w+\.weight$/, fp8Block);
    const { storage, bytes } = read(TOY_LLAMA, tensors);
    expect(storage.encodings).toEqual({ 'dense-ffn': { encoding: 'fp8-block128', exceptLayers: [0] } });
    expect(bytes).toBe(totalBytes(tensors));
  });

  it('omits what the config names and the files do not hold', () => {
    const tensors = toyDeepseekTensors().filter(({ name }) => !/layers\.2\./.test(name));
    const { storage, bytes } = read(TOY_DEEPSEEK, tensors);
    expect([storage.omits, bytes]).toEqual([['draft'], totalBytes(tensors)]);
  });

  it('tells whether the draft layer repeats the vocabulary, and whether the head is the embedding', () => {
    const shared = toyDeepseekTensors().filter(({ name }) => !/layers\.2\.(?:embed_tokens|shared_head\.head)/.test(name));
    expect([
      read(TOY_DEEPSEEK, toyDeepseekTensors()).architecture.draft?.ownVocabulary,
      read(TOY_DEEPSEEK, shared).architecture.draft?.ownVocabulary,
    ]).toEqual([true, false]);
    const tied = toyLlamaTensors().filter(({ name }) => name !== 'lm_head.weight');
    const { architecture, bytes } = read(TOY_LLAMA, tied);
    expect([architecture.tiedEmbeddings, bytes]).toEqual([true, totalBytes(tied)]);
    expect(read({ ...TOY_LLAMA, tie_word_embeddings: true }, toyLlamaTensors()).architecture.tiedEmbeddings).toBeUndefined();
  });

  it('tells the storage of the router’s correction', () => {
    const tensors = replaced(toyDeepseekTensors(), /e_score_correction_bias/, (tensor) => [{ ...tensor, dtype: 'BF16' }]);
    const { architecture, bytes } = read(TOY_DEEPSEEK, tensors);
    expect([architecture.experts?.scoreBias, bytes]).toEqual(['bf16', totalBytes(tensors)]);
  });

  it('counts a vision tower of a kind that the config does not tell', () => {
    const tower: TestTensor[] = [
      { name: 'model.vision_tower.embed.weight', dtype: 'BF16', shape: [8, 27] },
      { name: 'model.vision_tower.layers.0.attn.weight', dtype: 'BF16', shape: [8, 8] },
      { name: 'model.vision_tower.layers.0.attn.bias', dtype: 'BF16', shape: [8] },
    ];
    const { architecture, bytes, shapeAssumptions } = read({ ...TOY_LLAMA, vision_config: {} }, [...toyLlamaTensors(), ...tower]);
    expect(architecture.vision).toEqual({ kind: 'stated', parameters: 8 * 27 + 64 + 8, splitParameters: 64 });
    expect([bytes, shapeAssumptions]).toEqual([totalBytes([...toyLlamaTensors(), ...tower]), []]);
  });

  it('keeps what is no part of the architecture apart', () => {
    const buffers = [0, 1, 2].map(
      (layer): TestTensor => ({ name: `model.layers.${layer}.self_attn.rotary_emb.inv_freq`, dtype: 'F32', shape: [8] }),
    );
    const { storage, storageAssumptions, bytes } = read(TOY_LLAMA, [...toyLlamaTensors(), ...buffers]);
    expect(storage.stray).toEqual({
      elements: 24,
      bytes: 96,
      note: 'Not part of the architecture: 3 tensors such as model.layers.0.self_attn.rotary_emb.inv_freq.',
    });
    expect([storageAssumptions, bytes]).toEqual([[], totalBytes([...toyLlamaTensors(), ...buffers])]);
  });

  it('counts tensors of unknown use as weights that every GPU holds whole, and names them', () => {
    const tower: TestTensor[] = [0, 1, 2, 3].map((block) => ({
      name: `weird_tower.blocks.${block}.proj.weight`,
      dtype: 'F32',
      shape: [1024, 256],
    }));
    const { architecture, storage, storageAssumptions, bytes } = read(TOY_LLAMA, [...toyLlamaTensors(), ...tower]);
    expect([bytes, storage.unread?.bytes, storage.stray, storage.statedBytes]).toEqual([
      totalBytes([...toyLlamaTensors(), ...tower]),
      4 * 1024 * 256 * 4,
      undefined,
      undefined,
    ]);
    const group = tensorGroups(architecture, storage).find(({ id }) => id === 'unread');
    expect([group?.split, group && groupBytes(group, architecture)]).toEqual(['replicated', 4 * 1024 * 256 * 4]);
    expect(storageAssumptions).toEqual([
      expect.stringMatching(
        /^The files hold 4194304 bytes \(9\d\.\d %\) whose use kplan does not know.*4 tensors, such as weird_tower\.blocks\.0\.proj, weird_tower\.blocks\.1/,
      ),
    ]);
  });

  it('takes layers of a tower that is not known for none of the decoder', () => {
    const tower: TestTensor[] = [{ name: 'audio_tower.layers.0.self_attn.q_proj.weight', dtype: 'BF16', shape: [64, 64] }];
    const { storage, bytes } = read(TOY_LLAMA, [...toyLlamaTensors(), ...tower]);
    expect([storage.unread?.bytes, bytes]).toEqual([8192, totalBytes([...toyLlamaTensors(), ...tower])]);
  });

  it('says what draft layers weigh that the config does not name', () => {
    const { storage, storageAssumptions } = read({ ...TOY_DEEPSEEK, num_nextn_predict_layers: 0 }, toyDeepseekTensors());
    expect([storage.stray !== undefined, storage.unread]).toEqual([true, undefined]);
    expect(storageAssumptions.join()).toContain('of draft layers that the config does not name: engines skip them');
  });

  it('states the bytes of the files where one encoding for each class does not come to them', () => {
    const tensors = replaced(toyLlamaTensors(), /layers\.1\.mlp\.up_proj\.weight$/, fp8Block);
    const { storage, storageAssumptions, bytes } = read(TOY_LLAMA, tensors);
    expect([storage.statedBytes, bytes]).toEqual([totalBytes(tensors), totalBytes(tensors)]);
    expect(storageAssumptions[0]).toBe(
      '11.1 % of the dense-ffn weights are stored otherwise than in bf16, which all of them are counted in.',
    );
    expect(storageAssumptions[1]).toContain(`${128 * 64 - 4} bytes`);
    expect(storageAssumptions[1]).toContain('less than the shapes');
  });

  it('says what is stored in a way that is not known', () => {
    const tensors = replaced(toyLlamaTensors(), /self_attn\.q_proj\.weight$/, ({ name }) => [{ name, dtype: 'U8', shape: [64, 32] }]);
    const { storage, storageAssumptions } = read(TOY_LLAMA, tensors);
    expect(storage.statedBytes).toBe(totalBytes(tensors));
    expect(storageAssumptions.join()).toContain('3 tensors are stored in a way that is not known, such as model.layers.0.self_attn.q_proj');
  });

  it('of a linear hybrid with a draft that the config leaves open is derived to the byte', () => {
    const config = {
      ...{
        model_type: 'qwen3_next',
        hidden_size: 64,
        num_hidden_layers: 2,
        full_attention_interval: 2,
        intermediate_size: 128,
        vocab_size: 100,
      },
      ...{
        num_attention_heads: 2,
        num_key_value_heads: 1,
        head_dim: 32,
        max_position_embeddings: 4096,
        num_experts: 2,
        num_experts_per_tok: 1,
      },
      ...{ moe_intermediate_size: 32, shared_expert_intermediate_size: 32, linear_num_key_heads: 1, linear_num_value_heads: 2 },
      ...{ linear_key_head_dim: 16, linear_value_head_dim: 16, linear_conv_kernel_dim: 4 },
    };
    const bf16 = (name: string, ...shape: number[]): TestTensor => ({ name, dtype: 'BF16', shape });
    const layer = (prefix: string, linear: boolean): TestTensor[] => {
      const at = (name: string, ...shape: number[]) => bf16(`${prefix}.${name}`, ...shape);
      const ffn = (name: string) => [
        at(`${name}.gate_proj.weight`, 32, 64),
        at(`${name}.up_proj.weight`, 32, 64),
        at(`${name}.down_proj.weight`, 64, 32),
      ];
      return [
        ...(linear
          ? [
              at('linear_attn.in_proj_qkvz.weight', 96, 64),
              at('linear_attn.in_proj_ba.weight', 4, 64),
              at('linear_attn.out_proj.weight', 64, 32),
              at('linear_attn.conv1d.weight', 64, 1, 4),
              { ...at('linear_attn.A_log', 2), dtype: 'F32' },
              at('linear_attn.dt_bias', 2),
              { ...at('linear_attn.norm.weight', 16), dtype: 'F32' },
            ]
          : [
              at('self_attn.q_proj.weight', 128, 64),
              at('self_attn.k_proj.weight', 32, 64),
              at('self_attn.v_proj.weight', 32, 64),
              at('self_attn.o_proj.weight', 64, 64),
              at('self_attn.q_norm.weight', 32),
              at('self_attn.k_norm.weight', 32),
            ]),
        at('input_layernorm.weight', 64),
        at('post_attention_layernorm.weight', 64),
        at('mlp.gate.weight', 2, 64),
        at('mlp.shared_expert_gate.weight', 1, 64),
        ...ffn('mlp.shared_expert'),
        ...ffn('mlp.experts.0'),
        ...ffn('mlp.experts.1'),
      ];
    };
    const draft = [
      ...layer('mtp.layers.0', false),
      bf16('mtp.fc.weight', 64, 128),
      ...['norm', 'pre_fc_norm_hidden', 'pre_fc_norm_embedding'].map((name) => bf16(`mtp.${name}.weight`, 64)),
    ];
    const model = [
      bf16('model.embed_tokens.weight', 100, 64),
      ...layer('model.layers.0', true),
      ...layer('model.layers.1', false),
      bf16('model.norm.weight', 64),
      bf16('lm_head.weight', 100, 64),
    ];
    const whole = read(config, [...model, ...draft]);
    expect(whole.architecture.mixers['linear']).toMatchObject({ fp32Tensors: ['decay', 'norm'] });
    expect([whole.storage, whole.storageAssumptions, whole.bytes]).toEqual([
      { format: 'bf16', encodings: {} },
      [],
      totalBytes([...model, ...draft]),
    ]);
    const without = read(config, model);
    expect([without.storage.omits, without.bytes]).toEqual([['draft'], totalBytes(model)]);
  });

  it('leaves scales of the KV cache apart', () => {
    const scales = [0, 1, 2].map((layer): TestTensor => ({ name: `model.layers.${layer}.self_attn.k_scale`, dtype: 'F32', shape: [] }));
    const { storage, storageAssumptions } = read(TOY_LLAMA, [...toyLlamaTensors(), ...scales]);
    expect([storage.encodings, storage.stray?.bytes, storageAssumptions]).toEqual([{}, 12, []]);
  });

  it('lets no name of a tensor steer a terminal', () => {
    const { storage } = read(TOY_LLAMA, [...toyLlamaTensors(), { name: `\u001b[2J${'x'.repeat(500)}`, dtype: 'U8', shape: [1] }]);
    expect(storage.stray?.note).not.toContain('\u001b');
    expect(storage.stray?.note.length).toBeLessThan(150);
  });
});

describe('a stored module', () => {
  const encodingOf = (...tensors: readonly TestTensor[]) =>
    storedModules(stored(tensors)).map(({ encoding, parameters }) => [encoding, parameters])[0];
  const tensor = (name: string, dtype: string, ...shape: number[]): TestTensor => ({ name: `m.${name}`, dtype, shape });

  it.each<[string, readonly TestTensor[], unknown]>([
    [
      'FP8 with one scale',
      [tensor('weight', 'F8_E4M3', 8, 16), tensor('weight_scale', 'F32'), tensor('input_scale', 'F32')],
      ['fp8-tensor', 128],
    ],
    ['FP8 with a scale per row', [tensor('weight', 'F8_E4M3', 8, 16), tensor('weight_scale', 'BF16', 8, 1)], ['fp8-channel', 128]],
    ['FP8 with a list of scales', [tensor('weight', 'F8_E4M3', 8, 16), tensor('weight_scale', 'F32', 8)], ['fp8-channel', 128]],
    [
      'FP8 in blocks of 128 with a rest',
      [tensor('weight', 'F8_E4M3', 576, 7168), tensor('weight_scale_inv', 'F32', 5, 56)],
      ['fp8-block128', 576 * 7168],
    ],
    [
      'FP8 experts in one tensor',
      [tensor('w', 'F8_E4M3', 4, 256, 512), tensor('w_scale_inv', 'F32', 4, 2, 4)],
      ['fp8-block128', 4 * 256 * 512],
    ],
    [
      'FP8 experts with a scale each',
      [tensor('w', 'F8_E4M3', 4, 256, 512), tensor('w_scale', 'F32', 4, 1, 1)],
      ['fp8-tensor', 4 * 256 * 512],
    ],
    ['FP8 with scales of no known block', [tensor('weight', 'F8_E4M3', 100, 100), tensor('weight_scale', 'F32', 7, 3)], [null, 10_000]],
    ['INT8', [tensor('weight', 'I8', 8, 16), tensor('weight_scale', 'BF16', 8, 1)], ['int8-channel', 128]],
    ['AWQ', [tensor('qweight', 'I32', 256, 8), tensor('scales', 'F16', 2, 64), tensor('qzeros', 'I32', 2, 8)], ['awq-g128', 256 * 64]],
    [
      'GPTQ',
      [tensor('qweight', 'I32', 32, 64), tensor('scales', 'F16', 2, 64), tensor('qzeros', 'I32', 2, 8), tensor('g_idx', 'I32', 256)],
      ['gptq-g128', 256 * 64],
    ],
    [
      'INT4 with zero points',
      [tensor('weight_packed', 'I32', 64, 32), tensor('weight_scale', 'BF16', 64, 2), tensor('weight_zero_point', 'I32', 8, 2)],
      ['awq-g128', 64 * 256],
    ],
    [
      'NVFP4 of compressed-tensors',
      [tensor('weight_packed', 'U8', 64, 32), tensor('weight_scale', 'F8_E4M3', 64, 4), tensor('weight_global_scale', 'F32', 1)],
      ['nvfp4', 64 * 64],
    ],
    ['MXFP4', [tensor('weight_packed', 'U8', 64, 32), tensor('weight_scale', 'U8', 64, 2)], ['mxfp4', 64 * 64]],
    [
      'MXFP4 of gpt-oss',
      [tensor('gate_up_proj_blocks', 'U8', 4, 64, 2, 16), tensor('gate_up_proj_scales', 'U8', 4, 64, 2)],
      ['mxfp4', 4 * 64 * 64],
    ],
    ['32 bits', [tensor('weight', 'F32', 8, 16)], ['fp32', 128]],
    ['scales without a weight', [tensor('weight_scale', 'F32', 8)], [null, 0]],
  ])('in %s', (_, tensors, expected) => {
    expect(encodingOf(...tensors)).toEqual(expected);
  });

  it('keeps every byte', () => {
    const tensors = stored(replaced(toyDeepseekTensors(), MATRICES, nvfp4));
    expect(storedModules(tensors).reduce((sum, { bytes }) => sum + bytes, 0)).toBe(tensors.reduce((sum, { bytes }) => sum + bytes, 0));
  });
});
