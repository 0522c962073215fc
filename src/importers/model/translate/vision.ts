import type { MoonVit, StatedVision, VisionEncoder } from '../../../model/vision.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { MOST } from './decoder.ts';

/** What a linear map with a bias holds. */
const affine = (rows: number, columns: number): number => rows * columns + rows;

/** Sizes of an encoder: matrices that engines split over GPUs, and everything else. */
interface Counted {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly split: number;
  readonly rest: number;
}

function stated({ layers, hiddenSize, split, rest }: Counted): StatedVision {
  return { kind: 'stated', parameters: split + rest, splitParameters: split, layers, hiddenSize };
}

function moonVit(config: JsonGroup): MoonVit | null {
  // Towers with other norms or heads of another width have other tensors.
  if (config.has('qkv_hidden_size') || config.text('mm_projector_type', 'patchmerger') !== 'patchmerger') return null;
  const [merge = 2] = config.has('merge_kernel_size') ? config.wholes('merge_kernel_size', 2, MOST.width) : [];
  return {
    kind: 'moonvit',
    layers: config.count('vt_num_hidden_layers', MOST.layers),
    hiddenSize: config.count('vt_hidden_size', MOST.width),
    ffnSize: config.count('vt_intermediate_size', MOST.width),
    patchSize: config.count('patch_size', MOST.width),
    positionGrid: config.count('init_pos_emb_height', MOST.width),
    mergeSize: merge,
  };
}

/** The tower of Kimi K3: no biases, heads of a width of their own, a norm behind the projector. */
function kimiK3Vision(config: JsonGroup, textHidden: number): StatedVision | null {
  if (config.text('mm_projector_type', '') !== 'patchmergerv2') return null;
  const layers = config.count('vt_num_hidden_layers', MOST.layers);
  const h = config.count('vt_hidden_size', MOST.width);
  const ffn = config.count('vt_intermediate_size', MOST.width);
  const heads = config.count('qkv_hidden_size', MOST.width);
  const merged = h * config.wholes('merge_kernel_size', 2, MOST.heads).reduce((product, size) => product * size, 1);
  const positions = config.count('init_pos_emb_height', MOST.width) * config.count('init_pos_emb_width', MOST.width) * h;
  const patch = 3 * config.count('patch_size', MOST.width) ** 2 * h;
  const split = layers * (4 * heads * h + 2 * ffn * h);
  return stated({
    layers,
    hiddenSize: h,
    split,
    rest: layers * 2 * h + patch + positions + h + merged * merged + merged * textHidden + textHidden,
  });
}

/** Gemma 4: a gated FFN, four norms in each layer, two tables of positions. */
function gemma4Vision(config: JsonGroup, textHidden: number): StatedVision {
  const layers = config.count('num_hidden_layers', MOST.layers);
  const h = config.count('hidden_size', MOST.width);
  const headDim = config.count('head_dim', MOST.headDim, Math.max(1, Math.floor(h / config.count('num_attention_heads', MOST.heads))));
  const positions = 2 * config.count('position_embedding_size', MOST.vocabulary, 10_240) * h;
  const patch = 3 * config.count('patch_size', MOST.width, 16) ** 2 * h;
  const split = layers * (4 * h * h + 3 * h * config.count('intermediate_size', MOST.width));
  return stated({ layers, hiddenSize: h, split, rest: layers * (4 * h + 2 * headDim) + positions + patch + 2 * h + h * textHidden });
}

/** Qwen3-VL and Qwen 3.5: learned positions, a merger, and further mergers where deeper layers feed the text model. */
function qwen3Vision(config: JsonGroup): StatedVision {
  const layers = config.count('depth', MOST.layers);
  const h = config.count('hidden_size', MOST.width);
  const ffn = config.count('intermediate_size', MOST.width);
  const out = config.count('out_hidden_size', MOST.width);
  const merged = h * config.count('spatial_merge_size', MOST.heads, 2) ** 2;
  const patch =
    config.count('in_channels', MOST.heads, 3) *
    config.count('temporal_patch_size', MOST.heads, 2) *
    config.count('patch_size', MOST.width) ** 2;
  const deep = config.has('deepstack_visual_indexes') ? config.wholes('deepstack_visual_indexes', MOST.layers, MOST.layers).length : 0;
  const positions = config.count('num_position_embeddings', MOST.vocabulary, 2304) * h;
  const split = layers * (3 * h * h + h * h + 2 * h * ffn) + (1 + deep) * (merged * merged + merged * out);
  const biases = layers * (3 * h + h + ffn + h + 4 * h) + (1 + deep) * (merged + out) + 2 * h + deep * 2 * merged;
  return stated({ layers, hiddenSize: h, split, rest: biases + affine(h, patch) + positions });
}

/** Qwen2.5-VL: a gated FFN and no learned positions. */
function qwen25Vision(config: JsonGroup): StatedVision {
  const layers = config.count('depth', MOST.layers);
  const h = config.count('hidden_size', MOST.width);
  const ffn = config.count('intermediate_size', MOST.width);
  const out = config.count('out_hidden_size', MOST.width);
  const merged = h * config.count('spatial_merge_size', MOST.heads, 2) ** 2;
  const patch = 3 * config.count('temporal_patch_size', MOST.heads, 2) * config.count('patch_size', MOST.width) ** 2;
  const split = layers * (4 * h * h + 3 * h * ffn) + merged * merged + merged * out;
  return stated({ layers, hiddenSize: h, split, rest: layers * (4 * h + 2 * ffn + h + 2 * h) + merged + out + h + h * patch });
}

