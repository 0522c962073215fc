import { requestsPerStep } from '../../cost/fleet.ts';
import { through } from '../../evidence/estimate.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { toCents } from '../../units/money.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import { fleetVolume } from '../hosting/fleetVolume.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { middleStairs, type SizedSelfHost } from '../hosting/selfHost.ts';
import type { MonthlyRow } from './breakEvenAnswer.ts';
import type { Comparison } from './comparison.ts';

/** The asked volume, or else the first break-even with each API price and a quarter, half and all of one step of instances. */
function volumes(side: SizedSelfHost, comparisons: readonly Comparison[], question: HostingQuestion): number[] {
  const { requestsPerMonth: asked } = question.volume;
  if (asked !== null) return [asked];
  const full = requestsPerStep(middleStairs(side, question));
  const crossings = comparisons.flatMap(({ crossings }) => crossings.slice(0, 1).map((crossing) => crossing.requestsPerMonth));
  return [...new Set([0.25, 0.5, 1].map((share) => share * full).concat(crossings))].sort((a, b) => a - b);
}

/**
 * Both sides at monthly volumes, rounded to cents.
 *
 * @param comparisons of this fleet
 * @returns rows ascending in volume; the self-host band is the 10th to 90th percentile over price and capacity, that of an API goes with the prefix reuse
 */
export function monthlyRows(
  side: SizedSelfHost,
  comparisons: readonly Comparison[],
  prices: readonly ApiPrice[],
  question: HostingQuestion,
): MonthlyRow[] {
  const tokens = tokensPerRequest(question.demand);
  return volumes(side, comparisons, question).map((requests, index) => {
    const { replicas, instances, utilisation, usd } = fleetVolume(side, requests, question);
    return {
      id: `${side.key}_month${index + 1}`,
      offer: side.id,
      tokensPerMonth: requests * tokens,
      requestsPerMonth: requests,
      replicas,
      instances,
      utilisation,
      selfHostUsd: through(usd, toCents),
      apiUsd: Object.fromEntries(
        prices.map(({ line, usdPerRequest }) => [line.id, through(usdPerRequest, (usd) => toCents(requests * usd))]),
      ),
    };
  });
}
