import { Fault } from '../../faults/fault.ts';
import { type ApiPrice, apiPrices } from '../api/apiPrices.ts';
import type { Catalog } from '../catalog.ts';
import { fleetLine } from '../hosting/fleetLine.ts';
import { fleetsOf } from '../hosting/fleets.ts';
import { hostingAssumptions } from '../hosting/hostingAssumptions.ts';
import { hostingAge, hostingOrigins, hostingQueryOf, hostingWarnings } from '../hosting/hostingEvidence.ts';
import { type HostingQuery, type HostingQuestion, resolveHostingQuery } from '../hosting/hostingQuestion.ts';
import { isSized, type Refusal, type SelfHost, type SizedSelfHost } from '../hosting/selfHost.ts';
import { cashFlowOf, cashFlowTerms } from '../outlook/cashFlow.ts';
import type { CashFlow } from '../outlook/cashFlowAnswer.ts';
import { cashFlowWarnings } from '../outlook/cashFlowWarnings.ts';
import { sensitivityOf } from '../outlook/sensitivity.ts';
import type { Sensitivity } from '../outlook/sensitivityAnswer.ts';
import { type Asked, situationsOf } from '../outlook/situation.ts';
import { timeAssumptions, timeOrigins } from '../outlook/timeAssumptions.ts';
import { resolveTime, type TimeQuery, type TimeQuestion, timeQueryOf } from '../outlook/timeQuestion.ts';
import { checkUncertainty, fieldsReader, isUncertain, medians } from '../outlook/uncertainty.ts';
import { sourcesUsed, termSources } from '../sourcesUsed.ts';
import type { BreakEvenAnswer, PairVerdict, Unknown } from './breakEvenAnswer.ts';
import { breakEvenRemedy } from './breakEvenRemedy.ts';
import { breakEvenTerms } from './breakEvenTerms.ts';
import { answerInWords, surenessInWords } from './breakEvenWords.ts';
import { type Comparison, compare } from './comparison.ts';
import { monthlyRows } from './monthly.ts';
import { type PaybackPair, paybacks } from './payback.ts';
import { ranked } from './ranking.ts';
import { solve } from './solve.ts';

/** What `breakEven` is asked: what to host and where, what it is compared with, and one unknown to solve for. */
export interface BreakEvenQuery extends HostingQuery, TimeQuery {
  readonly solve?: Unknown;
  /** Whether to say how sure the answer is at the asked volume, and what would turn it. */
  readonly sensitivity?: boolean;
}

/** Verdicts of the pairs that were not compared. */
function unsized(sides: readonly SelfHost[], refusals: readonly Refusal[], prices: readonly ApiPrice[]): PairVerdict[] {
  const without = { probability: null, breakEvenUsdPerMtok: null, crossings: 0, remedy: null };
  return prices.flatMap(({ line }) => [
    ...sides.flatMap(({ id, capacity }) =>
      capacity.kind === 'no-measurement' ? [{ tariff: line.id, offer: id, code: capacity.kind, message: capacity.reason, ...without }] : [],
    ),
    ...refusals.map(({ gpu, code, message }) => ({ tariff: line.id, offer: gpu.id, code, message, ...without })),
  ]);
}

/** Paybacks of all owned fleets against the API prices and the rented fleets of the same GPUs. */
function allPaybacks(sides: readonly SizedSelfHost[], prices: readonly ApiPrice[], question: HostingQuestion): PaybackPair[] {
  return sides.flatMap((side) => {
    const rented = sides.filter((other) => other.gpu === side.gpu && other.gpusPerReplica === side.gpusPerReplica && other.supply.rent);
    return paybacks(side, prices, rented, question);
  });
}

/** Refuses words about sureness or time without a volume, on which both depend. */
function checkVolume(query: BreakEvenQuery, time: TimeQuestion | null, { volume }: HostingQuestion): void {
  if (volume.requestsPerMonth !== null || (!query.sensitivity && !time)) return;
  throw new Fault('missing', time ? 'a cash flow depends on the volume' : 'how sure an answer is depends on the volume', {
    where: time ? '--months' : '--sensitivity',
    allowed: 'with --tokens-per-month, --requests-per-month or --users',
  });
}

/** Fleets that are told month by month and sampled; of more, the best ones are. */
const MOST_OUTLOOKS = 3;

/** How sure each pair is, and its months to come, for the best fleets. */
function outlooks(
  sides: readonly SizedSelfHost[],
  prices: readonly ApiPrice[],
  asked: Asked,
  time: TimeQuestion | null,
): { readonly sensitivity: readonly Sensitivity[]; readonly cashFlows: readonly CashFlow[] } {
  const told = sides.slice(0, MOST_OUTLOOKS);
  return {
    sensitivity: told.flatMap((side) => sensitivityOf(side, prices, asked, time)),
    cashFlows: time
      ? told.flatMap((side) => {
          const situations = situationsOf(side, asked);
          return prices.map((api) => cashFlowOf(side, api, situations(api)(medians(asked.question.uncertainty)), asked.question, time));
        })
      : [],
  };
}

