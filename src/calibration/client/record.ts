import type { RateLimit } from './rateLimits.ts';

/** Why a request gave no full answer. */
export type FailureCode =
  | 'refused'
  | 'unauthorised'
  | 'not-found'
  | 'rate-limited'
  | 'server-error'
  | 'bad-request'
  | 'connect-timeout'
  | 'first-byte-timeout'
  | 'idle-timeout'
  | 'total-timeout'
  | 'reset'
  | 'incomplete'
  | 'error-in-stream'
  | 'malformed'
  | 'too-long'
  | 'not-a-stream'
  | 'redirected'
  | 'aborted';

/** Where the usage of a request stood in its answer. */
export type UsagePlace = 'every-chunk' | 'finish-chunk' | 'last-chunk' | 'body' | 'message-events' | 'none';

/** Tokens as the server counted them; null where it does not say. */
export interface RecordedUsage {
  readonly place: UsagePlace;
  readonly inputTokens: number | null;
  /** Of the input, found in the KV cache. */
  readonly cachedTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
}

/** What was odd about an answer that was read on all the same; absent where nothing was. */
export interface RecordedOddities {
  /** Frames of the stream that are no JSON object, and the beginning of the first of them. */
  readonly malformedFrames: number;
  readonly malformedSample: string | null;
  /** Whether bytes of the answer were no UTF-8. */
  readonly invalidText: boolean;
  /** Whether counts contradict one another: two usages, more chunks than tokens, more tokens reused than sent. */
  readonly usageDisagrees: boolean;
  /** Whether the stream said why it finished, but never that it was done. */
  readonly doneMissing: boolean;
}

/** What was asked, so that the record stands alone. */
export interface RecordedAsk {
  /** Place of its step in the ladder. */
  readonly step: number;
  /** Number of the request within the run. */
  readonly number: number;
  readonly shape: string;
  /** As asked of the generator of prompts; the server's own count is in `usage`. */
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  /** Share of the input that an earlier request of the run has sent. */
  readonly sharedInput: number;
  /** Requests in flight that the step keeps; null where they come on their own. */
  readonly concurrency: number | null;
  /** Requests per second that the step sends; null where it keeps a concurrency. */
  readonly rate: number | null;
}

/**
 * One request of a calibration, a line of its records. Times are milliseconds on the monotonic clock of the run, from its start; null where the
 * answer did not get so far.
 */
export interface RequestRecord {
  readonly schema: 'kplan/request@1';
  readonly ask: RecordedAsk;
  /** When it was due; latency counts from here. */
  readonly intendedMs: number;
  readonly sentMs: number;
  readonly headersMs: number | null;
  readonly firstByteMs: number | null;
  /** First generated token of any channel: reasoning, content or tool call. */
  readonly firstTokenMs: number | null;
  /** First token of the answer itself. */
  readonly firstAnswerMs: number | null;
  readonly lastTokenMs: number | null;
  readonly endMs: number;
  /** Chunks with generated text: when each came, and its tokens where the server tells them one by one. */
  readonly chunks: readonly { readonly ms: number; readonly tokens: number | null; readonly channel: 'reasoning' | 'content' | 'tool' }[];
  readonly usage: RecordedUsage;
  readonly status: number | null;
  readonly finishReason: string | null;
  readonly failure: { readonly code: FailureCode; readonly message: string } | null;
  /** How long the server asked to wait before the next request; absent where it did not. */
  readonly retryAfterMs?: number;
  /** What the headers say of its limits; absent where they say nothing. */
  readonly rateLimits?: readonly RateLimit[];
  readonly oddities?: RecordedOddities;
  /** Delay of the event loop while it ran, 99th percentile, milliseconds. */
  readonly clientLagMs: number;
}
