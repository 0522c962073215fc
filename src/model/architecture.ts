import type { Mixer } from './mixer.ts';
import type { VisionEncoder } from './vision.ts';

/** Routed and shared experts of a mixture-of-experts layer. */
export interface ExpertLayers {
  readonly experts: number;
  readonly expertsPerToken: number;
  readonly sharedExperts: number;
  readonly expertFfnSize: number;
  /** FFN size of one shared expert where it is not that of a routed one. */
  readonly sharedFfnSize?: number;
  /** Width that routed experts work in where it is not the hidden size (latent experts): two projections per layer lead in and out. */
  readonly latentSize?: number;
  /** A norm in that width. */
  readonly latentNorm?: true;
  /** Matrices of one expert: 3 with a gate (the default), 2 without. */
  readonly matrices?: 2 | 3;
  /** A learned correction of the router's scores, and its storage. */
  readonly scoreBias?: 'fp32' | 'bf16';
  /** Storage of the router's own matrix where it is not 16 bits. */
  readonly routerStorage?: 'fp32';
  /** First layers with experts that choose them by a table over the vocabulary, and so have no score bias. */
  readonly tableLayers?: number;
  /** A bias on every matrix of the routed experts. */
  readonly bias?: true;
  /** A gate of one row on the output of the shared experts. */
  readonly sharedGate?: true;
}

/** The dense FFN of layers without experts. */
export interface DenseFfn {
  readonly size: number;
  /** Matrices: 3 with a gate (the default), 2 without. */
  readonly matrices?: 2 | 3;
}

/** The two halves of a decoder layer: what mixes tokens, and what transforms each; either may be absent. */
export interface Layer {
  /** A name in `mixers`. */
  readonly mixer: string | null;
  readonly ffn: 'dense' | 'experts' | null;
}

/** Layers that follow each other, `repeat` times over. */
export interface LayerRun {
  readonly repeat: number;
  readonly layers: readonly Layer[];
}

/** A built-in draft (multi-token prediction): whole layers behind the last, which engines load only to speculate. */
export interface DraftModule {
  readonly layers: number;
  readonly mixer: string;
  readonly ffn: 'dense' | 'experts';
  /** Whether its layers store an embedding table and an output head of their own. */
  readonly ownVocabulary: boolean;
  /** Class whose storage its joining matrix shares, where that is not left in 16 bits. */
  readonly joinModule?: 'attention';
}

/** The shape of a model: everything that fixes the sizes of its tensors, and nothing about their storage. */
export interface Architecture {
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  /** The output head is the embedding table. */
  readonly tiedEmbeddings?: true;
  readonly maxContextTokens: number;
  /** The kinds of token mixing that layers use, by name. */
  readonly mixers: Readonly<Record<string, Mixer>>;
  /** The decoder from first layer to last. */
  readonly layers: readonly LayerRun[];
  /** Norms of the hidden size in each layer, default 2 (one per half that it has). */
  readonly normsPerLayer?: number;
  /** A learned scale of what each layer adds. */
  readonly layerScale?: true;
  /** Each half of a layer reads a mix of earlier blocks: a norm and a vector for that, and once more at the end (Kimi-K3). */
  readonly attentionResiduals?: true;
  /** Copies of the hidden state that layers mix (DeepSeek-V4). */
  readonly hyperConnections?: number;
  readonly denseFfn: DenseFfn | null;
  readonly experts: ExpertLayers | null;
  readonly vision: VisionEncoder | null;
  readonly draft: DraftModule | null;
}
