import { newestHostDate, OLD_PRICE_DAYS } from '../../cost/tariffChoice.ts';
import type { Origin } from '../../evidence/term.ts';
import { daysBetween } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import { servedQuery } from '../demand.ts';
import { sourcesUsed, termSources } from '../sourcesUsed.ts';
import { knowledgeFor } from '../speed/ownKnowledge.ts';
import { type Baseline, baselines } from './baselines.ts';
import type { BreakEvenAnswer, PairVerdict } from './breakEvenAnswer.ts';
import { type BreakEvenQuery, type BreakEvenQuestion, resolveBreakEvenQuery } from './breakEvenQuestion.ts';
import { breakEvenRemedy } from './breakEvenRemedy.ts';
import { breakEvenTerms } from './breakEvenTerms.ts';
import { answerInWords, assumptionsOf } from './breakEvenWords.ts';
import { compare } from './comparison.ts';
import { fleetLine } from './fleetLine.ts';
import { monthlyRows } from './monthly.ts';
import { ranked } from './ranking.ts';
import { askedOffer, isSized, type Refusal, type SelfHost, selfHost } from './selfHost.ts';

/** Ten tokens per second and sequence. */
const SLOW_TPOT_MS = 100;

/** Verdicts of the pairs that were not compared. */
function unsized(sides: readonly SelfHost[], refusals: readonly Refusal[], prices: readonly Baseline[]): PairVerdict[] {
  const without = { probability: null, breakEvenUsdPerMtok: null, remedy: null };
  return prices.flatMap(({ line }) => [
    ...sides.flatMap(({ id, capacity }) =>
      capacity.kind === 'no-measurement' ? [{ tariff: line.id, offer: id, code: capacity.kind, message: capacity.reason, ...without }] : [],
    ),
    ...refusals.map(({ gpu, code, message }) => ({ tariff: line.id, offer: gpu.id, code, message, ...without })),
  ]);
}

function warningsOf(sides: readonly SelfHost[], prices: readonly Baseline[], question: BreakEvenQuestion, catalog: Catalog): string[] {
  const warnings = sides.flatMap(({ offer }) => (offer.warning ? [offer.warning] : []));
  for (const { capacity, gpu } of sides) {
    if (capacity.kind === 'modelled') warnings.push(`the capacity of ${gpu.name} at this load is modelled, not measured`);
    if (capacity.kind !== 'no-measurement' && (capacity.tpotMs?.value ?? 0) > SLOW_TPOT_MS)
      warnings.push(
        `at its capacity ${gpu.name} takes ${Math.round(capacity.tpotMs?.value ?? 0)} ms per token and sequence: --max-tpot sets a limit`,
      );
  }
  for (const { line } of prices) {
    const age = daysBetween(line.date, question.asOf);
    if (age > OLD_PRICE_DAYS) warnings.push(`the price of ${line.id} is ${age} days old`);
  }
  const newest = newestHostDate(catalog.tariffs, question.fit.base.model.id, question.asOf);
  if (prices.some(({ line }) => line.role === 'list') && newest !== null && daysBetween(newest, question.asOf) > OLD_PRICE_DAYS)
    warnings.push(`no host price of at most ${OLD_PRICE_DAYS} days is known on ${question.asOf}; the newest is of ${newest}`);
  if (question.asOf > catalog.date)
    warnings.push(`the catalog ends on ${catalog.date}: nothing is known of the days until ${question.asOf}`);
  return warnings;
}

function oldest(dates: readonly string[]): string | null {
  return dates.reduce<string | null>((first, date) => (first === null || date < first ? date : first), null);
}

/** Everything that the answer rests on, also where its terms are not asked for. */
function originsOf(sides: readonly SelfHost[], prices: readonly Baseline[], question: BreakEvenQuestion): Origin[] {
  const { model, checkpoint } = question.fit.base;
  const facts = sides.flatMap(({ gpu, offer, capacity, judged }) => [
    gpu.torchTotalGiB?.source,
    gpu.memoryBandwidthGBPerSecond?.source,
    gpu.bf16DenseTflops?.source,
    judged.memory?.overheadSource,
    ...offer.offers.map(({ source }) => source),
    ...(capacity.kind === 'no-measurement' ? [] : capacity.curves.map(({ source }) => source)),
  ]);
  const workload = question.demand.workload?.source;
  return [model.architectureSource, checkpoint.source, workload, ...prices.map(({ line }) => line.source), ...facts].filter(
    (id) => id !== undefined,
  );
}

