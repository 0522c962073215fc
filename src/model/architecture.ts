/** Multi-head latent attention: one compressed latent per token serves all heads. */
export interface MlaAttention {
  readonly kind: 'mla';
  readonly heads: number;
  readonly queryLoraRank: number;
  readonly kvLoraRank: number;
  readonly qkNopeHeadDim: number;
  readonly qkRopeHeadDim: number;
  readonly valueHeadDim: number;
}

/** Routed and shared experts of a mixture-of-experts layer. */
export interface ExpertLayers {
  readonly experts: number;
  readonly expertsPerToken: number;
  readonly sharedExperts: number;
  readonly expertFfnSize: number;
}

/** A ViT encoder with a patch-merging projector into the language model. */
export interface VisionEncoder {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly ffnSize: number;
  readonly patchSize: number;
  readonly positionGrid: number;
  readonly mergeSize: number;
}

/** The shape of a model: everything that fixes the sizes of its tensors, and nothing about their storage. */
export interface Architecture {
  readonly layers: number;
  /** The first layers, which carry a dense FFN instead of experts. */
  readonly denseLayers: number;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly denseFfnSize: number;
  readonly maxContextTokens: number;
  readonly attention: MlaAttention;
  readonly experts: ExpertLayers;
  readonly vision: VisionEncoder | null;
}
