import { bestFloor, type DemandHours, type Floor, type FloorQuestion, floorOf, leastHosted, peakReplicas } from '../../cost/floor.ts';
import type { Assumption } from '../../evidence/assumption.ts';
import type { Estimate } from '../../evidence/estimate.ts';
import { sampledBand } from '../../evidence/sampler.ts';
import { Fault } from '../../faults/fault.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { type ApiPrice, apiPrices } from '../api/apiPrices.ts';
import type { Catalog } from '../catalog.ts';
import { fleetLine } from '../hosting/fleetLine.ts';
import { fleetsOf, unpricedLines } from '../hosting/fleets.ts';
import { SAMPLES } from '../hosting/fleetVolume.ts';
import { hostingAssumptions } from '../hosting/hostingAssumptions.ts';
import { hostingAge, hostingOrigins, hostingQueryOf, hostingWarnings } from '../hosting/hostingEvidence.ts';
import { type HostingQuery, type HostingQuestion, resolveHostingQuery } from '../hosting/hostingQuestion.ts';
import { isSized, type SizedSelfHost } from '../hosting/selfHost.ts';
import { VOLUME_FIELDS } from '../hosting/trafficVolume.ts';
import { drawnValues, type InputModel, inputModel } from '../outlook/inputModel.ts';
import { turning } from '../outlook/outlookWords.ts';
import { sensitivityRows } from '../outlook/sensitivityRows.ts';
import { type Asked, type Situation, type SituationAt, situationsOf } from '../outlook/situation.ts';
import { checkUncertainty, fieldsReader, type Values } from '../outlook/uncertainty.ts';
import { sourcesUsed } from '../sourcesUsed.ts';
import { type DemandProfile, profileHours, type SpreadDemand, spreadDemand } from './demandHours.ts';
import type { FloorRow, HybridAnswer, HybridPair, HybridTurns } from './hybridAnswer.ts';
import { hybridInWords } from './hybridWords.ts';

/** What `hybrid` is asked: a workload, its volume over the hours of a month, own GPUs and an API. */
export interface HybridQuery extends HostingQuery {
  /** Demand by the hour; else the volume over the day of the workload. */
  readonly profile?: DemandProfile;
}

/** Floors that are listed. */
const MOST_ROWS = 12;

function rowOf(floor: Floor, best: Floor): FloorRow {
  return {
    carrying: floor.carrying,
    replicas: floor.replicas,
    instances: floor.instances,
    ownUsdPerMonth: floor.ownUsd,
    apiUsdPerMonth: floor.apiUsd,
    usdPerMonth: floor.usdPerMonth,
    ownShare: floor.ownShare,
    utilisation: floor.utilisation,
    regretUsdPerMonth: floor.usdPerMonth - best.usdPerMonth,
  };
}

/** Floors to list: none, the busiest hour's, the best and its neighbours, and evenly between. */
function listed(best: number, peak: number): number[] {
  const step = Math.max(1, Math.ceil(peak / (MOST_ROWS - 4)));
  const even = Array.from({ length: Math.floor(peak / step) + 1 }, (_, index) => index * step);
  return [...new Set([...even, best - 1, best, best + 1, peak])].filter((count) => count >= 0 && count <= peak + 1).sort((a, b) => a - b);
}

function band(samples: readonly number[], value: number): Estimate {
  return sampledBand(
    'modelled',
    [...samples].sort((a, b) => a - b),
    value,
  );
}

/** The floor question of a situation: the demand of each hour grows with that of the month. */
function questionIn({ stairs, usdPerRequest, requestsPerMonth, trafficHours }: Situation, demand: readonly DemandHours[]): FloorQuestion {
  const all = demand.reduce((sum, { hours, requestsPerHour }) => sum + hours * requestsPerHour, 0);
  const factor = all === 0 ? 1 : requestsPerMonth / all;
  return {
    demand:
      Math.abs(factor - 1) < 1e-12
        ? demand
        : demand.map(({ hours, requestsPerHour }) => ({ hours, requestsPerHour: requestsPerHour * factor })),
    requestsPerReplicaHour: stairs.requestsPerReplica / trafficHours,
    stairs,
    usdPerRequest,
  };
}

function codeOf(best: Floor): HybridPair['code'] {
  if (best.carrying === 0) return 'api';
  return best.apiUsd > 0 ? 'hybrid' : 'own';
}

/** How often each way is the cheapest, the floor being the best one of each sample. */
function cheapestShares(best: readonly Floor[]): HybridPair['cheapest'] {
  const counts = { api: 0, own: 0, hybrid: 0 };
  for (const floor of best) counts[codeOf(floor)] += 1 / best.length;
  return counts;
}

