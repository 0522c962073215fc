import type { Architecture } from '../../model/architecture.ts';
import { type EncodingId, matrixBytes } from '../../model/encoding.ts';
import { layersOf } from '../../model/layers.ts';
import { layersOfPlacement, type ModuleClass, type TensorGroup, tensorGroups } from '../../model/tensors.ts';

/** Weights of one decoder layer: what every token needs, and the routed experts. */
export interface LayerWeights {
  readonly restBytes: number;
  readonly expertBytes: number;
}

/** The weights of a file by the parts that an engine can place. */
export interface OffloadWeights {
  readonly embeddingBytes: number;
  /** The output head with the final norm; a copy of the embedding where both are one. */
  readonly headBytes: number;
  /** Of the vision encoder, which is a file of its own. */
  readonly visionBytes: number;
  readonly layers: readonly LayerWeights[];
}

/** How a GGUF file stores tensors: a type for each class that is known, another for the rest. */
export interface GgufStorage {
  readonly encodings: Readonly<Partial<Record<ModuleClass, EncodingId>>>;
  readonly rest: EncodingId;
  /** Of the whole file; null where it follows from the types alone. */
  readonly fileBytes: number | null;
}

const QUANTISED: readonly ModuleClass[] = [
  'embedding',
  'head',
  'attention',
  'kv-up',
  'indexer',
  'linear-attention',
  'dense-ffn',
  'shared-experts',
  'routed-experts',
  'expert-latent',
];

/** Norms and routers stay in 32 bits in every GGUF file; the file of the vision encoder has 16. */
function ggufGroups(architecture: Architecture, { encodings, rest }: GgufStorage): TensorGroup[] {
  const types = Object.fromEntries(QUANTISED.map((module) => [module, encodings[module] ?? rest]));
  return tensorGroups(architecture, { encodings: { ...types, norm: 'fp32', router: 'fp32', vision: 'bf16' }, omits: ['draft'] });
}

function bytesOf({ encoding, rows, columns, tensors }: TensorGroup): number {
  return matrixBytes(encoding, rows, columns) * tensors;
}

function sum<T>(items: readonly T[], size: (item: T) => number): number {
  return items.reduce((total, item) => total + size(item), 0);
}

function byParts(architecture: Architecture, groups: readonly TensorGroup[]): OffloadWeights {
  const at = (module: ModuleClass) =>
    sum(
      groups.filter((group) => group.module === module),
      bytesOf,
    );
  const layers = layersOf(architecture).map(() => ({ restBytes: 0, expertBytes: 0 }));
  for (const group of groups) {
    const kind = group.module === 'routed-experts' ? 'expertBytes' : 'restBytes';
    for (const layer of group.layers ?? layersOfPlacement(group.placement, architecture)) {
      const weights = layers[layer];
      if (weights) weights[kind] += bytesOf(group);
    }
  }
  const embeddingBytes = at('embedding');
  const ends = sum(
    groups.filter(({ placement }) => placement === 'last'),
    bytesOf,
  );
  return { embeddingBytes, headBytes: ends + (architecture.tiedEmbeddings ? embeddingBytes : 0), visionBytes: at('vision'), layers };
}

/** All that a file holds: the copy that serves as head of tied embeddings and the vision encoder are not in it. */
export function fileBytesOf({ embeddingBytes, headBytes, layers }: OffloadWeights, { tiedEmbeddings }: Architecture): number {
  return headBytes + (tiedEmbeddings ? 0 : embeddingBytes) + sum(layers, ({ restBytes, expertBytes }) => restBytes + expertBytes);
}

/** Bytes of the routed experts of all layers. */
export function expertBytesOf({ layers }: OffloadWeights): number {
  return sum(layers, ({ expertBytes }) => expertBytes);
}

/**
 * The weights of a GGUF file by layer: `experts = file - rest` where only the size of the file is known and the type of the rest is not
 * too large for it, otherwise every tensor is scaled to the file.
 *
 * @param architecture the shape of the model; a draft module is not loaded
 * @param storage types and size of the file
 * @returns bytes
 */
export function ggufWeights(architecture: Architecture, storage: GgufStorage): OffloadWeights {
  const derived = byParts(architecture, ggufGroups(architecture, storage));
  if (storage.fileBytes === null) return derived;
  const experts = expertBytesOf(derived);
  const rest = fileBytesOf(derived, architecture) - experts;
  const inExperts = experts > 0 && storage.fileBytes > rest;
  const all = inExperts ? 1 : storage.fileBytes / (rest + experts);
  const scale = inExperts ? (storage.fileBytes - rest) / experts : all;
  return {
    embeddingBytes: derived.embeddingBytes * all,
    headBytes: derived.headBytes * all,
    visionBytes: derived.visionBytes,
    layers: derived.layers.map(({ restBytes, expertBytes }) => ({ restBytes: restBytes * all, expertBytes: expertBytes * scale })),
  };
}