function queryOf(query: BreakEvenQuery, { fit, demand, ...question }: BreakEvenQuestion): BreakEvenAnswer['query'] {
  return {
    ...servedQuery({ fit, demand }),
    contextTokens: question.contextTokens,
    ...(question.tokensPerMonth === null ? {} : { tokensPerMonth: question.tokensPerMonth }),
    ...(question.tokensPerSecond === null ? {} : { tokensPerSecond: question.tokensPerSecond.value }),
    ...(question.maxTpotMs === null ? {} : { maxTpotMs: question.maxTpotMs }),
    ...(query.offer === undefined ? {} : { offer: query.offer }),
    ...(query.tariffs === undefined ? {} : { tariffs: query.tariffs }),
    hoursPerMonth: question.hoursPerMonth,
    maxLoad: question.maxLoad,
    asOf: question.asOf,
  };
}

/**
 * When is hosting the model cheaper than its API? The API's bill `price * requests` is held against the fleet's
 * `ceil(requests / capacity) * instance price`, and every volume at which the cheaper side changes is listed.
 *
 * @param query model, GPU types, workload and what they are compared with
 * @param catalog facts; prices and measurements later than the asked day are not used, specifications are not dated back
 * @returns crossings in tokens per month with bands, both sides month by month, and everything that was assumed
 * @throws Fault `unknown`, `invalid`, `missing` or `contradiction` for a query that cannot be meant
 * @example breakEven({ gpu: ['h200'], workload: 'kimi-chat' }, loadCatalog()).answer
 */
export function breakEven(query: BreakEvenQuery, catalog: Catalog): BreakEvenAnswer {
  const question = resolveBreakEvenQuery(query, catalog);
  const knowledge = knowledgeFor(query.ownMeasurements ?? [], question.fit.base.model.family, question.asOf, catalog);
  const asked = askedOffer(query.offer, question.fit.gpus, catalog, question.asOf);
  const outcomes = question.fit.gpus.map((ask) =>
    selfHost(question, ask, catalog, knowledge, asked?.offers[0]?.gpu === ask.gpu.id ? asked : null),
  );
  const refusals = outcomes.filter((outcome): outcome is Refusal => 'code' in outcome);
  const prices = baselines(query.tariffs, question, catalog);
  const hosts = outcomes.filter((outcome): outcome is SelfHost => 'offer' in outcome);
  const compared = hosts.filter(isSized).flatMap((side) => prices.map((price) => compare(side, price, question)));
  const sides = ranked(hosts, compared);
  const comparisons = sides.flatMap((side) => compared.filter((comparison) => comparison.side === side));
  const idle = question.tokensPerMonth === 0;
  const verdicts = comparisons.map(
    (pair): PairVerdict =>
      idle
        ? { ...pair.verdict, code: 'no-traffic', message: 'at 0 tokens a month the API costs nothing' }
        : { ...pair.verdict, remedy: breakEvenRemedy(query, question, pair, knowledge) },
  );
  const monthly = sides.filter(isSized).flatMap((side) =>
    monthlyRows(
      side,
      comparisons.filter((comparison) => comparison.side === side),
      prices,
      question,
    ),
  );
  const shown = idle ? [] : comparisons;
  const terms = query.terms === false ? [] : breakEvenTerms(question, sides, prices, shown, monthly);
  return {
    schema: 'kplan/breakeven@1',
    query: queryOf(query, question),
    answer: answerInWords(comparisons, sides, refusals, question, monthly),
    tariffs: prices.map(({ line }) => line),
    offers: sides.map((side) => fleetLine(side, question)),
    verdicts: [...verdicts, ...unsized(sides, refusals, prices)],
    crossings: shown.flatMap(({ crossings }) => crossings),
    monthly,
    terms,
    assumptions: assumptionsOf(query, question, sides, prices),
    warnings: warningsOf(sides, prices, question, catalog),
    sources: sourcesUsed([...originsOf(sides, prices, question), ...termSources(terms)], catalog),
    dataAge: {
      asOf: question.asOf,
      oldestPrice: oldest([...prices.map(({ line }) => line.date), ...sides.flatMap(({ offer }) => offer.offers.map(({ date }) => date))]),
      oldestMeasurement: oldest(
        sides.flatMap(({ capacity }) => (capacity.kind === 'no-measurement' ? [] : capacity.curves.map(({ oldestDate }) => oldestDate))),
      ),
    },
  };
}
