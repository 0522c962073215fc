import { Fault } from '../../../faults/fault.ts';
import { type EncodingId, findEncoding } from '../../../model/encoding.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';

const LARGEST_GROUP = 65_536;

function known(id: string, config: JsonGroup): EncodingId {
  if (findEncoding(id)) return id as EncodingId;
  throw new Fault('unsupported', 'a weight format that kplan cannot size', { where: config.where, value: id });
}

function unsupported(config: JsonGroup, name: string, value: unknown, allowed: string): Fault {
  return new Fault('unsupported', 'a weight format that kplan cannot size', { where: config.place(name), value, allowed });
}

/** Weights of one compressed-tensors group: bits, type and what shares a scale. */
export function compressedWeights(weights: JsonGroup): EncodingId {
  const bits = weights.count('num_bits', 64);
  const type = weights.text('type', 'int');
  const hasGroup = weights.has('group_size');
  const strategy = weights.text('strategy', hasGroup ? 'group' : 'tensor');
  const group = () => weights.count('group_size', LARGEST_GROUP);
  if (type === 'float' && bits === 4) return group() === 32 ? 'mxfp4' : 'nvfp4';
  if (type === 'float' && bits === 8) {
    if (strategy === 'block') return known(`fp8-block${weights.wholes('block_structure', 2, LARGEST_GROUP)[0]}`, weights);
    if (strategy === 'channel' || strategy === 'tensor') return `fp8-${strategy}`;
  }
  if (type === 'int' && strategy === 'group' && bits === 4)
    return known(`${weights.flag('symmetric', true) ? 'int4' : 'awq'}-g${group()}`, weights);
  if (type === 'int' && strategy === 'group' && bits === 8) return known(`int8-g${group()}`, weights);
  if (type === 'int' && bits === 8) return 'int8-channel';
  throw unsupported(
    weights,
    'strategy',
    `${bits}-bit ${type}, ${strategy}`,
    'FP8 by block, channel or tensor; INT4 and INT8 by group; INT8 by channel; FP4',
  );
}

/** Weights by the name that ModelOpt gives an algorithm. */
export function modeloptWeights(algorithm: string, config: JsonGroup): EncodingId {
  const byName: Readonly<Record<string, EncodingId>> = {
    FP8: 'fp8-tensor',
    FP8_PER_CHANNEL_PER_TOKEN: 'fp8-channel',
    FP8_PB_WO: 'fp8-block128',
    NVFP4: 'nvfp4',
    NVFP4_AWQ: 'nvfp4',
    MXFP4: 'mxfp4',
  };
  if (algorithm === 'W4A16_AWQ') return known(`awq-g${config.count('group_size', LARGEST_GROUP, 128)}`, config);
  const found = Object.hasOwn(byName, algorithm) ? byName[algorithm] : undefined;
  if (!found) throw unsupported(config, 'quant_algo', algorithm, [...Object.keys(byName), 'W4A16_AWQ', 'MIXED_PRECISION'].join(', '));
  return found;
}

/** Weights of AWQ or GPTQ: four bits, a zero point per group. */
export function groupedWeights(kind: 'awq' | 'gptq', config: JsonGroup): EncodingId {
  const bits = config.count(config.named('bits', 'w_bit'), 64);
  if (bits !== 4) throw unsupported(config, 'bits', bits, '4');
  return known(`${kind}-g${config.count(config.named('group_size', 'q_group_size'), LARGEST_GROUP)}`, config);
}

/** Weights of one Quark configuration. */
export function quarkWeights(weight: JsonGroup): EncodingId {
  const type = weight.text('dtype');
  const scheme = weight.text('qscheme', 'per_tensor');
  if (type === 'fp4') return 'mxfp4';
  if (type.startsWith('fp8')) return scheme === 'per_channel' ? 'fp8-channel' : 'fp8-tensor';
  if (type === 'int4' || type === 'uint4') return known(`awq-g${weight.count('group_size', LARGEST_GROUP)}`, weight);
  if (type === 'int8') return 'int8-channel';
  throw unsupported(weight, 'dtype', type, 'fp4, fp8, int4, uint4, int8');
}

/** Weights of DeepSeek's and Transformers' own FP8: by block where a block size is named. */
export function fp8Weights(config: JsonGroup): EncodingId {
  if (!config.has('weight_block_size')) return 'fp8-tensor';
  const [rows = 0, columns = 0] = config.wholes('weight_block_size', 2, LARGEST_GROUP);
  if (rows !== columns) throw unsupported(config, 'weight_block_size', `${rows} x ${columns}`, 'square blocks');
  return known(`fp8-block${rows}`, config);
}
