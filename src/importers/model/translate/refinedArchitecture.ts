import type { Architecture } from '../../../model/architecture.ts';
import { layersOf } from '../../../model/layers.ts';
import { isAttention, type Mixer, type StateTensor } from '../../../model/mixer.ts';
import type { StatedVision } from '../../../model/vision.ts';
import type { StoredTensor } from '../parse/safetensors.ts';
import { tensorRole } from './tensorNames.ts';

/** A tower whose kind is not known, counted from its tensors: engines split the matrices of its layers. */
function countedVision(architecture: Architecture, tensors: readonly StoredTensor[]): StatedVision | null {
  const vision = tensors.filter(({ name }) => tensorRole(name, architecture)?.module === 'vision');
  const count = (those: readonly StoredTensor[]) => those.reduce((sum, { elements }) => sum + elements, 0);
  const split = vision.filter(({ name, shape }) => shape.length > 1 && /\.(?:blocks|layers)\.\d+\./.test(name));
  return vision.length === 0 ? null : { kind: 'stated', parameters: count(vision), splitParameters: count(split) };
}

/** Names of the small tensors of a linear mixer. */
const STATE_TENSORS: Readonly<Record<StateTensor, RegExp>> = {
  convolution: /conv1d\.weight$/,
  decay: /\.A_log$/,
  'time-step': /\.dt_bias$/,
  norm: /(?:linear_attn\.norm|o_norm|mixer\.norm)\.weight$/,
};

/** A linear mixer with those of its small tensors that are stored in 32 bits. */
function storedMixer(mixer: Mixer, tensors: readonly StoredTensor[]): Mixer {
  if (isAttention(mixer)) return mixer;
  const { fp32Tensors: _, ...rest } = mixer;
  const in32Bits = (pattern: RegExp) => tensors.find(({ name }) => pattern.test(name))?.dtype === 'F32';
  const found = (Object.keys(STATE_TENSORS) as StateTensor[]).filter((tensor) => in32Bits(STATE_TENSORS[tensor]));
  return found.length === 0 ? rest : { ...rest, fp32Tensors: found };
}

/**
 * A shape with what only tensors tell: whether the head is the embedding, whether draft layers repeat the vocabulary, how the router's
 * correction and the small tensors of linear mixers are stored, and how large a vision tower of an unknown kind is.
 *
 * @param tensors of all safetensors files
 */
export function refinedArchitecture(architecture: Architecture, tensors: readonly StoredTensor[]): Architecture {
  const layers = layersOf(architecture).length;
  const found = (pattern: RegExp) => tensors.find(({ name }) => pattern.test(name));
  const draftVocabulary = found(new RegExp(`(?:^|\\.)(?:layers\\.${layers}|mtp)\\.(?:embed_tokens|shared_head\\.head)\\.weight$`));
  const head = found(/(?:^|\.)lm_head\.|^output\./);
  const correction = found(/e_score_correction_bias$/);
  const { tiedEmbeddings: _, experts, draft, vision, mixers, ...rest } = architecture;
  return {
    ...rest,
    ...(head ? {} : { tiedEmbeddings: true as const }),
    mixers: Object.fromEntries(Object.entries(mixers).map(([name, mixer]) => [name, storedMixer(mixer, tensors)])),
    experts: experts && correction ? { ...experts, scoreBias: correction.dtype === 'F32' ? 'fp32' : 'bf16' } : experts,
    draft: draft && { ...draft, ownVocabulary: draftVocabulary !== undefined },
    vision: vision ?? countedVision(architecture, tensors),
  };
}
