import { type AccountVerdict, accountVerdict } from '../../cost/account.ts';
import { type BillLine, bill, billedLeaves } from '../../cost/apiBill.ts';
import type { Tariff } from '../../cost/tariff.ts';
import { cheapestHost, inForce, listTariff } from '../../cost/tariffChoice.ts';
import { requestLeaves, type TokenLeaves } from '../../cost/tokenLeaves.ts';
import { lookupName } from '../../faults/nearest.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { apiReuse, type Demand } from '../../workload/loadPoint.ts';
import type { Catalog } from '../catalog.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import type { TariffLine, TariffRole } from './tariffLine.ts';

/** An API price that self-hosting is compared with. */
export interface ApiPrice {
  /** Prefix of its terms. */
  readonly key: string;
  readonly tariff: Tariff;
  readonly bill: readonly BillLine[];
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

/** The tokens of the mean request as an API bills them. */
export function apiLeaves({ demand, cacheWriteShare: asked }: Pick<HostingQuestion, 'demand' | 'cacheWriteShare'>): TokenLeaves {
  return requestLeaves(demand.inputTokens, demand.outputTokens, {
    reuse: apiReuse(demand),
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
    tokensPerDay: (volume.requestsPerMonth * tokens * 24) / volume.hoursPerMonth,
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

/**
 * What a tariff takes for the mean request.
 *
 * @param key prefix of its terms
 * @param ofTraffic whether the output is that of the traffic, as another model answered it
 */
export function apiPrice(
  key: string,
  tariff: Tariff,
  role: TariffRole,
  question: HostingQuestion,
  catalog: Catalog,
  ofTraffic = false,
): ApiPrice {
  const lines = bill(tariff, apiLeaves(question), question.trafficUtc);
  const usd = lines.reduce((sum, line) => sum + line.usd, 0);
  const price = (leaf: BillLine['leaf']) => lines.find((line) => line.leaf === leaf)?.usdPerMtok;
  const { id, providerName, model, tier, date, source } = tariff;
  return {
    key,
    tariff,
    bill: lines,
    tokens: leafSymbols(ofTraffic, tariff, apiLeaves(question)),
    tokensPerRequest: ofTraffic ? '(inputTokens + trafficOutputTokens)' : 'tokensPerRequest',
    line: {
      id,
      role,
      provider: providerName,
      model,
      tier,
      inputUsdPerMtok: price('uncached') ?? tariff.inputUsdPerMtok,
      cacheReadUsdPerMtok: price('cacheRead') ?? tariff.cacheReadUsdPerMtok ?? tariff.inputUsdPerMtok,
      cacheWriteUsdPerMtok: price('cacheWrite') ?? tariff.cacheWriteUsdPerMtok ?? tariff.inputUsdPerMtok,
      outputUsdPerMtok: price('answer') ?? tariff.outputUsdPerMtok,
      usdPerRequest: usd,
      usdPerMtok: (usd / tokensPerRequest(question.demand)) * 1e6,
      account: accountOn(tariff.provider, question, catalog),
      date,
      source,
    },
  };
}

/** The tariffs that were asked for by id. */
function askedTariffs(ids: readonly string[], { asOf }: HostingQuestion, catalog: Catalog): Tariff[] {
  const existing = new Map(catalog.tariffs.filter((tariff) => inForce(tariff, asOf)).map((tariff) => [tariff.id.toLowerCase(), tariff]));
  return [...new Set(ids.map((id) => lookupName(existing, id, '--tariff', 'kplan data tariffs')))];
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
