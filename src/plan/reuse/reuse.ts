import type { Assumption } from '../../evidence/assumption.ts';
import { kvCaches } from '../../layout/layout.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { apiReuse, replicaReuse } from '../../workload/loadPoint.ts';
import { cappedCurve, reuseOnCurve } from '../../workload/reuse/curveLine.ts';
import { apiPrices } from '../api/apiPrices.ts';
import type { TariffLine } from '../api/tariffLine.ts';
import type { Catalog } from '../catalog.ts';
import { fleetLine } from '../hosting/fleetLine.ts';
import { fleetsOf, refusalLine } from '../hosting/fleets.ts';
import { hostingAssumptions } from '../hosting/hostingAssumptions.ts';
import { hostingAge, hostingOrigins, hostingQueryOf, hostingWarnings } from '../hosting/hostingEvidence.ts';
import { percent } from '../hosting/hostingWords.ts';
import { hostOn, isSized, requestsPerMonth, type SelfHost } from '../hosting/selfHost.ts';
import { sourcesUsed } from '../sourcesUsed.ts';
import { kvWays } from './kvWays.ts';
import type { KvWay, ReuseAnswer, RoomPoint } from './reuseAnswer.ts';
import { type ReuseQuery, type ReuseQuestion, resolveReuseQuery } from './reuseQuestion.ts';
import { reuseInWords } from './reuseWords.ts';
import { byTokenCost, reuseWorth, withRoom } from './reuseWorth.ts';

/** Times the KV tokens of a fleet as it is. */
const FACTORS = [0.25, 0.5, 1, 2, 4];

/** What all rows of an answer share. */
interface Scope {
  readonly query: ReuseQuery;
  readonly question: ReuseQuestion;
  readonly knowledge: Knowledge;
  readonly requests: number | null;
  readonly tariff: TariffLine | null;
}

/** The ways of one fleet: as it is, then ascending in cost. */
function waysOf(side: SelfHost, { query, question, knowledge, requests, tariff }: Scope): KvWay[] {
  const { hosting, knee } = question;
  const ways = kvWays(query, side.judged).map(({ judged, change }): KvWay => {
    const worth = reuseWorth(hostOn(hosting, judged, side.supply, knowledge), hosting, requests, tariff);
    const { layout, kvCacheDtype } = judged.deployment;
    const caches = kvCaches(layout);
    const unrouted = caches > 1 ? replicaReuse(hosting.demand, worth.curveTokens / caches).value : null;
    return {
      fleet: side.id,
      layout,
      kvCacheDtype,
      change,
      kvCaches: caches,
      ...worth,
      unroutedReuse: unrouted,
      reachesKnee: worth.curveTokens >= knee.kvTokens,
    };
  });
  const usd = ({ usdPerMtok }: KvWay) => usdPerMtok?.value ?? Number.MAX_VALUE;
  return [...ways.slice(0, 1), ...ways.slice(1).sort((a, b) => usd(a) - usd(b))];
}

function pointsOf(side: SelfHost, { question: { hosting }, knowledge, requests, tariff }: Scope): RoomPoint[] {
  return FACTORS.map((factor) => {
    const roomy = hostOn(hosting, withRoom(side.judged, factor), side.supply, knowledge);
    return { fleet: side.id, factor, ...reuseWorth(roomy, hosting, requests, tariff) };
  });
}

/** The curve of the workload as stated and as used, with a point where the ideal share begins to hold it. */
function curveOf({ hosting: { demand }, workload: { reuseCurve } }: ReuseQuestion): ReuseAnswer['curve'] {
  return cappedCurve(reuseCurve, apiReuse(demand)).map(({ kvTokens }) => ({
    kvTokens,
    statedReuse: reuseOnCurve(reuseCurve, kvTokens) ?? 0,
    reuse: replicaReuse(demand, kvTokens),
  }));
}

