import type { Architecture } from './architecture.ts';
import { gqaParts, mlaParts } from './attentionTensors.ts';
import { draftJoinParts } from './draftTensors.ts';
import { type EncodingId, encodingOf, matrixBytes } from './encoding.ts';
import { denseParts, expertParts, routingTablePart } from './ffnTensors.ts';
import { layersOf, mixerNamed } from './layers.ts';
import { linearParts } from './linearTensors.ts';
import { isAttention, type Mixer } from './mixer.ts';
import type { Checkpoint, ClassEncoding } from './model.ts';
import { matrix, norms, type Part, type PlacedPart, placed } from './part.ts';
import { finalResidualParts, residualParts } from './residualTensors.ts';
import { visionParts } from './visionTensors.ts';

/** Classes of modules that a checkpoint quantises or leaves alone as a whole; the output of attention goes with attention unless named. */
export type ModuleClass =
  | 'embedding'
  | 'head'
  | 'attention'
  | 'attention-output'
  | 'kv-up'
  | 'indexer'
  | 'linear-attention'
  | 'norm'
  | 'router'
  | 'dense-ffn'
  | 'shared-experts'
  | 'routed-experts'
  | 'expert-latent'
  | 'vision'
  | 'draft';

/** Which GPUs of a tensor-parallel group hold a tensor: all of it each, or a part by heads, key-value heads, FFN columns, vocabulary, experts. */
export type Split =
  | 'replicated'
  | 'heads'
  | 'kv-heads'
  | 'linear-heads'
  | 'dense-ffn'
  | 'shared-ffn'
  | 'embedding'
  | 'head'
  | 'experts'
  | 'vision';

/** The layers that a tensor group belongs to; `first` and `last` are the ends of the pipeline, `draft` the layers of the draft module. */
export type Placement = 'first' | 'last' | 'draft' | 'every-layer' | 'dense-layers' | 'expert-layers' | `mixer:${string}`;

/** Tensors of one shape, role and storage. */
export interface TensorGroup {
  readonly id: string;
  readonly label: string;
  readonly module: ModuleClass;
  readonly split: Split;
  /** Key-value heads that a `kv-heads` split divides into: a GPU holds one at least. */
  readonly kvHeads?: number;
  readonly placement: Placement;
  /** Layers (from 0) that hold it, where not all of the placement do. */
  readonly layers?: readonly number[];
  readonly rows: number;
  /** Input features, along which scale groups run. */
  readonly columns: number;
  /** The axis of an FFN matrix that its split cuts and that kernels pad. */
  readonly ffnAxis?: 'rows' | 'columns';
  /** Tensors per layer of the placement (or in all, at the ends). */
  readonly tensors: number;
  readonly encoding: EncodingId;
}

function mixerParts(mixer: Mixer, hiddenSize: number): Part[] {
  if (!isAttention(mixer)) return linearParts(mixer, hiddenSize);
  return mixer.kind === 'mla' ? mlaParts(mixer, hiddenSize) : gqaParts(mixer, hiddenSize);
}

function mixingParts(a: Architecture): PlacedPart[] {
  const layers = layersOf(a);
  const names = Object.keys(a.mixers).filter((name) => layers.some(({ mixer }) => mixer === name));
  const [only] = names;
  if (only !== undefined && layers.every(({ mixer }) => mixer === only))
    return placed(mixerParts(mixerNamed(a, only), a.hiddenSize), 'every-layer');
  return names.flatMap((name) =>
    placed(mixerParts(mixerNamed(a, name), a.hiddenSize), `mixer:${name}`, names.length > 1 ? name : undefined),
  );
}

/** One norm before each half of a layer, unless the model says how many; layers with fewer halves stand apart. */
function layerNormParts(a: Architecture): PlacedPart[] {
  const { normsPerLayer, hiddenSize } = a;
  const of = (id: string, count: number) => norms(id, 'layer norms', count * hiddenSize);
  const halves = layersOf(a).map(({ mixer, ffn }) => normsPerLayer ?? Number(mixer !== null) + Number(ffn !== null));
  return [...new Set(halves)].map((count, index, counts) => ({
    ...of(index === 0 ? 'layerNorms' : `layerNorms${count}`, count),
    placement: 'every-layer',
    ...(counts.length === 1 ? {} : { layers: halves.flatMap((each, layer) => (each === count ? [layer] : [])) }),
  }));
}

