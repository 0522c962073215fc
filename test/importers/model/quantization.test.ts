import { describe, expect, it } from 'vitest';
import { JsonGroup } from '../../../src/importers/model/parse/jsonGroup.ts';
import { modelConfig, readConfig } from '../../../src/importers/model/translate/configFile.ts';
import { readQuantization } from '../../../src/importers/model/translate/quantization.ts';
import { checkpointSize } from '../../../src/model/checkpointSize.ts';
import type { Checkpoint, Model } from '../../../src/model/model.ts';
import { faultOf } from './support/environment.ts';
import { fieldsOf } from './support/fieldSets.ts';
import { TOY_DEEPSEEK, TOY_LLAMA } from './support/toyModels.ts';

type Fields = Readonly<Record<string, unknown>>;

function read(fields: Fields, beside: Fields | null = null) {
  const model = modelConfig(JsonGroup.of(fields, 'config.json'));
  const { architecture } = readConfig(model);
  const quantization = readQuantization(model, architecture, beside && JsonGroup.of(beside, 'hf_quant_config.json'));
  const { bytes } = checkpointSize({ architecture } as Model, { encodings: quantization.encodings } as Checkpoint);
  return { ...quantization, bytes };
}

const K25 = fieldsOf('moonshotai/Kimi-K2.5');
const inText = (fields: Fields, config: Fields): Fields => ({
  ...fields,
  text_config: { ...(fields['text_config'] as object), quantization_config: config },
});
const group = (weights: Fields, targets: readonly string[] = ['Linear']) => ({ targets, weights });
const compressed = (groups: Readonly<Record<string, Fields>>, ignore: readonly string[] = ['lm_head']) => ({
  quant_method: 'compressed-tensors',
  config_groups: groups,
  ignore,
});
const INT4_G32 = { num_bits: 4, type: 'int', strategy: 'group', group_size: 32, symmetric: true };
const FP8_BLOCK = { num_bits: 8, type: 'float', strategy: 'block', block_structure: [128, 128] };
const ALL = ['attention', 'dense-ffn'] as const;

