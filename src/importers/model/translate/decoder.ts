import { Fault } from '../../../faults/fault.ts';
import type { Architecture, DraftModule, Layer } from '../../../model/architecture.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { layerRuns } from './layerRuns.ts';

/** Sane limits of what a config may say: several times beyond any model, and far below what would exhaust memory. */
export const MOST = {
  layers: 1000,
  width: 1_048_576,
  heads: 8192,
  headDim: 16_384,
  experts: 16_384,
  vocabulary: 16_777_216,
  contextTokens: 1_000_000_000,
} as const;

/** What a reader makes of a config: the shape, and what it had to assume. */
export interface Reading {
  readonly architecture: Architecture;
  readonly assumptions: readonly string[];
}

/** Reads the text model of one family. */
export type FamilyReader = (config: JsonGroup, type: string) => Reading;

/** The layer count of a config. */
export function layerCount(config: JsonGroup): number {
  return config.count('num_hidden_layers', MOST.layers);
}

/** One layer for each index. */
export function layersBy(config: JsonGroup, layerAt: (index: number) => Layer): Layer[] {
  return Array.from({ length: layerCount(config) }, (_, index) => layerAt(index));
}

/** A list with one text per layer, such as `layer_types`. */
export function perLayer(config: JsonGroup, name: string, allowed: readonly string[]): string[] {
  const layers = layerCount(config);
  const kinds = config.texts(name, MOST.layers);
  if (kinds.length !== layers)
    throw new Fault('contradiction', 'not one entry per layer', {
      where: config.place(name),
      value: kinds.length,
      allowed: `${layers} entries`,
    });
  const wrong = kinds.find((kind) => !allowed.includes(kind));
  if (wrong !== undefined)
    throw new Fault('unsupported', 'a kind of layer', { where: config.place(name), value: wrong, allowed: allowed.join(', ') });
  return kinds;
}

/** The parts of a text model in which families differ. */
export interface DecoderParts {
  readonly mixers: Architecture['mixers'];
  readonly layers: readonly Layer[];
  readonly denseFfn?: Architecture['denseFfn'];
  readonly experts?: Architecture['experts'];
  readonly draft?: DraftModule | null;
  readonly normsPerLayer?: number;
  /** What layers have beside plain addition to the hidden state. */
  readonly residual?: Pick<Architecture, 'layerScale' | 'attentionResiduals' | 'hyperConnections'>;
  /** Whether embedding and head are one where the config does not say. */
  readonly tied?: boolean;
}

/** The shape of a text model: what all families name alike, and the parts that differ. */
export function decoder(config: JsonGroup, parts: DecoderParts): Architecture {
  const { mixers, layers, denseFfn = null, experts = null, draft = null, normsPerLayer, residual = {}, tied = false } = parts;
  const used = (kind: Layer['ffn']) => layers.some(({ ffn }) => ffn === kind) || draft?.ffn === kind;
  return {
    hiddenSize: config.count('hidden_size', MOST.width),
    vocabularySize: config.count('vocab_size', MOST.vocabulary),
    ...(config.flag('tie_word_embeddings', tied) ? { tiedEmbeddings: true as const } : {}),
    maxContextTokens: config.count('max_position_embeddings', MOST.contextTokens),
    mixers,
    layers: layerRuns(layers),
    ...(normsPerLayer === undefined ? {} : { normsPerLayer }),
    ...residual,
    denseFfn: used('dense') ? denseFfn : null,
    experts: used('experts') ? experts : null,
    vision: null,
    draft,
  };
}