function ffnParts(a: Architecture, kind: 'dense' | 'experts'): Part[] {
  if (kind === 'dense') return a.denseFfn ? denseParts(a.denseFfn, a.hiddenSize) : [];
  return a.experts ? expertParts(a.experts, a.hiddenSize) : [];
}

/** Layers with experts; the first of them may choose by a table instead of by biased scores. */
function expertLayerParts(a: Architecture): PlacedPart[] {
  const parts = placed(ffnParts(a, 'experts'), 'expert-layers');
  const tables = a.experts?.tableLayers ?? 0;
  if (!a.experts || tables === 0) return parts;
  const layers = layersOfPlacement('expert-layers', a);
  const table = { ...routingTablePart(a.experts, a.vocabularySize), placement: 'expert-layers', layers: layers.slice(0, tables) } as const;
  return parts.flatMap((part) => (part.id === 'routerBias' ? [{ ...part, layers: layers.slice(tables) }, table] : [part]));
}

function draftParts(a: Architecture): PlacedPart[] {
  if (!a.draft) return [];
  const parts = [
    ...draftJoinParts(a),
    ...mixerParts(mixerNamed(a, a.draft.mixer), a.hiddenSize),
    norms('layerNorms', 'layer norms', (a.normsPerLayer ?? 2) * a.hiddenSize),
    ...residualParts(a),
    ...finalResidualParts(a),
    ...ffnParts(a, a.draft.ffn),
  ];
  return placed(parts, 'draft', 'draft');
}

/** Bytes of unknown use, as pairs of them: with the vision tower, which stands apart from the decoder as they do. */
function unreadParts({ unread }: Storage): PlacedPart[] {
  if (!unread) return [];
  const encoding = 'bf16' as const;
  return placed(
    [matrix('unread', 'tensors of unknown use', 'vision', 'replicated', [1, Math.ceil(unread.bytes / 2)], { encoding })],
    'first',
  );
}

function partsOf(a: Architecture, storage: Storage): PlacedPart[] {
  const { omits = [] } = storage;
  const uses = (kind: 'dense' | 'experts') => layersOf(a).some(({ ffn }) => ffn === kind);
  return [
    ...placed([matrix('embedding', 'token embedding', 'embedding', 'embedding', [a.vocabularySize, a.hiddenSize])], 'first'),
    ...mixingParts(a),
    ...layerNormParts(a),
    ...(uses('dense') ? placed(ffnParts(a, 'dense'), 'dense-layers') : []),
    ...(uses('experts') ? expertLayerParts(a) : []),
    ...placed(residualParts(a), 'every-layer'),
    ...placed([norms('finalNorm', 'final norm', a.hiddenSize), ...finalResidualParts(a)], 'last'),
    ...(a.tiedEmbeddings ? [] : placed([matrix('head', 'output head', 'head', 'head', [a.vocabularySize, a.hiddenSize])], 'last')),
    ...(a.vision && !omits.includes('vision') ? placed(visionParts(a.vision, a.hiddenSize), 'first') : []),
    ...(omits.includes('draft') ? [] : draftParts(a)),
    ...unreadParts(storage),
  ];
}

/** Classes that keep their own storage where a checkpoint names one for the whole draft module. */
const OUTSIDE_DRAFT: ReadonlySet<ModuleClass> = new Set(['embedding', 'head', 'norm', 'router']);

type Encodings = Pick<Checkpoint, 'encodings'>;

function chosenFor(module: ModuleClass, { encodings }: Encodings): ClassEncoding {
  return encodings[module] ?? (module === 'attention-output' ? encodings.attention : undefined) ?? 'bf16';
}

/** The encoding of a module class, layers left out of it aside: `bf16` where the checkpoint does not name the class. */
export function encodingOfClass(checkpoint: Encodings, module: ModuleClass): EncodingId {
  const chosen = chosenFor(module, checkpoint);
  return typeof chosen === 'string' ? chosen : chosen.encoding;
}

