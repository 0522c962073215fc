import { requestsPerStep, type Staircase } from './fleet.ts';

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
/** A gain per step below this part of its cost is noise of binary fractions. */
const ROUNDING = 1e-12;
const NEVER: CostCrossings = { code: 'never', crossings: [], count: 0, finalRequests: null };

/** The smallest whole number from `least` on that fulfils a condition which holds from some number on; the guess may be off by rounding. */
function first(least: number, guess: number, holds: (k: number) => boolean): number {
  let k = Math.max(least, Math.floor(guess));
  while (k > least && holds(k - 1)) k--;
  while (!holds(k)) k++;
  return k;
}

/**
 * Exact crossings of the line `price × v` with the staircase `fixed + k × u`, where step k carries up to `k × w - spare` requests
 * (w: requests of a step, spare: those of the spare replicas). On step k the line meets the flat at `v = (fixed + k × u) / price`, if
 * that lies on the step; behind its end the next step may lie above the line again. Touching without crossing is no break-even.
 *
 * @param usdPerRequest what the API takes
 * @param stairs the fleet's cost; a step that carries nothing never pays
 * @returns crossings in requests per month
 * @example costCrossings(2, staircase(100, 150, packing(8, 8))).crossings.map(({ requests }) => requests) // [75, 100, 150, 200, 225]
 */
export function costCrossings(usdPerRequest: number, stairs: Staircase): CostCrossings {
  const { usdPerStep, fixedUsd, replicasPerStep, spareReplicas, requestsPerReplica } = stairs;
  const width = requestsPerStep(stairs);
  const spare = spareReplicas * requestsPerReplica;
  const gain = usdPerRequest * width - usdPerStep;
  if (!(gain > ROUNDING * usdPerStep)) return NEVER;
  if (usdPerStep === 0 && fixedUsd === 0) return { code: 'always', crossings: [], count: 0, finalRequests: 0 };
  const usdAt = (step: number) => fixedUsd + step * usdPerStep;
  const end = (step: number) => step * width - spare;
  const lowest = Math.floor(spareReplicas / replicasPerStep) + 1;
  const owed = usdPerRequest * spare + fixedUsd;
  const from = first(lowest, owed / gain, (step) => usdPerRequest * end(step) > usdAt(step));
  const free = first(from + 1, (owed + usdPerRequest * width) / gain, (step) => usdPerRequest * end(step - 1) >= usdAt(step));
  const steps = free - from;
  const meets = (step: number): CostCrossing => ({ requests: usdAt(step) / usdPerRequest, cheaperBeyond: 'self-host', step });
  const jumps = (step: number): CostCrossing => ({ requests: end(step), cheaperBeyond: 'api', step });
  const listed = Math.min(steps - 1, MOST_LISTED / 2);
  const last = meets(free - 1);
  const crossings = [...Array.from({ length: listed }, (_, index) => [meets(from + index), jumps(from + index)]).flat(), last];
  return { code: 'break-even', crossings, count: 2 * steps - 1, finalRequests: last.requests };
}
