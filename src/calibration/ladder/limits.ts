import { counted } from '../../plan/hosting/hostingWords.ts';
import { formatDuration } from '../../units/duration.ts';
import { formatUsd } from '../../units/money.ts';

/** Where a run ends; null for no limit. */
export interface RunLimits {
  readonly maxUsd: number | null;
  readonly maxRequests: number | null;
  readonly maxDurationMs: number | null;
  /** Share of failed requests among the last ones. */
  readonly maxErrorRate: number;
}

/** What was done so far, and what the next request may cost. */
export interface RunState {
  readonly elapsedMs: number;
  /** Requests sent, those in flight included. */
  readonly sent: number;
  /** What ended requests have cost; null where no price is known. */
  readonly spentUsd: number | null;
  /** What those in flight may cost at most. */
  readonly inFlightUsd: number | null;
  readonly nextUsd: number | null;
  /** Of ended requests in their order: whether they failed. */
  readonly failed: readonly boolean[];
}

/** A reason to send no more. */
export interface LimitReached {
  readonly code: 'max-usd' | 'unknown-price' | 'max-requests' | 'max-duration' | 'error-rate';
  readonly message: string;
}

/** The last requests, among which failed ones are counted, and how many must have ended before they are. */
const ERROR_WINDOW = 30;
const LEAST_ENDED = 10;

/** Share of failed ones among the last requests; 0 before ten have ended. */
function errorRate(failed: readonly boolean[]): number {
  const last = failed.slice(-ERROR_WINDOW);
  return last.length < LEAST_ENDED ? 0 : last.filter((each) => each).length / last.length;
}

/**
 * Whether too many of the last requests failed.
 *
 * @returns null where they did not, or where fewer than ten have ended
 * @example errorRateReached({ maxErrorRate: 0.2 }, new Array(10).fill(true))?.code // 'error-rate'
 */
export function errorRateReached({ maxErrorRate }: Pick<RunLimits, 'maxErrorRate'>, failed: readonly boolean[]): LimitReached | null {
  const rate = errorRate(failed);
  if (rate <= maxErrorRate) return null;
  const last = Math.min(ERROR_WINDOW, failed.length);
  const message = `${Math.round(100 * rate)} % of the last ${last} requests failed, more than ${Math.round(100 * maxErrorRate)} %`;
  return { code: 'error-rate', message };
}

/**
 * Whether the next request may be sent: the spending limit holds even if it and all in flight cost the most they can, the others are
 * checked before each request.
 *
 * @returns why not; null where it may
 * @example limitReached({ maxUsd: 1, maxRequests: null, maxDurationMs: null, maxErrorRate: 0.2 }, { elapsedMs: 0, sent: 3, spentUsd: 0.5, inFlightUsd: 0.3, nextUsd: 0.3, failed: [] })?.code // 'max-usd'
 */
export function limitReached(limits: RunLimits, state: RunState): LimitReached | null {
  const { maxUsd, maxRequests, maxDurationMs } = limits;
  const { elapsedMs, sent, spentUsd, inFlightUsd, nextUsd, failed } = state;
  if (maxRequests !== null && sent >= maxRequests)
    return { code: 'max-requests', message: `${counted(sent, 'request')} ${sent === 1 ? 'is' : 'are'} sent, as many as allowed` };
  if (maxDurationMs !== null && elapsedMs >= maxDurationMs)
    return { code: 'max-duration', message: `the ${formatDuration(maxDurationMs)} allowed are over` };
  const failing = errorRateReached(limits, failed);
  if (failing) return failing;
  if (maxUsd === null) return null;
  if (spentUsd === null || inFlightUsd === null || nextUsd === null)
    return { code: 'unknown-price', message: 'no price is known, so nothing can be kept under the spending limit' };
  if (spentUsd + inFlightUsd + nextUsd <= maxUsd) return null;
  const used = formatUsd(spentUsd + inFlightUsd);
  return { code: 'max-usd', message: `with ${used} spent or in flight another request could exceed ${formatUsd(maxUsd)}` };
}