/** What hosting some of it saves against buying all: with no floor nothing, so that floor counts which has at least one replica. */
function savedByHosting(question: FloorQuestion): number {
  return floorOf(question, 0).usdPerMonth - (leastHosted(question)?.usdPerMonth ?? 0);
}

/** A fleet and a tariff with the floor question at values of their inputs. */
interface PairModel {
  readonly side: SizedSelfHost;
  readonly api: ApiPrice;
  readonly model: InputModel;
  readonly questionAt: (values: Values) => FloorQuestion;
}

function pairModel(side: SizedSelfHost, api: ApiPrice, demand: readonly DemandHours[], asked: Asked, at: SituationAt): PairModel {
  return { side, api, model: inputModel(side, api, asked.question, null), questionAt: (values) => questionIn(at(values), demand) };
}

/** What would turn hosting some of it against buying all. */
function turnsOf({ side, api, model, questionAt }: PairModel): HybridTurns {
  const rows = sensitivityRows(model, (values) => savedByHosting(questionAt(values)));
  return { offer: side.id, tariff: api.line.id, rows: turning({ rows }) };
}

function pairOf({ side, api, model, questionAt }: PairModel): HybridPair {
  const middle = questionAt(model.middle);
  const best = bestFloor(middle);
  const peak = peakReplicas(middle);
  const samples = drawnValues(model, SAMPLES).map((values) => {
    const question = questionAt(values);
    const [chosen, all, own] = [best.carrying, 0, peakReplicas(question)].map((carrying) => floorOf(question, carrying)) as [
      Floor,
      Floor,
      Floor,
    ];
    return { best: bestFloor(question), chosen, all, own };
  });
  const all = floorOf(middle, 0);
  const row = (carrying: number) => rowOf(floorOf(middle, carrying), best);
  return {
    id: `${side.id}/${api.line.id}`,
    offer: side.id,
    tariff: api.line.id,
    code: codeOf(best),
    best: rowOf(best, best),
    usdPerMonth: band(
      samples.map(({ chosen }) => chosen.usdPerMonth),
      best.usdPerMonth,
    ),
    allApiUsdPerMonth: band(
      samples.map((one) => one.all.usdPerMonth),
      all.usdPerMonth,
    ),
    allOwn: row(peak),
    allOwnUsdPerMonth: band(
      samples.map(({ own }) => own.usdPerMonth),
      row(peak).usdPerMonth,
    ),
    cheapest: cheapestShares(samples.map((one) => one.best)),
    savingUsdPerMonth: band(
      samples.map(({ all: none, chosen }) => none.usdPerMonth - chosen.usdPerMonth),
      all.usdPerMonth - best.usdPerMonth,
    ),
    savingShare: all.usdPerMonth === 0 ? 0 : 1 - best.usdPerMonth / all.usdPerMonth,
    probability: samples.filter((one) => one.best.carrying > 0).length / samples.length,
    carrying: band(
      samples.map((one) => one.best.carrying),
      best.carrying,
    ),
    oneFewerUsd: best.carrying === 0 ? null : row(best.carrying - 1).regretUsdPerMonth,
    oneMoreUsd: row(best.carrying + 1).regretUsdPerMonth,
    rows: listed(best.carrying, peak).map(row),
  };
}

/** The question with its volume, and the demand over the hours of a month. */
function resolved(
  query: HybridQuery,
  catalog: Catalog,
): SpreadDemand & { readonly hosting: HostingQuestion; readonly asked: HostingQuery } {
  const { profile, ...asked } = query;
  if (!profile) {
    const hosting = resolveHostingQuery(asked, catalog);
    if (!hosting.volume.requestsPerMonth)
      throw new Fault('missing', 'how much is asked in a month', {
        where: '--tokens-per-month',
        allowed: '--users, --tokens-per-month, --requests-per-month, --hourly or --quantiles',
      });
    return { hosting, asked, ...spreadDemand(hosting.volume, hosting.demand.workload, catalog) };
  }
  const stray = VOLUME_FIELDS.find((name) => asked[name] !== undefined);
  if (stray)
    throw new Fault('contradiction', 'the volume is that of the profile', {
      where: stray === 'users' ? '--users' : stray === 'tokensPerMonth' ? '--tokens-per-month' : '--requests-per-month',
      value: asked[stray] ?? null,
      allowed: 'without --hourly and --quantiles',
    });
  const without = resolveHostingQuery(asked, catalog);
  const demand = profileHours(profile, tokensPerRequest(without.demand), without.volume.hoursPerMonth);
  const requestsPerMonth = demand.reduce((sum, { hours, requestsPerHour }) => sum + hours * requestsPerHour, 0);
  const withVolume = { ...asked, requestsPerMonth };
  return { hosting: resolveHostingQuery(withVolume, catalog), asked: withVolume, demand, dayOf: null };
}

