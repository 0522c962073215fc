/** The output of a request, and how much of it is thinking; null where nobody says. */
export interface ThinkingOutput {
  readonly outputTokens: number;
  readonly thinkingShare: number | null;
}

/**
 * The output of a model that needs `ratio` thinking tokens for each one of the traffic: answers stay as long as they were,
 * `output × (1 - share + share × ratio)`.
 *
 * @param output as the traffic has it
 * @param ratio thinking tokens now for each one then
 * @example rescaledThinking({ outputTokens: 1_000, thinkingShare: 0.5 }, 0.7) // { outputTokens: 850, thinkingShare: 350 / 850 }
 */
export function rescaledThinking({ outputTokens, thinkingShare }: ThinkingOutput, ratio: number): ThinkingOutput {
  if (thinkingShare === null || ratio === 1) return { outputTokens, thinkingShare };
  const thinking = outputTokens * thinkingShare * ratio;
  const all = outputTokens * (1 - thinkingShare) + thinking;
  return { outputTokens: all, thinkingShare: thinking / all };
}