/**
 * When is hosting the model cheaper than its API? The API's bill `price × requests` is held against the fleet's
 * `fixed + ceil((requests / capacity + spare) / replicas per instance) × instance price`, and every volume at which the cheaper side
 * changes is listed.
 *
 * @param query model, GPU types, workload, how instances are paid for and what they are compared with
 * @param catalog facts; prices and measurements later than the asked day are not used, specifications are not dated back
 * @returns crossings in tokens per month with bands, both sides month by month, paybacks, and everything that was assumed
 * @throws Fault `unknown`, `invalid`, `missing` or `contradiction` for a query that cannot be meant
 * @example breakEven({ gpu: ['h200'], workload: 'kimi-chat' }, loadCatalog()).tariffs.length // 2
 */
export function breakEven(query: BreakEvenQuery, catalog: Catalog): BreakEvenAnswer {
  const question = resolveHostingQuery(query, catalog);
  const time = resolveTime(query, question, catalog);
  checkVolume(query, time, question);
  checkUncertainty(question.uncertainty, (fields) => resolveHostingQuery({ ...query, ...fields }, catalog));
  const { knowledge, sides: hosts, refusals } = fleetsOf(query, question, catalog);
  const prices = apiPrices(query.tariffs, question, catalog);
  const compared = hosts.filter(isSized).flatMap((side) => prices.map((price) => compare(side, price, question)));
  const sides = ranked(hosts, compared, question.volume.requestsPerMonth);
  const comparisons = sides.flatMap((side) => compared.filter((comparison) => comparison.side === side));
  const idle = question.volume.requestsPerMonth === 0;
  const verdicts = comparisons.map(
    (pair): PairVerdict =>
      idle
        ? { ...pair.verdict, code: 'no-traffic', message: 'at 0 tokens a month the API costs nothing' }
        : { ...pair.verdict, remedy: breakEvenRemedy(query, question, pair, knowledge) },
  );
  const ofSide = (pairs: readonly Comparison[], side: SelfHost) => pairs.filter((pair) => pair.side === side);
  const monthly = sides.filter(isSized).flatMap((side) => monthlyRows(side, ofSide(comparisons, side), prices, question));
  const shown = idle ? [] : comparisons;
  const { solve: unknown } = query;
  const solved = unknown === undefined ? [] : shown.map((pair) => solve(unknown, pair, question, knowledge));
  const owned = idle ? [] : allPaybacks(sides.filter(isSized), prices, question);
  const sampled = !idle && question.volume.requestsPerMonth !== null && (query.sensitivity || time || isUncertain(question.uncertainty));
  const { sensitivity, cashFlows } = sampled
    ? outlooks(sides.filter(isSized), prices, { query, question, knowledge, catalog, fieldsAt: fieldsReader(question.uncertainty) }, time)
    : { sensitivity: [], cashFlows: [] };
  const parts = { sides, prices, comparisons: shown, monthly, paybacks: owned, solved };
  const terms = query.terms === false ? [] : breakEvenTerms(question, query, parts, catalog);
  return {
    schema: 'kplan/breakeven@1',
    query: { ...hostingQueryOf(query, question), ...timeQueryOf(query), ...(unknown === undefined ? {} : { solve: unknown }) },
    answer: `${answerInWords(comparisons, sides, refusals, question, monthly)}${surenessInWords(sensitivity, cashFlows, prices, question)}`,
    tariffs: prices.map(({ line }) => line),
    offers: sides.map((side) => fleetLine(side, question)),
    verdicts: [...verdicts, ...unsized(sides, refusals, prices)],
    crossings: shown.flatMap(({ crossings }) => crossings),
    monthly,
    paybacks: owned.map(({ row }) => row),
    solved: solved.map(({ root: _, ...found }) => found),
    sensitivity,
    time: time && cashFlowTerms(time),
    cashFlows,
    terms,
    assumptions: [
      ...hostingAssumptions(query, question, sides, prices, { months: time !== null, taxes: time?.tax != null }),
      ...timeAssumptions(time),
    ],
    warnings: [...hostingWarnings(sides, prices, question, catalog), ...cashFlowWarnings(cashFlows, question.lens)],
    sources: sourcesUsed([...hostingOrigins(sides, prices, question), ...timeOrigins(time), ...termSources(terms)], catalog),
    dataAge: hostingAge(sides, prices, question),
  };
}