function ownAssumptions(query: HybridQuery, { dayOf, hosting }: SpreadDemand & { readonly hosting: HostingQuestion }): Assumption[] {
  const whose = dayOf
    ? `The month's volume comes by the hours of a day of ${dayOf.id}${dayOf.id === hosting.demand.workload?.id ? '' : ', because the workload has none (--hourly, --quantiles)'}.`
    : query.profile
      ? 'Demand by the hour as given.'
      : 'Users work in their hours, evenly; no demand comes in the others.';
  return [
    { code: 'demand-hours', text: whose, source: dayOf ? dayOf.source : query.profile ? 'user' : 'kplan' },
    {
      code: 'overflow',
      text: 'What own replicas do not carry in an hour goes to the API at its price for the mean request: nothing is lost by sending it there, and its prefix is found there as usual.',
      source: 'kplan',
    },
  ];
}

/**
 * How much to host, and how much to buy? The floor of own replicas at which `fleet + overflow × API price` is least over the hours of a
 * month, what one replica more or fewer costs, and what it saves against the API alone and against hosting the busiest hour.
 *
 * @param query workload, volume or demand by the hour, GPUs, tariffs
 * @param catalog facts; prices and measurements later than the asked day are not used
 * @returns pairs of a fleet and a tariff, ascending in cost
 * @throws Fault `missing` where no volume is asked; `unknown`, `invalid` or `contradiction` for a query that cannot be meant
 * @example hybrid({ gpu: ['h200'], workload: 'kimi-chat', tokensPerMonth: 2e11 }, loadCatalog()).pairs.length // 2
 */
export function hybrid(query: HybridQuery, catalog: Catalog): HybridAnswer {
  const found = resolved(query, catalog);
  const { hosting, asked, demand } = found;
  checkUncertainty(hosting.uncertainty, (fields) => resolveHostingQuery({ ...asked, ...fields }, catalog));
  const { sides, refusals, knowledge } = fleetsOf(asked, hosting, catalog);
  const prices = apiPrices(asked.tariffs, hosting, catalog);
  const sized = sides.filter(isSized);
  const unpriced = unpricedLines({ sides, refusals });
  const all: Asked = { query: asked, question: hosting, knowledge, catalog, fieldsAt: fieldsReader(hosting.uncertainty) };
  const models = sized.flatMap((side) => {
    const situations = situationsOf(side, all);
    return prices.map((api) => pairModel(side, api, demand, all, situations(api)));
  });
  const judged = models.map((one) => ({ one, pair: pairOf(one) })).sort((a, b) => a.pair.usdPerMonth.value - b.pair.usdPerMonth.value);
  const pairs = judged.map(({ pair }) => pair);
  const [hosted] = [...judged].sort((a, b) => a.pair.allOwn.usdPerMonth - b.pair.allOwn.usdPerMonth);
  const turned = judged.filter(({ pair }) => pair.offer === pairs[0]?.offer || pair.offer === hosted?.pair.offer);
  const requests = hosting.volume.requestsPerMonth ?? 0;
  const rates = demand.map(({ requestsPerHour }) => requestsPerHour);
  return {
    schema: 'kplan/hybrid@1',
    query: hostingQueryOf(asked, hosting),
    answer: hybridInWords(pairs, { sides: sized, prices, refusals: unpriced }),
    pairs,
    turns: turned.map(({ one }) => turnsOf(one)),
    demand: {
      requestsPerMonth: requests,
      tokensPerMonth: requests * tokensPerRequest(hosting.demand),
      meanPerHour: requests / hosting.volume.hoursPerMonth,
      busiestPerHour: Math.max(...rates),
      calmestPerHour: Math.min(...rates),
    },
    fleets: sides.map((side) => fleetLine(side, hosting)),
    tariffs: prices.map(({ line }) => line),
    refusals: unpriced,
    assumptions: [...hostingAssumptions(asked, hosting, sides, prices), ...ownAssumptions(query, found)],
    warnings: hostingWarnings(sides, prices, hosting, catalog),
    sources: sourcesUsed([...hostingOrigins(sides, prices, hosting), ...(found.dayOf ? [found.dayOf.source] : [])], catalog),
    dataAge: hostingAge(sides, prices, hosting),
  };
}
