import type { RateLimit } from '../client/rateLimits.ts';
import type { RequestRecord } from '../client/record.ts';

/** What the run met of the limits of an endpoint. */
export interface LimitsSeen {
  /** As the headers state them, with the least that was left. */
  readonly stated: readonly RateLimit[];
  /** What was under way when the first request was refused for its rate; null where none was. */
  readonly refused: {
    readonly inFlight: number;
    /** Sent in the minute before it. */
    readonly requests: number;
    /** Input as asked and output as answered of these requests. */
    readonly tokens: number;
  } | null;
}

const MINUTE_MS = 60_000;

function statedBy(records: readonly RequestRecord[]): RateLimit[] {
  const limits = new Map<string, RateLimit>();
  for (const limit of records.flatMap(({ rateLimits = [] }) => rateLimits)) {
    const least = [limits.get(limit.what)?.remaining ?? null, limit.remaining].filter((left) => left !== null);
    limits.set(limit.what, { ...limit, remaining: least.length === 0 ? null : Math.min(...least) });
  }
  return [...limits.values()];
}

/** The limits that the records of a run show: stated in headers, and met. */
export function limitsSeen(records: readonly RequestRecord[]): LimitsSeen {
  const first = records
    .filter(({ failure }) => failure?.code === 'rate-limited')
    .reduce<RequestRecord | null>((earliest, record) => (earliest === null || record.sentMs < earliest.sentMs ? record : earliest), null);
  const stated = statedBy(records);
  if (first === null) return { stated, refused: null };
  const before = records.filter((record) => record !== first && record.sentMs <= first.sentMs);
  const minute = before.filter(({ sentMs }) => sentMs > first.sentMs - MINUTE_MS);
  return {
    stated,
    refused: {
      inFlight: before.filter(({ endMs }) => endMs > first.sentMs).length,
      requests: minute.length,
      tokens: minute.reduce((sum, { ask, usage }) => sum + (usage.inputTokens ?? ask.inputTokens) + (usage.outputTokens ?? 0), 0),
    },
  };
}
