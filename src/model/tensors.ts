import type { Architecture, VisionEncoder } from './architecture.ts';
import { ENCODINGS, type EncodingId, matrixBytes } from './encoding.ts';
import type { Checkpoint, Model } from './model.ts';

/** Classes of modules that a checkpoint quantises or leaves alone as a whole. */
export type ModuleClass =
  | 'embedding'
  | 'head'
  | 'attention'
  | 'norm'
  | 'router'
  | 'dense-ffn'
  | 'shared-experts'
  | 'routed-experts'
  | 'vision';

/** Which GPUs of a tensor-parallel group hold a tensor: all of it each, or a part by heads, FFN columns, vocabulary, experts. */
export type Split = 'replicated' | 'heads' | 'dense-ffn' | 'shared-ffn' | 'embedding' | 'head' | 'experts' | 'vision';

/** The layers that a tensor group belongs to; `first` and `last` are the ends of the pipeline. */
export type Placement = 'first' | 'last' | 'every-layer' | 'dense-layers' | 'expert-layers';

/** Tensors of one shape, role and storage. */
export interface TensorGroup {
  readonly id: string;
  readonly label: string;
  readonly module: ModuleClass;
  readonly split: Split;
  readonly placement: Placement;
  readonly rows: number;
  readonly columns: number;
  /** Tensors per layer of the placement (or in all, at the ends). */
  readonly tensors: number;
  readonly encoding: EncodingId;
}

type Shape = Omit<TensorGroup, 'encoding'> & { readonly encoding?: EncodingId };

function shape(
  id: string,
  label: string,
  module: ModuleClass,
  split: Split,
  placement: Placement,
  rows: number,
  columns: number,
  tensors = 1,
): Shape {
  return { id, label, module, split, placement, rows, columns, tensors };
}

function attentionShapes({ attention: a, hiddenSize }: Architecture): Shape[] {
  const queryHead = a.qkNopeHeadDim + a.qkRopeHeadDim;
  const keyValueHead = a.qkNopeHeadDim + a.valueHeadDim;
  const of = (id: string, label: string, split: Split, rows: number, columns: number) =>
    shape(id, label, 'attention', split, 'every-layer', rows, columns);
  return [
    of('queryDown', 'query down-projection (q_a)', 'replicated', a.queryLoraRank, hiddenSize),
    of('kvDown', 'KV down-projection (kv_a)', 'replicated', a.kvLoraRank + a.qkRopeHeadDim, hiddenSize),
    of('queryUp', 'query up-projection (q_b)', 'heads', a.heads * queryHead, a.queryLoraRank),
    of('kvUp', 'KV up-projection (kv_b)', 'heads', a.heads * keyValueHead, a.kvLoraRank),
    of('attentionOutput', 'attention output (o)', 'heads', hiddenSize, a.heads * a.valueHeadDim),
    shape('latentNorms', 'latent norms', 'norm', 'replicated', 'every-layer', 1, a.queryLoraRank + a.kvLoraRank),
  ];
}

function expertShapes({ experts: e, hiddenSize }: Architecture): Shape[] {
  const ffn = (id: string, label: string, module: ModuleClass, split: Split, count: number) => [
    shape(`${id}GateUp`, `${label}, gate and up`, module, split, 'expert-layers', e.expertFfnSize, hiddenSize, 2 * count),
    shape(`${id}Down`, `${label}, down`, module, split, 'expert-layers', hiddenSize, e.expertFfnSize, count),
  ];
  return [
    shape('router', 'router', 'router', 'replicated', 'expert-layers', e.experts, hiddenSize),
    { ...shape('routerBias', 'router score correction', 'router', 'replicated', 'expert-layers', 1, e.experts), encoding: 'fp32' },
    ...ffn('sharedExperts', 'shared experts', 'shared-experts', 'shared-ffn', e.sharedExperts),
    ...ffn('routedExperts', 'routed experts', 'routed-experts', 'experts', e.experts),
  ];
}

