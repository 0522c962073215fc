/** MoonViT with a patch-merging projector (Kimi). */
export interface MoonVit {
  readonly kind: 'moonvit';
  readonly layers: number;
  readonly hiddenSize: number;
  readonly ffnSize: number;
  readonly patchSize: number;
  readonly positionGrid: number;
  readonly mergeSize: number;
}

/** An encoder whose tensors are not derived one by one, but whose total is published. */
export interface StatedVision {
  readonly kind: 'stated';
  /** Of encoder and projector together. */
  readonly parameters: number;
  /** Of those, the parameters in matrices that engines split over the TP group. */
  readonly splitParameters: number;
  /** Size of the encoder, where an engine's memory rules ask for it. */
  readonly layers?: number;
  readonly hiddenSize?: number;
}

/** The vision tower in front of a language model, projector included. */
export type VisionEncoder = MoonVit | StatedVision;
