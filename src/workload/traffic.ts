/** One request as a trace or a generator tells of it. */
export interface TrafficRequest {
  /** Milliseconds since the traffic began. */
  readonly atMs: number;
  /** Reused or not. */
  readonly inputTokens: number;
  /** At least 1. */
  readonly outputTokens: number;
  /** Ids of the leading prefix blocks of the input, each of the trace's block size; null where it tells of none. */
  readonly blocks: readonly number[] | null;
  /** Whose it is, so that a router can send it where its prefix lies; null where nobody says. */
  readonly conversation: string | null;
}

/** Requests that were recorded one by one. */
export interface Trace {
  readonly name: string;
  /** In the order of time; of conversations that have a clock each, in the order of each. */
  readonly requests: readonly TrafficRequest[];
  /** Tokens of a prefix block; null where the requests tell of none. */
  readonly blockTokens: number | null;
  /** Step to which times are rounded; null where they are not. */
  readonly quantumMs: number | null;
  /** Whether all times are of one clock; else each conversation begins at its own. */
  readonly oneClock: boolean;
}

/** Requests of like lengths: their share of all requests, and their mean lengths. */
export interface LengthCell {
  readonly share: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** When requests come. */
export interface Arrivals {
  /** Mean over the whole time. */
  readonly requestsPerSecond: number;
  /** Coefficient of variation of the gaps between requests: 1 is Poisson; null where it cannot be told. */
  readonly gapCv: number | null;
  /** Rate of each UTC hour of a day over the mean, 24 numbers of mean 1; null where less than a day was seen. */
  readonly hours: readonly number[] | null;
}
