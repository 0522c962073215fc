/** The lightning indexer of sparse attention: it ranks the tokens of the context for each query. */
export interface Indexer {
  readonly heads: number;
  readonly headDim: number;
}

/** Compression of the context in time with an output in two steps (DeepSeek-V4): the latent serves as key and value, nothing expands it. */
export interface Compression {
  /** Latest tokens that are kept one by one. */
  readonly window: number;
  /** Tokens of context that one kept entry stands for; null where only the window is kept. */
  readonly ratio: number | null;
  /** Entries overlap: the compressor reads twice their width. */
  readonly overlap?: true;
  readonly outputGroups: number;
  readonly outputLoraRank: number;
}

/** Multi-head latent attention: one compressed latent per token serves all heads. */
export interface MlaAttention {
  readonly kind: 'mla';
  readonly heads: number;
  /** null where queries are projected in one step. */
  readonly queryLoraRank: number | null;
  readonly kvLoraRank: number;
  readonly qkNopeHeadDim: number;
  readonly qkRopeHeadDim: number;
  readonly valueHeadDim: number;
  readonly indexer?: Indexer;
  /** Attends to the tokens that an earlier layer's indexer chose: sparse without an indexer of its own. */
  readonly sharedIndexer?: true;
  /** Tokens of context that a query attends to where an indexer chooses them. */
  readonly sparseTokens?: number;
  /** A gate as wide as the output of the heads. */
  readonly outputGate?: true;
  /** A learned sink per head. */
  readonly sinks?: true;
  readonly compression?: Compression;
}

/** Multi-head attention whose query heads share key-value heads; with as many of both it is plain multi-head attention. */
export interface GqaAttention {
  readonly kind: 'gqa';
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Tokens of context that a layer sees; all of them where absent. */
  readonly window?: number;
  /** Whether the window slides with the token (the default) or stands in chunks. */
  readonly windowKind?: 'sliding' | 'chunked';
  /** Biases on query, key and value, or on the output too. */
  readonly bias?: 'qkv' | 'qkvo';
  /** Norms of queries and keys: one of the head's width for all heads, or one as wide as all heads together. */
  readonly qkNorm?: 'head' | 'layer';
  /** A gate as wide as the output of the heads, projected with the queries. */
  readonly outputGate?: true;
  /** A learned sink per head. */
  readonly sinks?: true;
  /** Keys serve as values: no value projection is stored. */
  readonly keysAreValues?: true;
}

/** Small tensors of a linear mixer that a checkpoint may store in 32 bits. */
export type StateTensor = 'convolution' | 'decay' | 'time-step' | 'norm';

/** Gated delta-rule linear attention (Qwen3-Next): a state per value head instead of a KV cache. */
export interface GatedDelta {
  readonly kind: 'gated-delta';
  readonly keyHeads: number;
  readonly valueHeads: number;
  readonly keyHeadDim: number;
  readonly valueHeadDim: number;
  readonly convKernel: number;
  /** Storage of the recurrent state where it is not 16 bits. */
  readonly stateStorage?: 'fp32';
  readonly fp32Tensors?: readonly StateTensor[];
}

/** Kimi delta attention: linear attention with a gate per channel. */
export interface KimiDelta {
  readonly kind: 'kimi-delta';
  readonly heads: number;
  readonly headDim: number;
  readonly convKernel: number;
  /** Storage of the recurrent state where it is not 16 bits. */
  readonly stateStorage?: 'fp32';
  readonly fp32Tensors?: readonly StateTensor[];
  /** The output gate is one full matrix instead of a low-rank pair. */
  readonly fullRankGate?: true;
}

/** A Mamba-2 state-space mixer. */
export interface Mamba2 {
  readonly kind: 'mamba2';
  readonly heads: number;
  readonly headDim: number;
  readonly stateSize: number;
  readonly groups: number;
  readonly convKernel: number;
  /** Storage of the recurrent state where it is not 16 bits. */
  readonly stateStorage?: 'fp32';
  readonly fp32Tensors?: readonly StateTensor[];
}

export type Attention = MlaAttention | GqaAttention;
export type LinearMixer = GatedDelta | KimiDelta | Mamba2;

/** What mixes the tokens of a sequence in a layer. */
export type Mixer = Attention | LinearMixer;

/** Whether a mixer keeps keys and values of the context, and not a state of fixed size. */
export function isAttention(mixer: Mixer): mixer is Attention {
  return mixer.kind === 'mla' || mixer.kind === 'gqa';
}
