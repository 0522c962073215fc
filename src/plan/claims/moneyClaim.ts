/** Tokens that a claim about money speaks of, or their shares, in disjoint kinds. */
export interface TokenMix {
  readonly uncached: number;
  readonly cacheRead: number;
  readonly output: number;
}

/** Ends of a published figure; both are the figure where one was published. */
export interface ClaimedRange {
  readonly low: number;
  readonly high: number;
}

export type PricedToken = 'input' | 'cacheRead' | 'output' | 'thinking';

/** Published list prices of a model. */
export interface PriceClaim {
  readonly kind: 'price';
  /** As the tariffs of the catalog name it; the vendor's list price counts. */
  readonly model: string;
  readonly claimedUsdPerMtok: Readonly<Partial<Record<PricedToken, number>>>;
}

/** What a session is said to cost. */
export interface SessionClaim {
  readonly kind: 'session';
  readonly model: string;
  readonly tokens: TokenMix;
  readonly claimedUsd: number;
  /** Relative distance up to which the claim counts as right. */
  readonly tolerance: number;
}

/** Tokens that two models are compared by. */
export interface ComparedMix extends TokenMix {
  /** Output tokens of the dearer side for each of the other one; 1 unless said otherwise. */
  readonly outputRatio?: number;
}

/** How many times as dear models are said to be as another, for the same work. */
export interface RatioClaim {
  readonly kind: 'ratio';
  readonly models: readonly string[];
  readonly than: string;
  readonly tokens: readonly ComparedMix[];
  readonly claimed: ClaimedRange;
  /** Prices by which whoever claims it computed, by model. */
  readonly ownUsdPerMtok?: Readonly<Record<string, Readonly<Partial<Record<PricedToken, number>>>>>;
}

/** Whether the tokens of a call are said to be billed once, or again with every later call of a conversation. */
export interface ResentClaim {
  readonly kind: 'resent';
  readonly models: readonly string[];
  readonly calls: number;
  /** New ones, in each call. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Which of them later calls send again. */
  readonly carried: 'input' | 'output';
  readonly claimed: 'once' | 'again';
}

/** By how much fewer thinking tokens are said to lower a bill. */
export interface ThinkingSavingClaim {
  readonly kind: 'thinking-saving';
  readonly model: string;
  readonly tokens: readonly TokenMix[];
  /** Share of the thinking tokens that is saved. */
  readonly reduction: number;
  /** Shares of the output that may be thinking. */
  readonly thinkingShares: readonly number[];
  /** Shares of the bill. */
  readonly claimed: ClaimedRange;
}

/** How many thinking tokens are said to be left. */
export interface ThinkingTokensClaim {
  readonly kind: 'thinking-tokens';
  readonly model: string;
  readonly tokens: TokenMix;
  readonly reduction: number;
  readonly thinkingTokens: number;
  readonly claimedTokens: number;
  /** Relative distance up to which the claim counts as right. */
  readonly tolerance: number;
}

/** What a rented machine is said to cost. */
export interface RentClaim {
  readonly kind: 'rent';
  /** Ids of the GPUs that the claim may mean. */
  readonly gpu: readonly string[];
  readonly gpus: number;
  readonly claimedUsdPerHour: number;
}

/** From where on a rented machine is said to be cheaper than the API. */
export interface BreakEvenClaim {
  readonly kind: 'break-even';
  readonly model: string;
  readonly gpu: readonly string[];
  readonly gpus: number;
  /** Of the machine, as claimed. */
  readonly usdPerHour: number;
  /** That the machine should hold. */
  readonly contextTokens: number;
  readonly tokens: readonly TokenMix[];
  readonly claimed: { readonly tokensPerDay: number } | { readonly usdPerMonth: number };
}

/** A published statement about money, as a sum that the prices of the catalog give. */
export type MoneyClaim =
  | PriceClaim
  | SessionClaim
  | RatioClaim
  | ResentClaim
  | ThinkingSavingClaim
  | ThinkingTokensClaim
  | RentClaim
  | BreakEvenClaim;
