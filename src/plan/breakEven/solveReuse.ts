import { type BillLine, bill } from '../../cost/apiBill.ts';
import { fleetFor, type Staircase } from '../../cost/fleet.ts';
import { fullFleet } from '../../cost/fullUse.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { formatTokens } from '../../units/tokens.ts';
import { apiReuse } from '../../workload/loadPoint.ts';
import { apiLeaves, cacheWriteShare } from '../api/apiPrices.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { hostOn, isSized, middleStairs, type SizedSelfHost } from '../hosting/selfHost.ts';
import type { Comparison } from './comparison.ts';

/** A share as a percentage with one decimal. */
export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/** Both sides at one prefix reuse, at the asked volume or on a full smallest fleet. */
export interface AtReuse {
  readonly reuse: number;
  readonly side: SizedSelfHost;
  readonly stairs: Staircase;
  readonly requests: number;
  readonly usdPerMonth: number;
  readonly usdPerRequest: number;
  readonly apiUsdPerRequest: number;
  /** One request at the API, leaf by leaf. */
  readonly apiBill: readonly BillLine[];
  /** Share of the fresh input that the API is charged to keep. */
  readonly cacheWriteShare: number;
}

/** Both sides if both find a share of the input in their cache. */
function atReuse({ side, api }: Comparison, question: HostingQuestion, knowledge: Knowledge, reuse: number): AtReuse | null {
  const changed = { ...question, demand: { ...question.demand, askedReuse: reuse } };
  const other = hostOn(changed, side.judged, side.supply, knowledge);
  if (!isSized(other)) return null;
  const stairs = middleStairs(other, changed);
  const asked = question.volume.requestsPerMonth || null;
  const requests = asked ?? fullFleet(stairs).requests;
  const { usdPerMonth } = fleetFor(requests, stairs);
  const apiBill = bill(api.tariff, apiLeaves(changed), question.trafficUtc);
  return {
    reuse,
    side: other,
    stairs,
    requests,
    usdPerMonth,
    usdPerRequest: usdPerMonth / requests,
    apiUsdPerRequest: apiBill.reduce((sum, { usd }) => sum + usd, 0),
    apiBill,
    cacheWriteShare: cacheWriteShare(changed.demand, changed.cacheWriteShare),
  };
}

const GRID = 64;
const HALVINGS = 40;

/**
 * Whether both sides cost the same there; else the fleet changes by a step of instances at that reuse, and the cheaper side with it.
 */
export function isEqual({ apiUsdPerRequest, usdPerRequest }: AtReuse): boolean {
  return Math.abs(apiUsdPerRequest / usdPerRequest - 1) < 1e-6;
}

/** The least prefix reuse at which the cheaper side changes, at the asked volume or at full use; null where there is none. */
export function reuseRoot(pair: Comparison, question: HostingQuestion, knowledge: Knowledge): AtReuse | null {
  const gain = (at: AtReuse) => at.apiUsdPerRequest - at.usdPerRequest;
  const at = (reuse: number) => atReuse(pair, question, knowledge, reuse);
  let before = at(1e-6);
  for (let step = 1; step <= GRID && before; step++) {
    const next = at(step / GRID);
    if (!next) return null;
    if (gain(before) > 0 !== gain(next) > 0) {
      let [low, high] = [before, next];
      for (let halving = 0; halving < HALVINGS; halving++) {
        const middle = at((low.reuse + high.reuse) / 2);
        if (!middle) return null;
        if (gain(middle) > 0 === gain(low) > 0) low = middle;
        else high = middle;
      }
      return low;
    }
    before = next;
  }
  return null;
}

/** The root in words, with what either side finds now, or who is cheaper at every share. */
export function reuseMessage(root: AtReuse | null, pair: Comparison, question: HostingQuestion, knowledge: Knowledge): string {
  const now = `now the API finds ${percent(apiReuse(question.demand))} and a replica ${percent(pair.side.reuse.value)}`;
  const at = atReuse(pair, question, knowledge, Math.min(1, (root?.reuse ?? 0.49) + 0.01));
  const cheaper = at && at.apiUsdPerRequest > at.usdPerRequest ? 'own GPUs are' : 'the API is';
  const { requestsPerMonth } = question.volume;
  const where = requestsPerMonth
    ? `at ${formatTokens(requestsPerMonth * tokensPerRequest(question.demand))} tokens a month`
    : 'at full use';
  if (!root) return `if both sides found the same share, ${cheaper} cheaper at any, ${where}; ${now}`;
  const step = isEqual(root) ? '' : ', where the number of instances changes';
  return `if both sides found ${percent(root.reuse)}, ${where}${step}; just above it ${cheaper} cheaper; ${now}`;
}