function ownAssumptions({ hosting, workload }: ReuseQuestion): Assumption[] {
  const ideal = apiReuse(hosting.demand);
  const behind = Number(workload.reuseCurveRequestsPerSecond?.toPrecision(3) ?? 0);
  const most = workload.reuseCurve.at(-1)?.reuse ?? ideal;
  const held =
    most > ideal
      ? [
          {
            code: 'ideal-reuse',
            text: `No KV cache finds more than ${percent(ideal)}, the ideal share of the workload; its curve alone goes on to ${percent(most)}.`,
            source: workload.source,
          },
        ]
      : [];
  return [
    ...held,
    {
      code: 'one-replica',
      text: behind
        ? `The curve is that of ${behind} requests/s on one KV cache. A replica that is planned for another rate finds what KV tokens × ${behind} / rate find there: the fewer of the users it has, the longer it keeps their prefixes.`
        : 'The curve is that of the traffic which it was computed from, on one replica: more users on a replica need more KV tokens for the same share.',
      source: workload.source,
    },
    {
      code: 'kv-cache-groups',
      text: 'Attention DP splits the KV cache between groups: a router sends a request to the group that holds its prefix, so that the tokens of all groups count.',
      source: 'kplan',
    },
  ];
}

/** The volume for which finds are counted. */
function monthOf({ hosting }: ReuseQuestion, sides: readonly SelfHost[]): ReuseAnswer['month'] {
  const { volume, demand, maxLoad } = hosting;
  const asked = volume.requestsPerMonth;
  const first = sides.find(isSized);
  const full = first ? requestsPerMonth(first.capacity.requestsPerSecond.value, hosting) * maxLoad : null;
  const requests = asked ?? full;
  return requests === null ? null : { requests, inputTokens: requests * demand.inputTokens, asked: asked !== null };
}

/**
 * What is a larger KV cache worth? The share of the input that a replica finds by the KV tokens it holds, each valid way to hold them on
 * the asked GPUs, and what that is worth in prefill, capacity and money.
 *
 * @param query a workload with a curve of reuse, GPUs, and how they are paid for
 * @param catalog facts; prices and measurements later than the asked day are not used
 * @returns ways by fleet, the cheapest first, points from a quarter to four times the KV tokens, and the knee
 * @throws Fault `missing` where the workload tells of no curve; `unknown`, `invalid` or `contradiction` for a query that cannot be meant
 * @example reuse({ gpu: ['h200'], workload: 'agentic-coding' }, loadCatalog()).ways.some(({ change }) => change['dcp'] === 8) // true
 */
export function reuse(query: ReuseQuery, catalog: Catalog): ReuseAnswer {
  const question = resolveReuseQuery(query, catalog);
  const { hosting, workload, knee } = question;
  const { knowledge, sides: found, refusals } = fleetsOf(query, hosting, catalog);
  const sides = byTokenCost(found, hosting);
  const prices = apiPrices(query.tariffs, hosting, catalog).slice(0, 1);
  const tariff = prices[0]?.line ?? null;
  const month = monthOf(question, sides);
  const scope = { query, question, knowledge, requests: month?.requests ?? null, tariff };
  const ways = sides.flatMap((side) => waysOf(side, scope));
  return {
    schema: 'kplan/reuse@1',
    query: hostingQueryOf(query, hosting),
    answer: reuseInWords(sides[0], ways, question),
    workload: workload.id,
    curve: curveOf(question),
    curveRequestsPerSecond: workload.reuseCurveRequestsPerSecond,
    knee,
    month,
    tariff,
    fleets: sides.map((side) => fleetLine(side, hosting)),
    ways,
    points: sides.flatMap((side) => pointsOf(side, scope)),
    refusals: refusals.map(refusalLine),
    assumptions: [...hostingAssumptions(query, hosting, sides, prices), ...ownAssumptions(question)],
    warnings: hostingWarnings(sides, prices, hosting, catalog),
    sources: sourcesUsed(hostingOrigins(sides, prices, hosting), catalog),
    dataAge: hostingAge(sides, prices, hosting),
  };
}
