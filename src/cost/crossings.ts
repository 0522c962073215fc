import type { Staircase } from './fleet.ts';

/** A volume at which the API's line and the staircase meet or jump past each other. */
export interface CostCrossing {
  readonly requests: number;
  readonly cheaperBeyond: 'self-host' | 'api';
  /** The step of the staircase on which the volume lies, counted from 1. */
  readonly step: number;
}

/** All about who is cheaper when. */
export interface CostCrossings {
  /** `never`: no volume makes self-hosting cheaper; `always`: every volume does. */
  readonly code: 'break-even' | 'never' | 'always';
  /** Ascending; of very many, the first ones and the last. */
  readonly crossings: readonly CostCrossing[];
  readonly count: number;
  /** The volume from which self-hosting is never dearer; null where there is none. */
  readonly finalRequests: number | null;
}

const MOST_LISTED = 64;

/**
 * The last step on which the API is cheaper at first: the largest k with `k * step cost > API cost of (k - 1) full steps`.
 * The division may be off by one in the last place, so its neighbours are tried.
 */
function lastContestedStep(usdPerStep: number, apiUsdPerStep: number): number {
  const contested = (k: number) => k * usdPerStep > (k - 1) * apiUsdPerStep;
  let k = Math.max(1, Math.ceil(apiUsdPerStep / (apiUsdPerStep - usdPerStep)) - 1);
  while (k > 1 && !contested(k)) k--;
  if (contested(k + 1)) k++;
  return k;
}

/**
 * Exact crossings of the line `price * v` with the staircase `ceil(v / c) * u`. On step k the line meets the flat at
 * `v = k * u / price`, if that lies on the step; behind its end at `k * c` the next step may lie above the line again.
 * Touching without crossing (`u = price * c`) is no break-even.
 *
 * @param usdPerRequest what the API takes
 * @param stairs the fleet's cost; a step that carries nothing never pays
 * @returns crossings in requests per month
 * @example costCrossings(2, { requestsPerStep: 100, usdPerStep: 150, replicasPerStep: 1, instancesPerStep: 1 })
 * // 75 self-host, 100 api, 150 self-host, 200 api, 225 self-host for good
 */
export function costCrossings(usdPerRequest: number, stairs: Staircase): CostCrossings {
  const { requestsPerStep, usdPerStep } = stairs;
  const apiUsdPerStep = usdPerRequest * requestsPerStep;
  if (!(apiUsdPerStep > usdPerStep)) return { code: 'never', crossings: [], count: 0, finalRequests: null };
  if (usdPerStep === 0) return { code: 'always', crossings: [], count: 0, finalRequests: 0 };
  const steps = lastContestedStep(usdPerStep, apiUsdPerStep);
  const meets = (step: number): CostCrossing => ({ requests: (step * usdPerStep) / usdPerRequest, cheaperBeyond: 'self-host', step });
  const jumps = (step: number): CostCrossing => ({ requests: step * requestsPerStep, cheaperBeyond: 'api', step });
  const listed = Math.min(steps - 1, MOST_LISTED / 2);
  const last = meets(steps);
  const crossings = [...Array.from({ length: listed }, (_, index) => [meets(index + 1), jumps(index + 1)]).flat(), last];
  return { code: 'break-even', crossings, count: 2 * steps - 1, finalRequests: last.requests };
}
