/** What one request asks of a deployment on average; a load point is this at some concurrency. */
export interface LoadPoint {
  /** Input tokens, reused or not. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Share of the input tokens found in the KV cache. */
  readonly reuse: number;
}

/** Tokens of one request, as tokens per month count them: input, reused or not, plus output. */
export function tokensPerRequest({ inputTokens, outputTokens }: Pick<LoadPoint, 'inputTokens' | 'outputTokens'>): number {
  return inputTokens + outputTokens;
}

/** Input tokens that must be computed: `input * (1 - reuse)`. */
export function freshTokens({ inputTokens, reuse }: LoadPoint): number {
  return inputTokens * (1 - reuse);
}

/** Tokens of the KV cache that a sequence in flight holds on average: `input + output / 2`. */
export function meanContextTokens({ inputTokens, outputTokens }: LoadPoint): number {
  return inputTokens + outputTokens / 2;
}
