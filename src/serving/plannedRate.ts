import type { LoadPoint } from '../throughput/loadPoint.ts';
import { type Demand, loadPointOf, replicaReuse, tokensOnCurve } from '../workload/loadPoint.ts';

/** What one replica is planned to carry, and the load at which it does. */
export interface PlannedRate {
  readonly requestsPerSecond: number;
  /** KV tokens as the curve of the workload counts them at that rate. */
  readonly curveTokens: number;
  readonly load: LoadPoint;
}

/** What is asked for a rate. */
export interface RateQuestion {
  readonly demand: Demand;
  /** Tokens that the KV cache of the replica holds. */
  readonly kvTokens: number;
  /** Share of what it carries at most that is planned. */
  readonly maxLoad: number;
  /** Requests per second that it carries at most under a load; null where it carries none. */
  readonly most: (load: LoadPoint) => number | null;
}

/** How far a rate is from the root, relative to it. */
const TOLERANCE = 1e-12;

const MOST_STEPS = 200;

/** Of the rate with all the reuse there is: from here on the search goes where a replica carries nothing at that rate. */
const LEAST = 1e-6;

type Point = readonly [rate: number, gain: number];

/** Where a line through two points, straight over the logarithm of the rate, is zero. */
function secant([a, ofA]: Point, [b, ofB]: Point): number {
  return b * (a / b) ** (ofB / (ofB - ofA));
}

/**
 * The rate between two at which a falling gain is zero, by secants, every third step by halving; where the gain jumps over zero, the rate
 * before the jump.
 */
function fallingRoot(gain: (rate: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [before, last]: [Point, Point] = [
    [from, gain(from)],
    [to, gain(to)],
  ];
  for (let step = 1; step <= MOST_STEPS && high - low > TOLERANCE * low; step++) {
    const straight = secant(before, last);
    const rate = step % 3 > 0 && straight > low && straight < high ? straight : Math.sqrt(low * high);
    [before, last] = [last, [rate, gain(rate)]];
    if (Math.abs(last[1]) <= TOLERANCE) return rate;
    if (last[1] > 0) low = rate;
    else high = rate;
  }
  return low;
}

/**
 * The rate that is planned for one replica: the highest one that it carries with the prefix reuse that it finds at that very rate,
 * `rate = max load × most(reuse(KV tokens × rate behind the curve / rate))`. The more a replica takes the less it finds again, and the less
 * it carries: there is one such rate, found to 1e-12 of it. Where a promised mean makes the most jump down across it, it is the end of the
 * jump that the replica still carries.
 *
 * @returns null where the replica carries nothing whatever it finds
 * @example plannedRate({ demand: demandOf(null, { inputTokens: 9_000, outputTokens: 300 }), kvTokens: 800_000, maxLoad: 0.5, most: () => 3 })?.requestsPerSecond // 1.5
 */
export function plannedRate({ demand, kvTokens, maxLoad, most }: RateQuestion): PlannedRate | null {
  const onCurve = (rate: number) => tokensOnCurve(demand, kvTokens, rate);
  const loadAt = (rate: number) => loadPointOf(demand, replicaReuse(demand, onCurve(rate)).value);
  const carried = (rate: number) => maxLoad * (most(loadAt(rate)) ?? 0);
  const highest = carried(0);
  if (!(highest > 0)) return null;
  const lowest = carried(highest) || LEAST * highest;
  const rate = lowest < highest ? fallingRoot((tried) => Math.log(carried(tried) / tried), lowest, highest) : highest;
  return { requestsPerSecond: rate, curveTokens: onCurve(rate), load: loadAt(rate) };
}
