import type { SourceId } from '../evidence/source.ts';

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
  /** Share of the output that is thinking. */
  readonly thinkingShare: number | null;
  /** Catalog id of the model that answered, where it is one. */
  readonly trafficOf: string | null;
  readonly note: string;
  readonly licence: string;
  readonly source: SourceId;
}
