import type { Architecture } from '../../../model/architecture.ts';
import { layersOf } from '../../../model/layers.ts';
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

/**
 * A shape with what only tensors tell: whether the head is the embedding, whether draft layers repeat the vocabulary, how the router's
 * correction is stored, and how large a vision tower of an unknown kind is.
 *
 * @param tensors of all safetensors files
 */
export function refinedArchitecture(architecture: Architecture, tensors: readonly StoredTensor[]): Architecture {
  const layers = layersOf(architecture).length;
  const found = (pattern: RegExp) => tensors.find(({ name }) => pattern.test(name));
  const draftVocabulary = found(new RegExp(`(?:^|\\.)(?:layers\\.${layers}|mtp)\\.(?:embed_tokens|shared_head\\.head)\\.weight$`));
  const head = found(/(?:^|\.)lm_head\.|^output\./);
  const correction = found(/e_score_correction_bias$/);
  const { tiedEmbeddings: _, experts, draft, vision, ...rest } = architecture;
  return {
    ...rest,
    ...(head ? {} : { tiedEmbeddings: true as const }),
    experts: experts && correction ? { ...experts, scoreBias: correction.dtype === 'F32' ? 'fp32' : 'bf16' } : experts,
    draft: draft && { ...draft, ownVocabulary: draftVocabulary !== undefined },
    vision: vision ?? countedVision(architecture, tensors),
  };
}
