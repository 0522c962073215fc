import { fullFleet } from '../../cost/fullUse.ts';
import { type Estimate, through, weakest } from '../../evidence/estimate.ts';
import { sample, sampledBand } from '../../evidence/sampler.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { TariffLine } from '../api/tariffLine.ts';
import { SAMPLES } from '../hosting/fleetVolume.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { isSized, requestsPerMonth, type SelfHost, type SizedSelfHost, stairsOf } from '../hosting/selfHost.ts';
import type { ReuseWorth } from './reuseAnswer.ts';

/** USD per million tokens of the smallest fleet, filled; the band over price and capacity. */
function fullUsdPerMtok(side: SizedSelfHost, question: HostingQuestion): Estimate {
  const { usdPerInstanceMonth } = side.supply;
  const { requestsPerSecond } = side.capacity;
  const perMtok = (usd: number, speed: number) => {
    const { usdPerMonth, requests } = fullFleet(stairsOf(side, question, usd, speed));
    return (usdPerMonth / (requests * tokensPerRequest(side.load))) * 1e6;
  };
  const value = perMtok(usdPerInstanceMonth.value, requestsPerSecond.value);
  const sampled = sample([usdPerInstanceMonth, requestsPerSecond], ([usd = 0, speed = 0]) => perMtok(usd, speed), SAMPLES);
  return sampledBand(weakest(usdPerInstanceMonth.basis, requestsPerSecond.basis), sampled, value);
}

/**
 * What a replica is worth for the tokens that its KV cache holds: `found = requests × input × reuse`, in money
 * `found × (input price - cache-read price)`, and what it carries.
 *
 * @param requests in a month; null where no volume is known
 * @param tariff API price, if there is one
 */
export function reuseWorth(side: SelfHost, question: HostingQuestion, requests: number | null, tariff: TariffLine | null): ReuseWorth {
  const { reuse, load } = side;
  const sized = isSized(side) ? side : null;
  const found = requests === null ? null : through(reuse, (share) => requests * load.inputTokens * share);
  const gap = tariff && Math.max(0, tariff.inputUsdPerMtok - tariff.cacheReadUsdPerMtok);
  return {
    kvTokens: side.judged.memory?.kvTokens ?? { low: 0, value: 0, high: 0, basis: 'exact' },
    curveTokens: side.curveTokens,
    reuse,
    foundTokensPerMonth: found,
    foundUsdPerMonth: gap === null || found === null ? null : through(found, (tokens) => (tokens * gap) / 1e6),
    requestsPerSecond: sized?.capacity.requestsPerSecond ?? null,
    tokensPerMonthPerReplica:
      sized && through(sized.capacity.requestsPerSecond, (speed) => requestsPerMonth(speed, question) * tokensPerRequest(load)),
    usdPerMtok: sized && fullUsdPerMtok(sized, question),
  };
}

/** Fleets ascending in what a token costs on them as they are; those of which nothing can be said last. */
export function byTokenCost(sides: readonly SelfHost[], question: HostingQuestion): SelfHost[] {
  const usd = new Map(sides.map((side) => [side, isSized(side) ? fullUsdPerMtok(side, question).value : Number.MAX_VALUE]));
  return [...sides].sort((a, b) => (usd.get(a) ?? 0) - (usd.get(b) ?? 0));
}

/** The replica as if its KV caches held so many times the tokens. */
export function withRoom(judged: SelfHost['judged'], factor: number): SelfHost['judged'] {
  const { memory } = judged;
  return memory ? { ...judged, memory: { ...memory, kvTokens: through(memory.kvTokens, (tokens) => tokens * factor) } } : judged;
}