/** What of a checkpoint decides how tensors are stored. */
export type Storage = Pick<Checkpoint, 'encodings' | 'omits' | 'unread'>;

/** A part as its checkpoint stores it: in two groups where some layers are left in 16 bits. */
function stored(part: PlacedPart, architecture: Architecture, checkpoint: Storage): TensorGroup[] {
  const { placement, module, encoding } = part;
  const asDraft = placement === 'draft' && checkpoint.encodings.draft !== undefined && !OUTSIDE_DRAFT.has(module);
  const chosen = encoding ?? chosenFor(asDraft ? 'draft' : module, checkpoint);
  if (typeof chosen === 'string') return [{ ...part, encoding: chosen }];
  const group = { ...part, encoding: chosen.encoding };
  const except = new Set(chosen.exceptLayers);
  const layers = part.layers ?? layersOfPlacement(placement, architecture);
  const plain = layers.filter((layer) => except.has(layer));
  if (plain.length === 0) return [group];
  const kept = { ...part, id: `${part.id}Plain`, label: `${part.label}, layers left in 16 bits`, layers: plain, encoding: 'bf16' as const };
  return plain.length === layers.length ? [kept] : [{ ...group, layers: layers.filter((layer) => !except.has(layer)) }, kept];
}

/**
 * The tensor groups of a checkpoint, derived from the shape of the model: text, vision and draft, less what the checkpoint omits.
 *
 * @returns one entry per tensor shape and role; each carries the encoding of its module class, bf16 where the checkpoint names none
 */
export function tensorGroups(architecture: Architecture, checkpoint: Storage): TensorGroup[] {
  return partsOf(architecture, checkpoint).flatMap((part) => stored(part, architecture, checkpoint));
}

/**
 * The decoder layers (from 0) of a placement, none for the ends of the pipeline and the draft module.
 *
 * @example layersOfPlacement('dense-layers', k27.architecture) // [0]
 */
export function layersOfPlacement(placement: Placement, architecture: Architecture): number[] {
  const mixer = placement.startsWith('mixer:') ? placement.slice(6) : null;
  return layersOf(architecture).flatMap((layer, index) => {
    const holds =
      placement === 'every-layer' ||
      (placement === 'dense-layers' && layer.ffn === 'dense') ||
      (placement === 'expert-layers' && layer.ffn === 'experts') ||
      (mixer !== null && layer.mixer === mixer);
    return holds ? [index] : [];
  });
}

/**
 * How many layers (or ends) of the whole model a placement covers.
 *
 * @example placementLayers('expert-layers', k27.architecture) // 60
 */
export function placementLayers(placement: Placement, architecture: Architecture): number {
  if (placement === 'first' || placement === 'last') return 1;
  return placement === 'draft' ? (architecture.draft?.layers ?? 0) : layersOfPlacement(placement, architecture).length;
}

/** How many layers (or ends) of the whole model hold a group. */
export function groupLayers({ layers, placement }: TensorGroup, architecture: Architecture): number {
  return layers?.length ?? placementLayers(placement, architecture);
}

/** Parameters of a group over the whole model: `rows * columns * tensors * layers`. */
export function groupParameters(group: TensorGroup, architecture: Architecture): number {
  return group.rows * group.columns * group.tensors * groupLayers(group, architecture);
}

/** Bytes of a group over the whole model, scales and per-tensor bytes included. */
export function groupBytes(group: TensorGroup, architecture: Architecture): number {
  return matrixBytes(group.encoding, group.rows, group.columns) * group.tensors * groupLayers(group, architecture);
}

/** Bytes of one tensor group that an engine puts on the GPU, per layer of its placement and before any split. */
export function loadedBytesPerLayer(group: TensorGroup): number {
  const { bytesPerTensor, tensorBytesLoaded } = encodingOf(group.encoding);
  const dropped = tensorBytesLoaded ? 0 : bytesPerTensor;
  return (matrixBytes(group.encoding, group.rows, group.columns) - dropped) * group.tensors;
}
