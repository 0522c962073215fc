/** Conversations of like length: their share of all conversations, and how their input grows. */
export interface ConversationCell {
  readonly share: number;
  /** Requests of one conversation. */
  readonly requests: number;
  /** Input of its first request, and of its last; it rises evenly on average between them. */
  readonly firstInputTokens: number;
  readonly lastInputTokens: number;
}

/** How requests follow one another in the conversations of a workload; outputs are drawn from its lengths. */
export interface ConversationShape {
  readonly cells: readonly ConversationCell[];
  /** Spread of the steps by which the input grows: sigma of a lognormal. */
  readonly growthSigma: number;
  /** Least and mean gap between the starts of two requests, pauses left out, and the spread of what a gap has above it: sigma of a lognormal. */
  readonly leastGapSeconds: number;
  readonly meanGapSeconds: number;
  readonly gapSigma: number;
  /** Of the requests after the first: those whose prefix was rewritten, so that nothing of it is found. */
  readonly rewriteShare: number;
  /** Of the gaps: those in which the user pauses, and their mean length; what is left out of the time in which a user is active. */
  readonly pauseShare: number;
  readonly meanPauseSeconds: number;
}
