import type { SourceId } from '../evidence/source.ts';
import type { ConversationShape } from './conversation.ts';
import type { LengthCell } from './traffic.ts';

/** What is asked of a deployment, per request on average. */
export interface Workload {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Input tokens per request, reused or not. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Share of input tokens served from the KV cache when nothing is ever evicted. */
  readonly reuse: { readonly low: number; readonly value: number; readonly high: number };
  /** Reuse that a KV cache of so many tokens reaches, ascending; empty where only the ideal share is known. */
  readonly reuseCurve: readonly { readonly kvTokens: number; readonly reuse: number }[];
  /** Requests per second of the traffic behind the curve: a replica that takes less of the like keeps it longer; null where not known. */
  readonly reuseCurveRequestsPerSecond: number | null;
  /** Request rate of the original traffic, where it has one. */
  readonly requestsPerSecond: number | null;
  /** Of one user while active. */
  readonly requestsPerUserHour: number | null;
  /** What the traffic calls a task, and its mean requests. */
  readonly requestsPerTask: { readonly name: string; readonly requests: number } | null;
  /** Joint histogram of the lengths; its means are the tokens per request, its shares have the sum 1. */
  readonly lengths: readonly LengthCell[];
  /** Coefficient of variation of the gaps between requests: 1 is Poisson, 1 to 2 normal, above 5 stress; null where nobody says. */
  readonly gapCv: { readonly low: number; readonly value: number; readonly high: number } | null;
  /** Rate of each hour of a day over the mean, 24 numbers of mean 1; null where less than a day was seen. */
  readonly hours: readonly number[] | null;
  /** How requests follow one another in a conversation; null where nobody says. */
  readonly conversations: ConversationShape | null;
  /** Requests in flight of one user while active. */
  readonly concurrencyPerUser: number | null;
  /** Share of the output that is thinking. */
  readonly thinkingShare: number | null;
  /** Catalog id of the model that answered, where it is one. */
  readonly trafficOf: string | null;
  readonly note: string;
  readonly licence: string;
  readonly source: SourceId;
}
