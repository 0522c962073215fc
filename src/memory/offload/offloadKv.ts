import type { Architecture } from '../../model/architecture.ts';
import { type EncodingId, encodingOf } from '../../model/encoding.ts';
import { layersOf, mixerNamed } from '../../model/layers.ts';
import type { Mixer } from '../../model/mixer.ts';
import { kvElements } from '../../model/mixing.ts';

/** Cells of a KV cache are reserved in multiples of so many. */
const CELL_BLOCK = 256;

/** What a KV cache of llama.cpp must hold. */
export interface KvAsk {
  /** A GGUF type: `f16`, `q8_0` … */
  readonly dtype: string;
  readonly contextTokens: number;
  readonly sequences: number;
  /** Tokens of one micro-batch, which a window keeps beside its own. */
  readonly microBatchTokens: number;
}

function inBlocks(tokens: number): number {
  return Math.ceil(tokens / CELL_BLOCK) * CELL_BLOCK;
}

/** Tokens for which a layer keeps keys and values. */
function cells(mixer: Mixer, { contextTokens, sequences, microBatchTokens }: KvAsk): number {
  const all = inBlocks(contextTokens);
  const window = mixer.kind === 'gqa' ? mixer.window : undefined;
  return sequences * (window === undefined ? all : Math.min(all, inBlocks(window + microBatchTokens)));
}

/**
 * KV cache of each decoder layer as llama.cpp keeps it: `cells * elements * bits / 8`, the latent of MLA once. States of linear
 * attention are not counted.
 *
 * @returns bytes by layer, from the first
 */
export function ggufKvBytes(architecture: Architecture, ask: KvAsk): number[] {
  const { bitsPerWeight } = encodingOf(`gguf:${ask.dtype}` as EncodingId);
  return layersOf(architecture).map(({ mixer: name }) => {
    if (name === null) return 0;
    const mixer = mixerNamed(architecture, name);
    return (cells(mixer, ask) * kvElements(mixer) * bitsPerWeight) / 8;
  });
}

/**
 * Latents expanded to keys and values of all heads in 16 bits, which ik_llama.cpp's `-mla 2` and `-mla 3` hold for one layer while a
 * prompt is read: `heads * (key width + value width) * 2 * tokens`.
 *
 * @returns bytes; 0 without MLA
 */
export function expandedLatentBytes(architecture: Architecture, tokens: number): number {
  const widths = Object.values(architecture.mixers).map((mixer) =>
    mixer.kind === 'mla' ? mixer.heads * (mixer.qkNopeHeadDim + mixer.qkRopeHeadDim + mixer.valueHeadDim) : 0,
  );
  return Math.max(0, ...widths) * 2 * tokens;
}
