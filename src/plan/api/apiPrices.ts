import { type AccountVerdict, accountVerdict } from '../../cost/account.ts';
import { type BillLine, bill, billedLeaves, usdPerRequest } from '../../cost/apiBill.ts';
import type { Tariff } from '../../cost/tariff.ts';
import { cheapestHost, effectiveDate, inForce, listTariff } from '../../cost/tariffChoice.ts';
import { requestLeaves, type TokenLeaves } from '../../cost/tokenLeaves.ts';
import { leafPrices } from '../../cost/tokenPrice.ts';
import { type Estimate, through } from '../../evidence/estimate.ts';
import { Fault } from '../../faults/fault.ts';
import { lookupName } from '../../faults/nearest.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { apiReuse, apiReuseBand, type Demand } from '../../workload/loadPoint.ts';
import type { Catalog } from '../catalog.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { laterThan } from '../laterThan.ts';
import type { TariffLine, TariffRole } from './tariffLine.ts';

/** An API price that self-hosting is compared with. */
export interface ApiPrice {
  /** Prefix of its terms. */
  readonly key: string;
  readonly tariff: Tariff;
  readonly bill: readonly BillLine[];
  /** USD; the band is that of the prefix reuse which is stated for the workload. */
  readonly usdPerRequest: Estimate;
  /** The terms that hold the tokens of each leaf. */
  readonly tokens: Readonly<Record<BillLine['leaf'], string>>;
  /** The terms that make up all tokens of a request. */
  readonly tokensPerRequest: string;
  readonly line: TariffLine;
}

/** Share of the fresh input that is written to the API's cache: all of it where the cache is read, for else nothing could be found there. */
export function cacheWriteShare(demand: Demand, asked: number | null): number {
  return asked ?? (apiReuse(demand) > 0 ? 1 : 0);
}

const HOURS_PER_DAY = 24;

/** The tokens of the mean request as an API bills them, at the prefix reuse of the question or another. */
export function apiLeaves(
  { demand, cacheWriteShare: asked }: Pick<HostingQuestion, 'demand' | 'cacheWriteShare'>,
  reuse = apiReuse(demand),
): TokenLeaves {
  return requestLeaves(demand.inputTokens, demand.outputTokens, {
    reuse,
    writeShare: cacheWriteShare(demand, asked),
    thinkingShare: demand.thinkingShare ?? 0,
  });
}

/** Whether one account of a provider can buy the asked volume; null where no volume or no limit is known. */
function accountOn(provider: string, { volume, demand }: HostingQuestion, catalog: Catalog): AccountVerdict | null {
  const account = catalog.accounts.find(({ id }) => id === provider);
  if (!account || volume.requestsPerMonth === null) return null;
  const requestsPerMinute = volume.requestsPerMonth / volume.trafficHours / 60;
  const tokens = tokensPerRequest(demand);
  return accountVerdict(account, {
    requestsPerMinute,
    tokensPerMinute: requestsPerMinute * tokens,
    tokensPerDay:
      (volume.requestsPerMonth * tokens) / (volume.users ? catalog.planning.workDaysPerMonth.value : volume.hoursPerMonth / HOURS_PER_DAY),
  });
}

/** The terms that hold the tokens of each leaf. */
function leafSymbols(ofTraffic: boolean, tariff: Tariff, leaves: TokenLeaves): ApiPrice['tokens'] {
  const folded = billedLeaves(tariff, leaves).cacheWrite < leaves.cacheWrite;
  const output = ofTraffic ? 'traffic' : '';
  const named = (leaf: string) => (output === '' ? `${leaf}Tokens` : `${output}${leaf[0]?.toUpperCase()}${leaf.slice(1)}Tokens`);
  return {
    uncached: folded ? '(uncachedTokens + cacheWriteTokens)' : 'uncachedTokens',
    cacheRead: 'cacheReadTokens',
    cacheWrite: 'cacheWriteTokens',
    cacheWrite1h: 'cacheWrite1hTokens',
    answer: named('answer'),
    thinking: named('thinking'),
  };
}

