import { type Fleet, fleetFor } from '../../cost/fleet.ts';
import { type Estimate, weakest } from '../../evidence/estimate.ts';
import { sample, sampledBand } from '../../evidence/sampler.ts';
import type { HostingQuestion } from './hostingQuestion.ts';
import { middleStairs, paidCapacity, type SizedSelfHost, stairsOf } from './selfHost.ts';

/** Points over price and capacity behind each band. */
export const SAMPLES = 512;

/** A fleet at one monthly volume. */
export interface FleetVolume extends Fleet {
  /** Share of what it could carry in all hours paid for. */
  readonly utilisation: number;
  /** USD per month: 10th to 90th percentile over price and capacity. */
  readonly usd: Estimate;
}

/**
 * The smallest fleet that carries a volume, what it costs, and the band of that: a dearer instance or a slower replica.
 *
 * @param requests in a month
 */
export function fleetVolume(side: SizedSelfHost, requests: number, question: HostingQuestion): FleetVolume {
  const { usdPerInstanceMonth } = side.supply;
  const { requestsPerSecond } = side.capacity;
  const stairs = middleStairs(side, question);
  const fleet = fleetFor(requests, stairs);
  const sampled = sample(
    [usdPerInstanceMonth, requestsPerSecond],
    ([usd = 0, speed = 0]) => fleetFor(requests, stairsOf(side, question, usd, speed)).usdPerMonth,
    SAMPLES,
  );
  const { instances, usdPerMonth } = fleet;
  return {
    ...fleet,
    utilisation: instances === 0 ? 0 : requests / paidCapacity(side, instances),
    usd: sampledBand(weakest(usdPerInstanceMonth.basis, requestsPerSecond.basis), sampled, usdPerMonth),
  };
}