function visionShapes(v: VisionEncoder, hiddenSize: number): Shape[] {
  const h = v.hiddenSize;
  const merged = h * v.mergeSize ** 2;
  const of = (id: string, label: string, split: Split, rows: number, columns: number, tensors = v.layers) =>
    shape(id, label, 'vision', split, 'first', rows, columns, tensors);
  return [
    of('visionQkv', 'vision qkv', 'vision', 3 * h, h),
    of('visionOutput', 'vision attention output', 'vision', h, h),
    of('visionFfnUp', 'vision FFN up', 'vision', v.ffnSize, h),
    of('visionFfnDown', 'vision FFN down', 'vision', h, v.ffnSize),
    of('visionBiases', 'vision biases', 'replicated', 1, 3 * h + h + v.ffnSize + h),
    of('visionNorms', 'vision layer norms', 'replicated', 1, 4 * h),
    of('visionPatch', 'vision patch embedding', 'replicated', h, 3 * v.patchSize ** 2 + 1, 1),
    of('visionPositions', 'vision positions', 'replicated', v.positionGrid ** 2, h, 1),
    of('visionFinalNorm', 'vision final norm', 'replicated', 1, 2 * h, 1),
    of('projectorNorm', 'projector norm', 'replicated', 1, 2 * h, 1),
    of('projectorMerge', 'projector, merge', 'replicated', merged, merged + 1, 1),
    of('projectorOutput', 'projector, output', 'replicated', hiddenSize, merged + 1, 1),
  ];
}

function shapesOf(a: Architecture): Shape[] {
  return [
    shape('embedding', 'token embedding', 'embedding', 'embedding', 'first', a.vocabularySize, a.hiddenSize),
    ...attentionShapes(a),
    shape('layerNorms', 'layer norms', 'norm', 'replicated', 'every-layer', 1, 2 * a.hiddenSize),
    shape('denseGateUp', 'dense FFN, gate and up', 'dense-ffn', 'dense-ffn', 'dense-layers', a.denseFfnSize, a.hiddenSize, 2),
    shape('denseDown', 'dense FFN, down', 'dense-ffn', 'dense-ffn', 'dense-layers', a.hiddenSize, a.denseFfnSize),
    ...expertShapes(a),
    shape('finalNorm', 'final norm', 'norm', 'replicated', 'last', 1, a.hiddenSize),
    shape('head', 'output head', 'head', 'head', 'last', a.vocabularySize, a.hiddenSize),
    ...(a.vision ? visionShapes(a.vision, a.hiddenSize) : []),
  ];
}

/**
 * The tensor groups of a checkpoint, derived from the shape of the model.
 *
 * @returns one entry per tensor shape and role; a module class that the checkpoint quantises carries its encoding, the rest is bf16
 */
export function tensorGroups(architecture: Architecture, checkpoint: Checkpoint): TensorGroup[] {
  const quantized = new Set(checkpoint.quantized);
  return shapesOf(architecture).map((group) => ({
    ...group,
    encoding: group.encoding ?? (quantized.has(group.module) ? checkpoint.encoding : 'bf16'),
  }));
}

/** How many layers (or ends) of the whole model a placement covers. */
export function placementCount(placement: Placement, { layers, denseLayers }: Architecture): number {
  if (placement === 'every-layer') return layers;
  if (placement === 'dense-layers') return denseLayers;
  return placement === 'expert-layers' ? layers - denseLayers : 1;
}

/** Parameters of a group over the whole model: `rows * columns * tensors * layers`. */
export function groupParameters(group: TensorGroup, architecture: Architecture): number {
  return group.rows * group.columns * group.tensors * placementCount(group.placement, architecture);
}

/** Bytes of a group over the whole model, scales and per-tensor bytes included. */
export function groupBytes(group: TensorGroup, architecture: Architecture): number {
  return matrixBytes(group.encoding, group.rows, group.columns) * group.tensors * placementCount(group.placement, architecture);
}

/** Bytes of one tensor group that an engine puts on the GPU, per layer of its placement and before any split. */
export function loadedBytesPerLayer(group: TensorGroup): number {
  const { bytesPerTensor, tensorBytesLoaded } = ENCODINGS[group.encoding];
  const dropped = tensorBytesLoaded ? 0 : bytesPerTensor;
  return (matrixBytes(group.encoding, group.rows, group.columns) - dropped) * group.tensors;
}

/** Parameters and tensor bytes of a checkpoint. */
export interface CheckpointSize {
  /** Weights alone: neither group scales nor shape words count as parameters. */
  readonly parameters: number;
  /** Tensor bytes without file headers and index. */
  readonly bytes: number;
}

/**
 * Size of a checkpoint: the sums over its tensor groups of `rows * columns * tensors * layers` and of their stored bytes.
 *
 * @param model a catalog model
 * @param checkpoint one of its checkpoints
 * @returns parameters and bytes, exact
 * @example checkpointSize(k27, int4) // { parameters: 1026879376368, bytes: 595148192736 }
 */
export function checkpointSize(model: Model, checkpoint: Checkpoint): CheckpointSize {
  const groups = tensorGroups(model.architecture, checkpoint);
  return {
    parameters: groups.reduce((sum, group) => sum + groupParameters(group, model.architecture), 0),
    bytes: groups.reduce((sum, group) => sum + groupBytes(group, model.architecture), 0),
  };
}
