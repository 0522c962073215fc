import { hoursText } from '../../cost/hoursText.ts';
import { OWNERSHIP_INPUTS } from '../../cost/ownership.ts';
import { newestHostDate, OLD_PRICE_DAYS } from '../../cost/tariffChoice.ts';
import type { Origin } from '../../evidence/term.ts';
import { daysBetween } from '../../units/time.ts';
import { formatCount, formatTokens } from '../../units/tokens.ts';
import type { DataAge } from '../answerEvidence.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { Catalog } from '../catalog.ts';
import { servedQuery } from '../demand.ts';
import { uncertainText } from '../outlook/uncertainty.ts';
import type { HostingQuery, HostingQuestion } from './hostingQuestion.ts';
import type { SelfHost } from './selfHost.ts';

/** Ten tokens per second and sequence. */
const SLOW_TPOT_MS = 100;

function fleetWarnings(sides: readonly SelfHost[]): string[] {
  const warnings = sides.flatMap(({ supply }) => (supply.warning ? [supply.warning] : []));
  for (const { capacity, gpu } of sides) {
    if (capacity.kind === 'modelled') warnings.push(`the capacity of ${gpu.name} at this load is modelled, not measured`);
    if (capacity.kind !== 'no-measurement' && (capacity.tpotMs?.value ?? 0) > SLOW_TPOT_MS)
      warnings.push(
        `at its capacity ${gpu.name} takes ${Math.round(capacity.tpotMs?.value ?? 0)} ms per token and sequence: --max-tpot sets a limit`,
      );
  }
  return [...new Set(warnings)];
}

/** What else of owning and running may be asked. */
const RUNNING_INPUTS = ['capexUsd', 'kilowatts', 'ftePerEightGpus', 'usdPerFteMonth', 'rampMonths', 'oneOffUsd'] as const;

const LIMIT_WORDS = { requestsPerMinute: 'requests a minute', tokensPerMinute: 'tokens a minute', tokensPerDay: 'tokens a day' } as const;

/** What keeps one account from buying a volume, if anything does. */
export function accountWarning({ line }: ApiPrice): string | null {
  const { account, provider } = line;
  if (!account || account.tier || account.limit === null) return null;
  const { binding, load, limit, accounts } = account;
  return `one account at ${provider} cannot buy this volume: ${formatTokens(load)} ${LIMIT_WORDS[binding]} on average against at most ${formatTokens(limit)}, ${formatCount(accounts)} accounts or a contract`;
}

/** Doubts that an answer on hosting must not hide. */
export function hostingWarnings(
  sides: readonly SelfHost[],
  prices: readonly ApiPrice[],
  question: HostingQuestion,
  catalog: Catalog,
): string[] {
  const warnings = fleetWarnings(sides);
  for (const price of prices) {
    const age = daysBetween(price.line.date, question.asOf);
    if (age > OLD_PRICE_DAYS) warnings.push(`the price of ${price.line.id} is ${age} days old`);
    const account = accountWarning(price);
    if (account) warnings.push(account);
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

/** Everything that an answer rests on, also where its terms are not asked for. */
export function hostingOrigins(sides: readonly SelfHost[], prices: readonly ApiPrice[], question: HostingQuestion): Origin[] {
  const { model, checkpoint } = question.fit.base;
  const facts = sides.flatMap(({ gpu, supply, capacity, judged }) => [
    gpu.torchTotalGiB?.source,
    gpu.memoryBandwidthGBPerSecond?.source,
    gpu.bf16DenseTflops?.source,
    judged.memory?.overheadSource,
    supply.source,
    ...(supply.owned ? [...Object.values(question.ownership.inputs), supply.owned.kilowatts].map(({ source }) => source) : []),
    ...(supply.rent?.offers.map(({ source }) => source) ?? []),
    ...(capacity.kind === 'no-measurement' ? [] : capacity.curves.map(({ source }) => source)),
  ]);
  const workload = question.demand.workload?.source;
  const { ftePerEightGpus, usdPerFteMonth } = question.ownership.staffing;
  return [
    model.architectureSource,
    checkpoint.source,
    workload,
    ftePerEightGpus.source,
    usdPerFteMonth.source,
    ...prices.map(({ line }) => line.source),
    ...facts,
  ].filter((id): id is string => id !== undefined && id !== 'user');
}

/** How old the facts of an answer are. */
export function hostingAge(sides: readonly SelfHost[], prices: readonly ApiPrice[], { asOf }: HostingQuestion): DataAge {
  return {
    asOf,
    oldestPrice: oldest([...prices.map(({ line }) => line.date), ...sides.flatMap(({ supply }) => supply.dates)]),
    oldestMeasurement: oldest(
      sides.flatMap(({ capacity }) => (capacity.kind === 'no-measurement' ? [] : capacity.curves.map(({ oldestDate }) => oldestDate))),
    ),
  };
}

/** What was asked of an answer on hosting, as understood. */
export function hostingQueryOf(query: HostingQuery, question: HostingQuestion): Record<string, string | number | readonly string[]> {
  const { fit, demand, volume } = question;
  const given = (name: string, value: string | number | readonly string[] | null | undefined) =>
    value === null || value === undefined ? {} : { [name]: value };
  return {
    ...given('name', query.name),
    ...(servedQuery({ fit, demand }) as Record<string, string | number | readonly string[]>),
    contextTokens: question.contextTokens,
    ...given('tokensPerMonth', query.tokensPerMonth),
    ...given('requestsPerMonth', query.requestsPerMonth),
    ...given('users', query.users),
    ...given('tokensPerSecond', question.tokensPerSecond?.value),
    ...given('maxTpotMs', question.maxTpotMs),
    ...given('purchases', query.purchases),
    ...given('provider', query.provider),
    ...given('region', query.region),
    ...given('offers', query.offers),
    ...given('trafficUtc', query.trafficUtc && hoursText(query.trafficUtc)),
    ...given('stopIdle', query.stopIdle === true ? 'yes' : undefined),
    ...given('ownership', query.ownership),
    ...Object.fromEntries(
      [...OWNERSHIP_INPUTS, ...RUNNING_INPUTS].flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]] as const])),
    ),
    ...given('tariffs', query.tariffs),
    ...given('usdPerGpuHour', query.usdPerGpuHour),
    ...Object.fromEntries(Object.entries(question.uncertainty.inputs).map(([name, distribution]) => [name, uncertainText(distribution)])),
    hoursPerMonth: volume.hoursPerMonth,
    ...(volume.trafficHours === volume.hoursPerMonth ? {} : { trafficHours: Number(volume.trafficHours.toFixed(3)) }),
    maxLoad: question.maxLoad,
    ...(question.spareReplicas === 0 ? {} : { spareReplicas: question.spareReplicas }),
    lens: question.lens,
    asOf: question.asOf,
  };
}