/** The same traffic on another model: its output as it was answered. */
export function onOtherModel(question: HostingQuestion): HostingQuestion {
  const { demand } = question;
  return { ...question, demand: { ...demand, ...demand.traffic, thinkingRatio: 1 } };
}

/**
 * What a tariff takes for the mean request.
 *
 * @param key prefix of its terms
 * @param asked what is published of the thinking of the asked model does not hold for another one
 */
export function apiPrice(key: string, tariff: Tariff, role: TariffRole, asked: HostingQuestion, catalog: Catalog): ApiPrice {
  const other = tariff.model !== asked.fit.base.model.id && asked.demand.thinkingRatio !== 1;
  const question = other ? onOtherModel(asked) : asked;
  const lines = bill(tariff, apiLeaves(question), question.trafficUtc);
  const usd = through(apiReuseBand(question.demand), (reuse) => usdPerRequest(tariff, apiLeaves(question, reuse), question.trafficUtc));
  const prices = leafPrices(tariff, question.demand.inputTokens, question.trafficUtc);
  const { id, providerName, model, tier, date, source } = tariff;
  return {
    key,
    tariff,
    bill: lines,
    usdPerRequest: usd,
    tokens: leafSymbols(other, tariff, apiLeaves(question)),
    tokensPerRequest: other ? '(inputTokens + trafficOutputTokens)' : 'tokensPerRequest',
    line: {
      id,
      role,
      provider: providerName,
      model,
      tier,
      inputUsdPerMtok: prices.uncached,
      cacheReadUsdPerMtok: prices.cacheRead,
      cacheWriteUsdPerMtok: prices.cacheWrite,
      outputUsdPerMtok: prices.answer,
      usdPerRequest: usd.value,
      usdPerMtok: through(usd, (perRequest) => (perRequest / tokensPerRequest(question.demand)) * 1e6),
      account: accountOn(tariff.provider, question, catalog),
      date,
      source,
    },
  };
}

/** A tariff that is named but does not hold on the day. */
function notInForce({ until, ...tariff }: Tariff, asOf: string, id: string): Fault {
  if (until === null || asOf < until) return laterThan(asOf, '--tariff', id, effectiveDate(tariff));
  return new Fault('unknown', `it does not hold on ${asOf}`, { where: '--tariff', value: id, allowed: `an --as-of before ${until}` });
}

/** The tariffs that were asked for by id. */
function askedTariffs(ids: readonly string[], { asOf }: HostingQuestion, catalog: Catalog): Tariff[] {
  const all = new Map(catalog.tariffs.map((tariff) => [tariff.id.toLowerCase(), tariff]));
  const tariffs = ids.map((id) => {
    const tariff = lookupName(all, id, '--tariff', 'kplan data tariffs');
    if (!inForce(tariff, asOf)) throw notInForce(tariff, asOf, id);
    return tariff;
  });
  return [...new Set(tariffs)];
}

/**
 * The API prices to compare with: those asked for, or the vendor's list price and the cheapest host of the day (one line where
 * they are the same).
 *
 * @param ids of tariffs, or undefined
 * @throws Fault `unknown` for an id that does not exist on the day
 */
export function apiPrices(ids: readonly string[] | undefined, question: HostingQuestion, catalog: Catalog): ApiPrice[] {
  const { asOf, fit, trafficUtc } = question;
  const priced = (key: string, tariff: Tariff, role: TariffRole) => apiPrice(key, tariff, role, question, catalog);
  if (ids && ids.length > 0)
    return askedTariffs(ids, question, catalog).map((tariff, index) => priced(`asked${index + 1}`, tariff, 'asked'));
  const list = listTariff(catalog.tariffs, fit.base.model.id, asOf);
  const host = cheapestHost(catalog.tariffs, fit.base.model.id, asOf, apiLeaves(question), trafficUtc);
  return [...(list ? [priced('list', list, 'list')] : []), ...(host && host !== list ? [priced('cheapest', host, 'cheapest-host')] : [])];
}
