import { fleetFor } from '../../cost/fleet.ts';
import { estimate, weakest } from '../../evidence/estimate.ts';
import { quantile, sample } from '../../evidence/sampler.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { Baseline } from './baselines.ts';
import type { MonthlyRow } from './breakEvenAnswer.ts';
import type { BreakEvenQuestion } from './breakEvenQuestion.ts';
import { type Comparison, SAMPLES } from './comparison.ts';
import { fleetCapacity, type SizedSelfHost, stairsOf } from './selfHost.ts';

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

/** The asked volume, or else the first break-even with each API price and a quarter, half and all of one step of instances. */
function volumes(side: SizedSelfHost, comparisons: readonly Comparison[], question: BreakEvenQuestion): number[] {
  const { demand, tokensPerMonth } = question;
  if (tokensPerMonth !== null) return [tokensPerMonth / tokensPerRequest(demand)];
  const { requestsPerStep } = stairsOf(side, question, side.offer.usdPerGpuHour.value, side.capacity.requestsPerSecond.value);
  const crossings = comparisons.flatMap(({ crossings }) => crossings.slice(0, 1).map((crossing) => crossing.requestsPerMonth));
  return [...new Set([0.25, 0.5, 1].map((share) => share * requestsPerStep).concat(crossings))].sort((a, b) => a - b);
}

/**
 * Both sides at monthly volumes, rounded to cents.
 *
 * @param comparisons of this fleet
 * @returns rows ascending in volume; the self-host band is the 10th to 90th percentile over price and capacity
 */
export function monthlyRows(
  side: SizedSelfHost,
  comparisons: readonly Comparison[],
  prices: readonly Baseline[],
  question: BreakEvenQuestion,
): MonthlyRow[] {
  const { usdPerGpuHour } = side.offer;
  const { requestsPerSecond } = side.capacity;
  const tokens = tokensPerRequest(question.demand);
  const stairs = stairsOf(side, question, usdPerGpuHour.value, requestsPerSecond.value);
  return volumes(side, comparisons, question).map((requests, index) => {
    const { replicas, instances, usdPerMonth } = fleetFor(requests, stairs);
    const sampled = sample(
      [usdPerGpuHour, requestsPerSecond],
      ([usd = 0, speed = 0]) => fleetFor(requests, stairsOf(side, question, usd, speed)).usdPerMonth,
      SAMPLES,
    );
    const [low, high] = [Math.min(quantile(sampled, 0.1), usdPerMonth), Math.max(quantile(sampled, 0.9), usdPerMonth)];
    return {
      id: `${side.key}_month${index + 1}`,
      offer: side.id,
      tokensPerMonth: requests * tokens,
      requestsPerMonth: requests,
      replicas,
      instances,
      utilisation: instances === 0 ? 0 : requests / fleetCapacity(instances, stairs, question),
      selfHostUsd: estimate(weakest(usdPerGpuHour.basis, requestsPerSecond.basis), cents(low), cents(usdPerMonth), cents(high)),
      apiUsd: Object.fromEntries(prices.map(({ line }) => [line.id, cents(requests * line.usdPerRequest)])),
    };
  });
}
