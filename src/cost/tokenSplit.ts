/** What a token of input and of output costs on one's own machines. */
export interface SplitPrice {
  readonly inputUsdPerMtok: number;
  readonly outputUsdPerMtok: number;
}

/** How many times as much an output token is taken to cost as an input token. */
export const OUTPUT_WEIGHT = 4;

/**
 * Splits one bill between input and output: an output token counts `weight` input tokens,
 * `USD per output token = usd / (input / weight + output)`, an input token costs that divided by the weight.
 *
 * @param usd the whole bill
 * @param inputTokens that it paid for, reused or not
 * @param outputTokens that it paid for
 * @param weight of an output token
 * @returns USD per million tokens; `input × input price + output × output price = usd`
 * @see Google, GKE inference recommender: cost per token, ratio 4 by default
 * @example splitPrice(1_000, 4e6, 1e6) // { inputUsdPerMtok: 125, outputUsdPerMtok: 500 }
 */
export function splitPrice(usd: number, inputTokens: number, outputTokens: number, weight = OUTPUT_WEIGHT): SplitPrice {
  const outputUsdPerMtok = (usd / (inputTokens / weight + outputTokens)) * 1e6;
  return { inputUsdPerMtok: outputUsdPerMtok / weight, outputUsdPerMtok };
}

/**
 * What a million tokens cost on a machine that works part of the time: `USD per hour / (3600 × tokens/s × utilisation) × 1e6`.
 *
 * @param usdPerHour of the machine, paid at all hours
 * @param tokensPerSecond at full use: total, input or output tokens, and so is the price
 * @param utilisation share of the time at that speed, above 0
 * @see SemiAnalysis InferenceX; Lenovo Press LP2368
 * @example usdPerMtok(98.32, 30_576, 1).toFixed(4) // '0.8932'
 */
export function usdPerMtok(usdPerHour: number, tokensPerSecond: number, utilisation: number): number {
  return (usdPerHour / (3600 * tokensPerSecond * utilisation)) * 1e6;
}