describe('a quantisation config', () => {
  it('that leaves out all but routed experts: Kimi K2.5, 595,148,192,736 bytes', () => {
    const ignore = ['lm_head', 're:.*self_attn.*', 're:.*shared_experts.*', 're:.*mlp\\.(gate|up|gate_up|down)_proj.*'];
    const { encodings, assumptions, bytes } = read(inText(K25, compressed({ group_0: group(INT4_G32) }, ignore)));
    expect([encodings, assumptions, bytes]).toEqual([{ 'routed-experts': 'int4-g32' }, [], 595_148_192_736]);
  });

  const perLayer = (...parts: readonly string[]) =>
    Array.from({ length: 61 }, (_, layer) => parts.map((part) => `language_model.model.layers.${layer}.${part}*`)).flat();
  const modelopt = (ignore: readonly string[]) => ({
    quant_method: 'modelopt',
    quant_algo: 'NVFP4',
    ignore,
    kv_cache_scheme: { num_bits: 8, type: 'float' },
  });

  it('that lists attention layer by layer: Kimi-K2.5-NVFP4, 590,779,957,656 bytes with shared experts and the first FFN in NVFP4', () => {
    const { encodings, bytes, kvCache8Bit } = read({
      ...K25,
      quantization_config: modelopt(['language_model.lm_head', ...perLayer('self_attn'), 'mm_projector*', 'vision_tower*']),
    });
    expect(encodings).toEqual({ 'routed-experts': 'nvfp4', 'shared-experts': 'nvfp4', 'dense-ffn': 'nvfp4' });
    expect([bytes, kvCache8Bit]).toEqual([590_779_957_656, true]);
  });

  it('that lists shared experts and the whole first layer too: Kimi-K2.6-NVFP4 keeps them in 16 bits', () => {
    const ignore = [
      'language_model.lm_head',
      'language_model.model.layers.0*',
      ...perLayer('self_attn', 'mlp.shared_experts'),
      'mm_projector*',
      'vision_tower*',
    ];
    const { encodings, bytes } = read({ ...K25, quantization_config: modelopt(ignore) });
    expect([encodings, bytes]).toEqual([{ 'routed-experts': 'nvfp4' }, 595_148_192_736]);
  });

  it('of DeepSeek by block of 128: R1, 688,574,839,360 bytes', () => {
    const { encodings, bytes } = read({
      ...fieldsOf('deepseek-ai/DeepSeek-R1'),
      quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] },
    });
    const fp8 = 'fp8-block128';
    expect(encodings).toEqual({ attention: fp8, 'kv-up': fp8, 'dense-ffn': fp8, 'routed-experts': fp8, 'shared-experts': fp8 });
    expect(bytes).toBe(688_574_839_360);
  });

  it('of MiniMax M2, whose gate is left out and is no gate_proj: 230,121,630,720 bytes', () => {
    const config = {
      quant_method: 'fp8',
      weight_block_size: [128, 128],
      modules_to_not_convert: ['gate', 'e_score_correction_bias', 'lm_head'],
    };
    const { encodings, bytes } = read({ ...fieldsOf('MiniMaxAI/MiniMax-M2'), quantization_config: config });
    expect([encodings, bytes]).toEqual([{ attention: 'fp8-block128', 'routed-experts': 'fp8-block128' }, 230_121_630_720]);
  });

  it('of gpt-oss, which is for experts alone: 13,761,264,768 bytes', () => {
    const { encodings, bytes } = read({
      ...fieldsOf('openai/gpt-oss-20b'),
      quantization_config: { quant_method: 'mxfp4', modules_to_not_convert: ['model.layers.*.self_attn'] },
    });
    expect([encodings, bytes]).toEqual([{ 'routed-experts': 'mxfp4' }, 13_761_264_768]);
  });

  it('names the layers that keep 16 bits', () => {
    const ignore = ['lm_head', 'model.layers.0.self_attn', 'model.layers.2.self_attn', 'model.layers.1.mlp'];
    const { encodings, assumptions } = read({ ...TOY_LLAMA, quantization_config: compressed({ g: group(FP8_BLOCK) }, ignore) });
    expect(encodings).toEqual({
      attention: { encoding: 'fp8-block128', exceptLayers: [0, 2] },
      'dense-ffn': { encoding: 'fp8-block128', exceptLayers: [1] },
    });
    expect(assumptions).toEqual([]);
  });

  it('says the share of a class that is stored otherwise', () => {
    const { encodings, assumptions } = read({
      ...TOY_LLAMA,
      quantization_config: compressed({ g: group(FP8_BLOCK) }, ['lm_head', 're:.*k_proj$']),
    });
    expect(encodings).toEqual(Object.fromEntries(ALL.map((module) => [module, 'fp8-block128'])));
    // k has 32 of the 128 rows of q, k and v.
    expect(assumptions).toEqual([
      '25.0 % of the attention weights are stored otherwise than in fp8-block128, which all of them are counted in.',
    ]);
  });

  it('names the output of attention where it is stored otherwise than the rest', () => {
    const nvfp4 = (ignore: readonly string[]) =>
      read({ ...TOY_DEEPSEEK, quantization_config: { quant_method: 'modelopt', quant_algo: 'NVFP4', ignore: ['lm_head', ...ignore] } });
    expect(nvfp4(['re:.*self_attn\\.o_proj']).encodings).toMatchObject({ attention: 'nvfp4', 'attention-output': 'bf16' });
    expect(nvfp4(['re:.*self_attn\\.(q|kv).*']).encodings).toMatchObject({ 'attention-output': 'nvfp4' });
    expect(nvfp4(['re:.*self_attn\\.(q|kv).*']).encodings).not.toHaveProperty('attention');
    expect(nvfp4([]).encodings).not.toHaveProperty('attention-output');
  });

  it('of DeepSeek V4 names the experts apart', () => {
    const { encodings } = read({
      ...fieldsOf('deepseek-ai/DeepSeek-V4-Pro'),
      expert_dtype: 'fp4',
      quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] },
    });
    expect(encodings).toEqual({
      attention: 'fp8-block128',
      indexer: 'fp8-block128',
      'shared-experts': 'fp8-block128',
      'routed-experts': 'mxfp4',
    });
  });

  it('may give groups of modules an encoding each', () => {
    const groups = { all: group(INT4_G32), some: group(FP8_BLOCK, ['re:.*self_attn.*']) };
    const { encodings } = read({ ...TOY_LLAMA, quantization_config: compressed(groups) });
    expect(encodings).toEqual({ attention: 'fp8-block128', 'dense-ffn': 'int4-g32' });
  });

  it('may take the head', () => {
    expect(read({ ...TOY_LLAMA, quantization_config: compressed({ g: group(FP8_BLOCK) }, []) }).encodings['head']).toBe('fp8-block128');
    expect(
      read({ ...TOY_LLAMA, quantization_config: { quant_method: 'gptq', bits: 4, group_size: 128, lm_head: true } }).encodings['head'],
    ).toBe('gptq-g128');
  });

  it('may leave the draft layers in 16 bits', () => {
    const config = { quant_method: 'modelopt', quant_algo: 'NVFP4', ignore: ['lm_head', 'model.layers.2*'] };
    expect(read({ ...TOY_DEEPSEEK, quantization_config: config }).encodings['draft']).toBe('bf16');
    expect(read({ ...TOY_DEEPSEEK, quantization_config: { ...config, ignore: ['lm_head'] } }).encodings['draft']).toBeUndefined();
  });

  it('of a text model alone leaves vision as it is', () => {
    const config = compressed({ g: group(FP8_BLOCK) });
    expect(read(inText(K25, config)).encodings['vision']).toBeUndefined();
    expect(read({ ...K25, quantization_config: config }).encodings['vision']).toBe('fp8-block128');
  });

  const quark = {
    quant_method: 'quark',
    global_quant_config: { weight: { dtype: 'fp4', qscheme: 'per_group', group_size: 32 }, input_tensors: { dtype: 'fp4' } },
  };

  it.each<[string, Fields, string]>([
    ['fp8 per tensor', { quant_method: 'fp8', activation_scheme: 'static' }, 'fp8-tensor'],
    ['fbgemm', { quant_method: 'fbgemm_fp8' }, 'fp8-channel'],
    ['AWQ', { quant_method: 'awq', bits: 4, group_size: 128, zero_point: true }, 'awq-g128'],
    ['GPTQ', { quant_method: 'gptq', bits: 4, group_size: 64 }, 'gptq-g64'],
    ['compressed FP8 by channel', compressed({ g: group({ num_bits: 8, type: 'float', strategy: 'channel' }) }), 'fp8-channel'],
    ['compressed FP8 by tensor', compressed({ g: group({ num_bits: 8, type: 'float', strategy: 'tensor' }) }), 'fp8-tensor'],
    ['compressed INT8 by channel', compressed({ g: group({ num_bits: 8, type: 'int', strategy: 'channel' }) }), 'int8-channel'],
    ['compressed INT8 by group', compressed({ g: group({ num_bits: 8, type: 'int', group_size: 128 }) }), 'int8-g128'],
    ['compressed INT4 with zero points', compressed({ g: group({ ...INT4_G32, symmetric: false }) }), 'awq-g32'],
    ['compressed NVFP4', compressed({ g: group({ num_bits: 4, type: 'float', strategy: 'tensor_group', group_size: 16 }) }), 'nvfp4'],
    ['compressed MXFP4', compressed({ g: group({ num_bits: 4, type: 'float', strategy: 'group', group_size: 32 }) }), 'mxfp4'],
    ['ModelOpt FP8', { quant_method: 'modelopt', quant_algo: 'FP8', exclude_modules: ['lm_head'] }, 'fp8-tensor'],
    [
      'ModelOpt without an algorithm',
      { ...compressed({ g: group({ num_bits: 4, type: 'float', group_size: 16 }) }), quant_method: 'modelopt' },
      'nvfp4',
    ],
    ['Quark', { ...quark, exclude: ['lm_head'] }, 'mxfp4'],
  ])('in the words of %s', (_, config, encoding) => {
    expect(read({ ...TOY_LLAMA, quantization_config: config }).encodings).toEqual({ attention: encoding, 'dense-ffn': encoding });
  });

  it('of Quark may quantise activations along with the weights', () => {
    expect(read({ ...TOY_LLAMA, quantization_config: quark }).activations).toBe('mxfp4');
    expect(
      read({ ...TOY_LLAMA, quantization_config: { ...quark, layer_quant_config: { '*self_attn*': {} } } }).encodings['attention'],
    ).toBeUndefined();
  });

  it('of ModelOpt may name an algorithm for each layer', () => {
    const layers = [0, 1, 2].flatMap((layer) =>
      ['q', 'k', 'v', 'o'].map((name) => [`model.layers.${layer}.self_attn.${name}_proj`, { quant_algo: 'FP8' }]),
    );
    const config = { quant_method: 'modelopt', quant_algo: 'MIXED_PRECISION', quantized_layers: Object.fromEntries(layers) };
    expect(read({ ...TOY_LLAMA, quantization_config: config }).encodings).toEqual({ attention: 'fp8-tensor' });
  });

  it('may stand in a file of its own', () => {
    const { encodings, kvCache8Bit } = read(TOY_LLAMA, {
      quantization: { quant_algo: 'NVFP4', kv_cache_quant_algo: 'FP8', group_size: 16, exclude_modules: ['lm_head'] },
    });
    expect([encodings, kvCache8Bit]).toEqual([{ attention: 'nvfp4', 'dense-ffn': 'nvfp4' }, true]);
  });

  it('may be absent', () => {
    expect(read(TOY_LLAMA)).toMatchObject({ encodings: {}, assumptions: [], kvCache8Bit: false });
  });

  it.each<[string, unknown, string, string]>([
    ['an unknown method', { quant_method: 'bitsandbytes' }, 'unsupported', 'quant_method'],
    ['a method from the prototype', { quant_method: 'constructor' }, 'unsupported', 'quant_method'],
    ['no method', {}, 'unsupported', 'quant_method'],
    ['three bits', { quant_method: 'gptq', bits: 3, group_size: 128 }, 'unsupported', 'bits'],
    ['no group', { quant_method: 'awq', bits: 4, group_size: -1 }, 'invalid', 'group_size'],
    ['blocks that are no squares', { quant_method: 'fp8', weight_block_size: [64, 128] }, 'unsupported', 'weight_block_size'],
    ['blocks of nothing', { quant_method: 'fp8', weight_block_size: [0, 0] }, 'unsupported', ''],
    ['groups that are none', { quant_method: 'compressed-tensors', config_groups: [] }, 'invalid', 'config_groups'],
    ['weights that are none', compressed({ g: { targets: ['Linear'] } }), 'missing', 'config_groups.g.weights'],
    ['an unknown algorithm', { quant_method: 'modelopt', quant_algo: 'INT3' }, 'unsupported', 'quant_algo'],
    ['a list that is none', { quant_method: 'fp8', modules_to_not_convert: 'lm_head' }, 'invalid', 'modules_to_not_convert'],
    ['entries that are no texts', { quant_method: 'fp8', modules_to_not_convert: [1] }, 'invalid', 'modules_to_not_convert'],
    ['a regular expression that cannot be read', compressed({ g: group(FP8_BLOCK) }, ['re:(a)\\1']), 'unsupported', 'ignore'],
    ['a text', 'fp8', 'invalid', ''],
  ])('is refused for %s', async (_, config, code, field) => {
    const fault = await faultOf(() => read({ ...TOY_LLAMA, quantization_config: config }));
    expect(fault.code).toBe(code);
    expect(fault.details.where).toBe(field === '' ? 'config.json: quantization_config' : `config.json: quantization_config.${field}`);
  });
});
