import { reuseCurve } from '../../workload/reuse/reuseCurve.ts';
import type { UsageTally } from './usageTally.ts';
import type { WorkloadDocument } from './workloadDocument.ts';

/** Part of the cached tokens that conversations must account for before their curve stands for the traffic. */
const LEAST_EXPLAINED = 0.8;

/** The curve of prefix reuse that rows give, and what must be said of it. */
export interface ReuseFound {
  readonly curve: WorkloadDocument['reuseCurve'];
  readonly requestsPerSecond: number | null;
  readonly notices: readonly string[];
}

function none(...notices: readonly string[]): ReuseFound {
  return { curve: [], requestsPerSecond: null, notices };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Of blocks that all requests share, which came in order. */
function fromBlocks(tally: UsageTally, requestsPerSecond: number | null): ReuseFound {
  const { blocks, times } = tally;
  if (!blocks || blocks.totalBlocks === 0) return none();
  if (!times.isSorted) return none('blocks are not in order of time: no curve of reuse follows from them');
  return {
    curve: [...reuseCurve(blocks.result())],
    requestsPerSecond: times.rateSeen(requestsPerSecond),
    notices: [],
  };
}

/** Of conversations, whose next call begins with the context that the last one left. */
function fromConversations({ conversations: log, fromBlocks: isByBlocks }: UsageTally, sessionsPerHour: number | null): ReuseFound {
  if (log.isFull) return none('more calls or conversations than are kept: nothing is said of conversations');
  if (log.cachedKnown === 0) {
    const most = log.found(sessionsPerHour, false);
    const share = most && most.found.inputTokens > 0 ? most.foundTokens / most.found.inputTokens : 0;
    return share > 0
      ? none(`calls of one conversation could find at most ${percent(share)} of all input, if each begins with all that came before it`)
      : none();
  }
  if (log.isApart && sessionsPerHour === null)
    return none(
      'what KV caches of some size would find depends on how sessions overlap, which their own clocks do not tell; --sessions-per-hour says it',
    );
  const seen = log.found(sessionsPerHour, true);
  if (!seen) return none();
  const explained = log.cachedTokens === 0 ? 1 : seen.foundTokens / log.cachedTokens;
  if (explained < LEAST_EXPLAINED)
    return none(`conversations explain only ${percent(explained)} of the cached tokens: no curve of reuse follows from them`);
  return {
    curve: [...reuseCurve(seen.found)],
    requestsPerSecond: seen.requestsPerSecond,
    notices: [
      `the curve of reuse takes each call to find the context that its conversation left, as far as ${isByBlocks ? 'its blocks repeat' : 'cached tokens were counted'}; that accounts for ${percent(explained)} of them`,
      ...(log.isApart ? [`sessions are taken to begin evenly, ${sessionsPerHour} an hour`] : []),
    ],
  };
}

/**
 * What KV caches of every size find of the traffic.
 *
 * @param requestsPerSecond at which requests with blocks came
 * @param sessionsPerHour at which sessions with clocks of their own are taken to begin
 */
export function reuseFound(tally: UsageTally, requestsPerSecond: number | null, sessionsPerHour: number | null): ReuseFound {
  const { counts, conversations, sharedBlockRows } = tally;
  if (sharedBlockRows > 0 && sharedBlockRows === counts.used) return fromBlocks(tally, requestsPerSecond);
  if (conversations.count > 0 && (conversations.isFull || conversations.count === counts.used))
    return fromConversations(tally, sessionsPerHour);
  return none();
}
