import { type CostCrossings, costCrossings } from '../../cost/crossings.ts';
import { fleetFor, requestsPerStep, type Staircase } from '../../cost/fleet.ts';
import { quantile, samplePoints } from '../../evidence/sampler.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { formatUsd } from '../../units/money.ts';
import { formatTokens } from '../../units/tokens.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import { SAMPLES } from '../hosting/fleetVolume.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { middleStairs, paidCapacity, type SizedSelfHost, stairsOf } from '../hosting/selfHost.ts';
import type { BoundedBand, Crossing, PairCode, PairVerdict } from './breakEvenAnswer.ts';

/** Returns of the API that are counted out; more are told by where they end. */
const MOST_RETURNS = 3;

/** Share of samples with a break-even below which hosting is said to be never cheaper. */
const LEAST_OPEN = 0.1;

/** A fleet against an API price: the staircase and the line, where they cross, and how sure that is. */
export interface Comparison {
  readonly side: SizedSelfHost;
  readonly api: ApiPrice;
  readonly stairs: Staircase;
  readonly costs: CostCrossings;
  readonly crossings: readonly Crossing[];
  readonly verdict: PairVerdict;
}

/** 10th to 90th percentile; an end beyond which a tenth of the samples never break even is null. */
function bandOf(samples: readonly number[], value: number): BoundedBand {
  const [tenth, ninetieth] = [quantile(samples, 0.1), quantile(samples, 0.9)];
  const low = Number.isFinite(tenth) ? Math.min(tenth, value) : null;
  const high = Number.isFinite(ninetieth) ? Math.max(ninetieth, value) : null;
  return { low, value, high, ...(low === null || high === null ? { code: 'never-at-full-use' } : {}) };
}

/** How much of a fleet a volume uses: of all it could carry in the hours paid for, and as hours of a day at its capacity. */
function useOf(
  requests: number,
  instances: number,
  side: SizedSelfHost,
  question: HostingQuestion,
): Pick<Crossing, 'utilisation' | 'hoursPerDay'> {
  const utilisation = requests / paidCapacity(side, instances);
  return { utilisation, hoursPerDay: utilisation * 24 * (side.supply.billedHours / question.volume.hoursPerMonth) };
}

function crossingsOf(
  side: SizedSelfHost,
  api: ApiPrice,
  question: HostingQuestion,
  stairs: Staircase,
  costs: CostCrossings,
  samples: readonly CostCrossings[],
): Crossing[] {
  const tokens = tokensPerRequest(question.demand);
  return costs.crossings.map((crossing, index) => {
    const final = crossing.requests === costs.finalRequests;
    const twin = (other: CostCrossings) =>
      other.code === 'never' ? Number.POSITIVE_INFINITY : (other.crossings.at(final ? -1 : 0)?.requests ?? 0);
    const value = crossing.requests * tokens;
    const sampled = () => samples.map((other) => twin(other) * tokens).sort((a, b) => a - b);
    const { replicas, instances } = fleetFor(crossing.requests, stairs);
    return {
      id: `${side.key}_${api.key}_crossing${index + 1}`,
      tariff: api.line.id,
      offer: side.id,
      cheaperBeyond: crossing.cheaperBeyond,
      final,
      tokensPerMonth: index === 0 || final ? bandOf(sampled(), value) : { low: null, value, high: null, code: 'only-with-these-steps' },
      requestsPerMonth: crossing.requests,
      ...useOf(crossing.requests, instances, side, question),
      replicas,
      instances,
    };
  });
}

function instancesInWords(count: number): string {
  return count === 1 ? 'one instance' : `${count} instances`;
}

function messageOf(
  { line }: ApiPrice,
  stairs: Staircase,
  code: PairCode,
  count: number,
  crossings: readonly Crossing[],
  probability: number,
): string {
  const percent = code === 'never' ? Math.floor(probability * 100) : Math.round(probability * 100);
  const share = `in ${percent} % of the sampled prices and capacities there is a break-even`;
  if (code === 'always') return 'self-hosting costs nothing, so it is cheaper at every volume';
  const [first] = crossings;
  if (code === 'break-even' && first) {
    const returns = (count - 1) / 2;
    const final = formatTokens(crossings.at(-1)?.tokensPerMonth.value ?? 0);
    const again = returns > MOST_RETURNS ? `until ${final}` : `${returns} more ${returns === 1 ? 'time' : 'times'}`;
    const back = returns > 0 ? `; the API is cheaper again whenever a new step of instances starts, ${again}` : '';
    return `cheaper from ${formatTokens(first.tokensPerMonth.value ?? 0)} tokens a month, ${Math.round(first.utilisation * 100)} % of ${instancesInWords(first.instances)}${back}; ${share}`;
  }
  const api = line.usdPerRequest * requestsPerStep(stairs);
  const one = stairs.instancesPerStep === 1;
  return `${instancesInWords(stairs.instancesPerStep)} ${one ? 'costs' : 'cost'} ${formatUsd(stairs.usdPerStep)} a month, and the API takes ${formatUsd(api)} for all that fits on ${one ? 'it' : 'them'}; ${share}`;
}

/** The verdict that the middle values and the samples give together. */
function codeOf({ code }: CostCrossings, probability: number): PairCode {
  return code === 'never' && probability >= LEAST_OPEN ? 'open' : code;
}

/**
 * Compares a fleet with an API price over all volumes. The middle values give the crossings; the price of an instance, the
 * capacity and what the API takes for a request (by its prefix reuse), taken as independent, are sampled for their bands.
 *
 * @returns crossings, and a verdict with the share of samples in which some volume makes self-hosting cheaper
 */
export function compare(side: SizedSelfHost, api: ApiPrice, question: HostingQuestion): Comparison {
  const { usdPerInstanceMonth } = side.supply;
  const { requestsPerSecond } = side.capacity;
  const stairs = middleStairs(side, question);
  const costs = costCrossings(api.line.usdPerRequest, stairs);
  const samples = samplePoints([usdPerInstanceMonth, requestsPerSecond, api.usdPerRequest], SAMPLES).map(
    ([usd = 0, requests = 0, apiUsd = 0]) => costCrossings(apiUsd, stairsOf(side, question, usd, requests)),
  );
  const probability = samples.filter(({ code }) => code !== 'never').length / samples.length;
  const crossings = crossingsOf(side, api, question, stairs, costs, samples);
  const code = codeOf(costs, probability);
  return {
    side,
    api,
    stairs,
    costs,
    crossings,
    verdict: {
      tariff: api.line.id,
      offer: side.id,
      code,
      message: messageOf(api, stairs, code, costs.count, crossings, probability),
      probability,
      breakEvenUsdPerMtok: (stairs.usdPerStep / requestsPerStep(stairs) / tokensPerRequest(question.demand)) * 1e6,
      crossings: costs.count,
      remedy: null,
    },
  };
}
