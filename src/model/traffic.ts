import type { Checkpoint, Model } from './model.ts';
import { groupParameters, loadedBytesPerLayer, placementCount, type TensorGroup, tensorGroups } from './tensors.ts';

/** What one decode step reads and computes, per model copy; vision takes no part in it. */
export interface Traffic {
  /** Weights that every step reads whole: all but the routed experts and the embedding table. */
  readonly fixedWeightBytes: number;
  /** One routed expert of one layer, scales included. */
  readonly expertBytes: number;
  readonly expertLayers: number;
  readonly experts: number;
  readonly expertsPerToken: number;
  /** Text parameters that take part in one token, the embedding table counted whole. */
  readonly activeParameters: number;
  /** Matrix products of one decoded token, output head included. */
  readonly decodeFlopsPerToken: number;
  /** Matrix products of one prompt token: the head is needed for the last position only. */
  readonly prefillFlopsPerToken: number;
  /** Attention of one decoded token over one token of context, in the latent space (absorbed). */
  readonly decodeFlopsPerContextToken: number;
  /** Attention of one prompt token over one token of context, latents expanded to heads. */
  readonly prefillFlopsPerContextToken: number;
  /** Elements that one token leaves in the KV cache, over all layers. */
  readonly kvElementsPerToken: number;
}

/** Bytes of a group that a GPU keeps and reads, over the whole model. */
function loadedBytes(group: TensorGroup, model: Model): number {
  return loadedBytesPerLayer(group) * placementCount(group.placement, model.architecture);
}

/**
 * Traffic of a checkpoint, derived from its tensor groups:
 * `decode FLOPs = 2 * parameters of the matrices that a token meets`,
 * `attention FLOPs per context token = 2 * layers * heads * (key width + value width)`.
 *
 * @param model a catalog model
 * @param checkpoint one of its checkpoints
 * @returns bytes, FLOPs per token, FLOPs per token and token of context
 * @example traffic(k27, int4).fixedWeightBytes // 21095653376
 */
export function traffic(model: Model, checkpoint: Checkpoint): Traffic {
  const { architecture: a } = model;
  const { attention, experts } = a;
  const groups = tensorGroups(a, checkpoint).filter(({ module }) => module !== 'vision');
  const expertLayers = a.layers - a.denseLayers;
  const routed = groups.filter(({ module }) => module === 'routed-experts');
  const fixed = groups.filter(({ module }) => module !== 'routed-experts' && module !== 'embedding');
  const total = (of: readonly TensorGroup[], size: (group: TensorGroup) => number) => of.reduce((sum, group) => sum + size(group), 0);
  const parameters = (of: readonly TensorGroup[]) => total(of, (group) => groupParameters(group, a));
  const routedShare = experts.expertsPerToken / experts.experts;
  const activeExperts = parameters(routed) * routedShare;
  const matrices = fixed.filter(({ rows }) => rows > 1);
  const prefillMatrices = matrices.filter(({ module }) => module !== 'head');
  return {
    fixedWeightBytes: total(fixed, (group) => loadedBytes(group, model)),
    expertBytes: total(routed, (group) => loadedBytes(group, model)) / (experts.experts * expertLayers),
    expertLayers,
    experts: experts.experts,
    expertsPerToken: experts.expertsPerToken,
    activeParameters: parameters(groups.filter(({ module }) => module !== 'routed-experts')) + activeExperts,
    decodeFlopsPerToken: 2 * (parameters(matrices) + activeExperts),
    prefillFlopsPerToken: 2 * (parameters(prefillMatrices) + activeExperts),
    decodeFlopsPerContextToken: 2 * a.layers * attention.heads * (2 * attention.kvLoraRank + attention.qkRopeHeadDim),
    prefillFlopsPerContextToken:
      2 * a.layers * attention.heads * (attention.qkNopeHeadDim + attention.qkRopeHeadDim + attention.valueHeadDim),
    kvElementsPerToken: a.layers * (attention.kvLoraRank + attention.qkRopeHeadDim),
  };
}

/**
 * Expected distinct experts that a batch meets in one layer under uniform routing: `E * (1 - (1 - k/E)^B)`.
 *
 * @param tokens tokens of one step, one per sequence
 * @returns a count between k and E; skewed routing meets fewer
 * @example distinctExperts(traffic(k27, int4), 64).toFixed(1) // '284.2'
 */
export function distinctExperts({ experts, expertsPerToken }: Traffic, tokens: number): number {
  return experts * (1 - (1 - expertsPerToken / experts) ** tokens);
}

/**
 * Weight bytes that one decode step reads over the whole model: `fixed + layers * distinct experts * expert bytes`.
 *
 * @param tokens tokens of one step, one per sequence
 * @returns bytes
 * @example Math.round(weightBytesPerStep(traffic(k27, int4), 1)) // 32986505216
 */
export function weightBytesPerStep(flow: Traffic, tokens: number): number {
  return flow.fixedWeightBytes + flow.expertLayers * distinctExperts(flow, tokens) * flow.expertBytes;
}
