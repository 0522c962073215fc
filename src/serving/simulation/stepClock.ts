/** What one iteration of a replica carries. */
export interface Batch {
  /** Sequences that gain a token. */
  decodeSequences: number;
  /** Tokens in the KV cache, summed over these sequences. */
  contextTokens: number;
  /** Prompt tokens that are computed beside them. */
  prefillTokens: number;
  /** Tokens that stand before each of these prompt tokens, on average. */
  prefillContextTokens: number;
}

/** How long iterations take. */
export interface StepClock {
  /** Whether, without prefill, the time is straight in the context: many iterations are then summed at once. */
  readonly affineInContext: boolean;
  /** Time of one iteration, seconds. */
  seconds(batch: Readonly<Batch>): number;
}
