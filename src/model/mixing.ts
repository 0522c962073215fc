import type { GatedDelta, KimiDelta, Mamba2, Mixer, MlaAttention } from './mixer.ts';

/** Entries that one token adds to those of the context: fewer than one where the context is compressed in time. */
function keptPerToken({ compression }: MlaAttention): number {
  if (compression === undefined) return 1;
  return compression.ratio === null ? 0 : 1 / compression.ratio;
}

/**
 * Elements that one token leaves in the KV cache of one layer: `kv rank + rope width` for MLA, `2 * KV heads * head width` for GQA.
 *
 * @returns a count; less where the context is compressed, 0 for mixers that keep a state instead
 * @example kvElements({ kind: 'gqa', heads: 64, kvHeads: 8, headDim: 128 }) // 2048
 */
export function kvElements(mixer: Mixer): number {
  if (mixer.kind === 'mla') return keptPerToken(mixer) * (mixer.kvLoraRank + mixer.qkRopeHeadDim);
  return mixer.kind === 'gqa' ? 2 * mixer.kvHeads * mixer.headDim : 0;
}

/** Tokens of context (or entries) that a query sees: those of a window, those that an indexer chooses, or all of them (Infinity). */
export function visibleTokens(mixer: Mixer): number {
  if (mixer.kind === 'gqa') return mixer.window ?? Number.POSITIVE_INFINITY;
  if (mixer.kind !== 'mla') return Number.POSITIVE_INFINITY;
  const { compression, sparseTokens } = mixer;
  return compression ? compression.window + (sparseTokens ?? 0) : (sparseTokens ?? Number.POSITIVE_INFINITY);
}

/** FLOPs of mixing in one layer, for one query. */
export interface MixingFlops {
  readonly decodePerVisibleToken: number;
  readonly prefillPerVisibleToken: number;
  /** Over every token of the context: of the indexer, or of attention to all entries of a compressed context. */
  readonly perContextToken: number;
  /** Of reading and updating a state of fixed size. */
  readonly state: number;
}

const NONE: MixingFlops = { decodePerVisibleToken: 0, prefillPerVisibleToken: 0, perContextToken: 0, state: 0 };

function mlaFlops(mixer: MlaAttention): MixingFlops {
  const { heads, kvLoraRank, qkNopeHeadDim, qkRopeHeadDim, valueHeadDim, indexer, compression } = mixer;
  const decodePerVisibleToken = 2 * heads * (2 * kvLoraRank + qkRopeHeadDim);
  const prefillPerVisibleToken = compression ? decodePerVisibleToken : 2 * heads * (qkNopeHeadDim + qkRopeHeadDim + valueHeadDim);
  const perEntry = indexer ? 2 * indexer.heads * indexer.headDim : compression ? decodePerVisibleToken : 0;
  return { ...NONE, decodePerVisibleToken, prefillPerVisibleToken, perContextToken: perEntry * keptPerToken(mixer) };
}

/** Products of vector and state per token: the delta rule reads the state twice and writes it once, Mamba reads and writes it once. */
function stateFlops(mixer: GatedDelta | KimiDelta | Mamba2): number {
  if (mixer.kind === 'mamba2') return 2 * 2 * mixer.heads * mixer.headDim * mixer.stateSize;
  if (mixer.kind === 'kimi-delta') return 3 * 2 * mixer.heads * mixer.headDim ** 2;
  return 3 * 2 * mixer.valueHeads * mixer.keyHeadDim * mixer.valueHeadDim;
}

/**
 * FLOPs of mixing in one layer: `2 * heads * (key width + value width)` per token seen, where MLA decodes in the latent space.
 *
 * @example mixingFlops({ kind: 'gqa', heads: 64, kvHeads: 8, headDim: 128 }).decodePerVisibleToken // 32768
 */
export function mixingFlops(mixer: Mixer): MixingFlops {
  if (mixer.kind === 'mla') return mlaFlops(mixer);
  if (mixer.kind !== 'gqa') return { ...NONE, state: stateFlops(mixer) };
  const perToken = 4 * mixer.heads * mixer.headDim;
  return { ...NONE, decodePerVisibleToken: perToken, prefillPerVisibleToken: perToken };
}
