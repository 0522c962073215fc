import { Fault } from '../../../faults/fault.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { type DecoderParts, decoder, type FamilyReader, layersBy, MOST, type Reading } from './decoder.ts';
import { type GqaTraits, gqaMixer, type Mixing, windowed } from './gqaMixers.ts';

/** Biases where the config switches them on. */
export function biasOf(config: JsonGroup, kind: 'qkv' | 'qkvo'): GqaTraits {
  return config.flag('attention_bias') ? { bias: kind } : {};
}

function dense(
  config: JsonGroup,
  { mixers, mixerAt }: Mixing,
  more: Pick<DecoderParts, 'normsPerLayer' | 'tied' | 'residual'> = {},
): Reading {
  const layers = layersBy(config, (index) => ({ mixer: mixerAt(index), ffn: 'dense' }));
  const assumptions = config.flag('mlp_bias')
    ? ['The biases of the FFN (mlp_bias) are not counted: a few values per row of a matrix.']
    : [];
  return {
    architecture: decoder(config, { mixers, layers, denseFfn: { size: config.count('intermediate_size', MOST.width) }, ...more }),
    assumptions,
  };
}

/** Attention over the whole context in every layer, unless `layer_types` says otherwise. */
export const plain = (config: JsonGroup, traits: GqaTraits): Mixing => windowed(config, gqaMixer(config, traits), () => 'full');

/** Llama 2 and 3, SmolLM3, Phi-3 and Phi-4. */
export const readLlama: FamilyReader = (config) =>
  dense(
    config,
    windowed(config, gqaMixer(config, biasOf(config, 'qkvo')), () => (config.has('sliding_window') ? 'sliding' : 'full')),
  );

/** Mistral and Ministral: a window over all layers, or none. */
export const readMistral: FamilyReader = (config) =>
  dense(
    config,
    windowed(config, gqaMixer(config), () => (config.has('sliding_window') ? 'sliding' : 'full')),
  );

/** Seed-OSS: biases on query, key and value, switched apart from that on the output. */
export const readSeedOss: FamilyReader = (config) => {
  const bias = config.flag('attention_bias', true) ? ({ bias: config.flag('attention_out_bias') ? 'qkvo' : 'qkv' } as const) : {};
  return dense(config, plain(config, bias));
};

/** Qwen 2 and 2.5: biases always, and a window over the last layers where it is switched on. */
export const readQwen2: FamilyReader = (config) => dense(config, qwen2Mixing(config));

/** Attention of Qwen 2, dense or not. */
export function qwen2Mixing(config: JsonGroup): Mixing {
  const first = config.flag('use_sliding_window') ? config.amount('max_window_layers', MOST.layers, 0) : MOST.layers;
  return windowed(config, gqaMixer(config, { bias: 'qkv' }), (index) => (index >= first ? 'sliding' : 'full'));
}

/** Qwen 3, and the text half of Qwen3-VL. */
export const readQwen3: FamilyReader = (config) => dense(config, plain(config, { ...biasOf(config, 'qkvo'), qkNorm: 'head' }));

/** GLM-4-0414: norms before and behind each half of a layer. */
export const readGlm4: FamilyReader = (config) => dense(config, plain(config, biasOf(config, 'qkv')), { normsPerLayer: 4 });

const GEMMA = { normsPerLayer: 4, tied: true } as const;

/** Gemma 2: windows in every other layer. */
export const readGemma2: FamilyReader = (config) =>
  dense(
    config,
    windowed(config, gqaMixer(config), (index) => (index % 2 === 0 ? 'sliding' : 'full')),
    GEMMA,
  );

/** Gemma 3: the whole context in every sixth layer. */
export const readGemma3: FamilyReader = (config) => {
  const every = config.count('sliding_window_pattern', MOST.layers, 6);
  return dense(
    config,
    windowed(config, gqaMixer(config, { qkNorm: 'head' }), (index) => ((index + 1) % every === 0 ? 'full' : 'sliding')),
    GEMMA,
  );
};

/** Gemma 4: heads of another size, and keys that serve as values, in layers that see the whole context. */
export const readGemma4: FamilyReader = (config) => {
  for (const name of ['hidden_size_per_layer_input', 'num_kv_shared_layers'])
    if (config.amount(name, MOST.width, 0) > 0)
      throw new Fault('unsupported', 'a variant of Gemma 4', {
        where: config.place(name),
        value: config.amount(name, MOST.width),
        allowed: '0',
      });
  if (config.flag('enable_moe_block'))
    throw new Fault('unsupported', 'a variant of Gemma 4', { where: config.place('enable_moe_block'), value: true, allowed: 'false' });
  const sliding = gqaMixer(config, { ...biasOf(config, 'qkvo'), qkNorm: 'head' });
  const full = {
    ...sliding,
    headDim: config.count('global_head_dim', MOST.headDim, sliding.headDim),
    kvHeads: config.count('num_global_key_value_heads', MOST.heads, sliding.kvHeads),
    ...(config.flag('attention_k_eq_v') ? { keysAreValues: true as const } : {}),
  };
  const every = config.count('sliding_window_pattern', MOST.layers, 6);
  return dense(
    config,
    windowed(config, full, (index) => ((index + 1) % every === 0 ? 'full' : 'sliding'), sliding),
    { ...GEMMA, residual: { layerScale: true } },
  );
};