/** Pixtral: a Llama-like encoder without biases, its patches merged before the projector; start-up logs show that every GPU holds it whole. */
function pixtral(config: JsonGroup, wrapper: JsonGroup, textHidden: number): StatedVision {
  const layers = config.count('num_hidden_layers', MOST.layers);
  const h = config.count('hidden_size', MOST.width);
  const ffn = config.count('intermediate_size', MOST.width);
  const attention = 4 * h * config.count('num_attention_heads', MOST.heads) * config.count('head_dim', MOST.headDim);
  const merge = wrapper.count('spatial_merge_size', MOST.heads, 2) ** 2;
  const bias = wrapper.flag('multimodal_projector_bias') ? 2 * textHidden : 0;
  const projector = merge * h * h + h * textHidden + textHidden * textHidden;
  const norms = layers * 2 * h + 2 * h;
  const patch = 3 * config.count('patch_size', MOST.width) ** 2 * h;
  return stated({ layers, hiddenSize: h, split: 0, rest: layers * (attention + 3 * h * ffn) + projector + norms + patch + bias });
}

/** SigLIP in front of Gemma 3. */
function siglip(config: JsonGroup, textHidden: number): StatedVision {
  const layers = config.count('num_hidden_layers', MOST.layers);
  const h = config.count('hidden_size', MOST.width);
  const ffn = config.count('intermediate_size', MOST.width);
  const patch = config.count('patch_size', MOST.width);
  const positions = Math.floor(config.count('image_size', MOST.width) / patch) ** 2;
  const split = layers * (4 * h * h + 2 * h * ffn);
  const biases = layers * (4 * h + ffn + h + 4 * h) + 2 * h;
  return stated({ layers, hiddenSize: h, split, rest: biases + affine(h, 3 * patch * patch) + positions * h + h * textHidden + h });
}

/** The tower that all published Llama 4 models share: their configs may leave it out. */
const LLAMA4 = { layers: 34, hiddenSize: 1408, ffnSize: 5632, patchSize: 14, imageSize: 336, outputSize: 4096 } as const;

function llama4Vision(textHidden: number): StatedVision {
  const { layers, hiddenSize: h, ffnSize, patchSize, imageSize, outputSize } = LLAMA4;
  const positions = (imageSize / patchSize) ** 2 + 1;
  const patch = 3 * patchSize ** 2 * h;
  const split = layers * (4 * h * h + 2 * h * ffnSize) + patch + ffnSize * outputSize + outputSize * outputSize + outputSize * textHidden;
  const rest = layers * (4 * h + ffnSize + h + 4 * h) + h + positions * h + 4 * h;
  return stated({ layers, hiddenSize: h, split, rest });
}

type VisionReader = (wrapper: JsonGroup, textHidden: number) => VisionEncoder | null;

const ofVisionConfig =
  (read: (config: JsonGroup, wrapper: JsonGroup, textHidden: number) => VisionEncoder | null): VisionReader =>
  (wrapper, textHidden) =>
    wrapper.has('vision_config') ? read(wrapper.group('vision_config'), wrapper, textHidden) : null;

/** By the type of the model around the text model. */
const READERS: Readonly<Record<string, VisionReader>> = {
  kimi_k25: ofVisionConfig(moonVit),
  kimi_k3: ofVisionConfig((config, _, textHidden) => kimiK3Vision(config, textHidden)),
  gemma4: ofVisionConfig((config, _, textHidden) => gemma4Vision(config, textHidden)),
  qwen3_vl: ofVisionConfig(qwen3Vision),
  qwen3_vl_moe: ofVisionConfig(qwen3Vision),
  qwen3_5: ofVisionConfig(qwen3Vision),
  qwen3_5_moe: ofVisionConfig(qwen3Vision),
  qwen2_5_vl: ofVisionConfig(qwen25Vision),
  mistral3: ofVisionConfig(pixtral),
  gemma3: ofVisionConfig((config, _, textHidden) => siglip(config, textHidden)),
  llama4: (_, textHidden) => llama4Vision(textHidden),
};

/**
 * The vision tower of a model with images: its shape or its count where the tensors of its kind are known.
 *
 * @param textHidden hidden size of the text model, which the projector leads to
 */
export function readVision(
  wrapper: JsonGroup,
  type: string,
  textHidden: number,
): { readonly vision: VisionEncoder | null; readonly assumptions: readonly string[] } {
  const vision = Object.hasOwn(READERS, type) ? (READERS[type]?.(wrapper, textHidden) ?? null) : null;
  if (type === 'llama4')
    return {
      vision,
      assumptions: ['The vision tower is taken to be that of the published Llama 4 models (871,932,416 parameters with its projector).'],
    };
  const left = !vision && wrapper.has('vision_config');
  return {
    vision,
    assumptions: left ? ['The vision tower is of a kind that kplan cannot count from the config: it is left out of the weights.'] : [],
  };
}
