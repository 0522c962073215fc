import { usdPerRequest } from '../../cost/apiBill.ts';
import { type Staircase, staircase } from '../../cost/fleet.ts';
import { type CostLine, instanceCost } from '../../cost/purchase.ts';
import { valueAt } from '../../evidence/distribution.ts';
import { quasiRandomPoints } from '../../evidence/quasiRandom.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { Demand } from '../../workload/loadPoint.ts';
import { type ApiPrice, apiLeaves, onOtherModel } from '../api/apiPrices.ts';
import type { Catalog } from '../catalog.ts';
import { resolveDemand } from '../demand.ts';
import type { HostingQuery, HostingQuestion } from '../hosting/hostingQuestion.ts';
import { fleetRules, requestsPerMonth, type SizedSelfHost } from '../hosting/selfHost.ts';
import { billedHours, type SupplyValues } from '../hosting/supply.ts';
import { trafficVolume } from '../hosting/trafficVolume.ts';
import { capacityOver } from './demandCapacity.ts';
import { CUT, type FieldsAt, touchedFields, type UncertainField, type Uncertainty, type Values } from './uncertainty.ts';

/** Everything that decides between a fleet and an API, at one value of each input. */
export interface Situation {
  readonly requestsPerMonth: number;
  /** Hours of the month in which they come. */
  readonly trafficHours: number;
  readonly usdPerRequest: number;
  readonly stairs: Staircase;
  /** Of one instance, whatever the lens. */
  readonly lines: readonly CostLine[];
  /** Inputs of the price of an instance that are not in the middle. */
  readonly supplied: SupplyValues;
  readonly oneOffUsd: number;
  readonly rampMonths: number;
}

/** The situation at values of inputs by name. */
export type SituationAt = (values: Values) => Situation;

/** What is asked, of which catalog. */
export interface Asked {
  readonly query: HostingQuery;
  readonly question: HostingQuestion;
  readonly knowledge: Knowledge;
  readonly catalog: Catalog;
  readonly fieldsAt: FieldsAt;
}

const OF_DEMAND: readonly UncertainField[] = ['inputTokens', 'outputTokens', 'reuse', 'thinkingShare', 'thinkingRatio'];
const OF_VOLUME: readonly UncertainField[] = ['tokensPerMonth', 'requestsPerMonth', 'users', 'requestsPerUserHour', 'activeHours'];

/** Demands to spread the table of capacities over. */
const DEMANDS = 512;

/** The demands that draws of the inputs ask for, the ends of each input among them. */
function drawnDemands(uncertainty: Uncertainty, demandOf: (values: Values) => Demand): Demand[] {
  const inputs = Object.entries(uncertainty.inputs);
  const columns = quasiRandomPoints(inputs.length, Math.log2(DEMANDS), { seed: 1, number: 0 });
  const at = (shareOf: (input: number) => number): Demand =>
    demandOf(Object.fromEntries(inputs.map(([name, distribution], input) => [name, valueAt(distribution, shareOf(input))])));
  const inside = Array.from({ length: DEMANDS }, (_, point) =>
    at((input) => Math.min(1 - CUT, Math.max(CUT, columns[input]?.[point] ?? 0.5))),
  );
  const corners = inputs.flatMap((_, one) => [CUT, 1 - CUT].map((end) => at((input) => (input === one ? end : 0.5))));
  return [...inside, ...corners];
}

/** What a tariff takes for the mean request of a demand. */
function requestPrice({ tariff }: ApiPrice, question: HostingQuestion): number {
  const other = tariff.model !== question.fit.base.model.id && question.demand.thinkingRatio !== 1;
  const asked = other ? onOtherModel(question) : question;
  return usdPerRequest(tariff, apiLeaves(asked), asked.trafficUtc);
}

/**
 * The situations of a fleet at values of the inputs: those of the user's uncertainty, those of the fleet's price by name, and factors on
 * capacity, API price and volume. What an input does not touch is not computed anew.
 *
 * @returns for an API a function of values by name; those left out are in the middle
 */
export function situationsOf(
  side: SizedSelfHost,
  { query, question, knowledge, catalog, fieldsAt }: Asked,
): (api: ApiPrice) => SituationAt {
  const { uncertainty, ownership, volume } = question;
  const touched = new Set(touchedFields(uncertainty));
  const touches = (fields: readonly UncertainField[]) => fields.some((field) => touched.has(field));
  const demandOf = (fields: Values): Demand => resolveDemand({ ...query, ...fields }, catalog).demand;
  const ofDemand = touches(OF_DEMAND);
  const ofVolume = ofDemand || touches(OF_VOLUME);
  const ofPrice = ofDemand || touched.has('cacheWriteShare');
  const stated = touched.has('tokensPerSecond');
  const drawn = () => drawnDemands(uncertainty, (values) => demandOf(fieldsAt(values)));
  const capacityOf = ofDemand && !stated ? capacityOver(side, question, knowledge, drawn()) : () => side.capacity.requestsPerSecond.value;
  return (api) => (values) => {
    const fields = fieldsAt(values);
    const demand = ofDemand ? demandOf(fields) : question.demand;
    const month = ofVolume ? trafficVolume({ ...query, ...fields }, demand, catalog.planning) : volume;
    const asked = { ...question, demand, volume: month, cacheWriteShare: fields.cacheWriteShare ?? question.cacheWriteShare };
    const price = ofPrice ? requestPrice(api, asked) : api.usdPerRequest.value;
    const perSecond = stated ? (fields.tokensPerSecond ?? 0) / tokensPerRequest(demand) : capacityOf(demand);
    const { residualShare, ...machine } = { ...values, ...fields };
    const supplied: SupplyValues = { ...machine, ...(residualShare === undefined ? {} : { lostShare: 1 - residualShare }) };
    const { rampMonths = ownership.rampMonths, oneOffUsd = ownership.oneOffUsd } = fields;
    const lines = side.supply.linesAt(supplied, billedHours(side.supply.purchase, asked), rampMonths);
    const planned = requestsPerMonth(perSecond * (values['capacity'] ?? 1), asked) * question.maxLoad;
    const rules = fleetRules({ ...question, ownership: { ...ownership, oneOffUsd } });
    return {
      requestsPerMonth: (month.requestsPerMonth ?? 0) * (values['volume'] ?? 1),
      trafficHours: month.trafficHours,
      usdPerRequest: price * (values['apiPrice'] ?? 1),
      stairs: staircase(planned, instanceCost(lines, question.lens), side.packing, rules),
      lines,
      supplied,
      oneOffUsd,
      rampMonths,
    };
  };
}
