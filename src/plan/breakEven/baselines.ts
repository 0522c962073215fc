import { billedTokens, cacheReadUsdPerMtok, usdPerRequest } from '../../cost/apiBill.ts';
import type { Tariff } from '../../cost/tariff.ts';
import { cheapestHost, listTariff } from '../../cost/tariffChoice.ts';
import { lookupName } from '../../faults/nearest.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { knownBy } from '../../units/time.ts';
import { apiReuse } from '../../workload/loadPoint.ts';
import type { Catalog } from '../catalog.ts';
import type { TariffLine } from './breakEvenAnswer.ts';
import type { BreakEvenQuestion } from './breakEvenQuestion.ts';

/** An API price that self-hosting is compared with. */
export interface Baseline {
  /** Prefix of its terms. */
  readonly key: string;
  readonly tariff: Tariff;
  readonly line: TariffLine;
}

function lineOf(tariff: Tariff, role: TariffLine['role'], { demand }: BreakEvenQuestion): TariffLine {
  const usd = usdPerRequest(tariff, billedTokens(demand.inputTokens, demand.outputTokens, apiReuse(demand)));
  const { id, providerName, model, inputUsdPerMtok, outputUsdPerMtok, date, source } = tariff;
  return {
    id,
    role,
    provider: providerName,
    model,
    inputUsdPerMtok,
    outputUsdPerMtok,
    date,
    source,
    cacheReadUsdPerMtok: cacheReadUsdPerMtok(tariff),
    usdPerRequest: usd,
    usdPerMtok: (usd / tokensPerRequest(demand)) * 1e6,
  };
}

/**
 * The API prices to compare with: those asked for, or the vendor's list price and the cheapest host of the day (one line where
 * they are the same).
 *
 * @param ids of tariffs, or undefined
 * @throws Fault `unknown` for an id that does not exist on the day
 */
export function baselines(ids: readonly string[] | undefined, question: BreakEvenQuestion, catalog: Catalog): Baseline[] {
  const { demand, asOf, fit } = question;
  if (ids && ids.length > 0) {
    const existing = new Map(catalog.tariffs.filter(({ date }) => knownBy(date, asOf)).map((tariff) => [tariff.id.toLowerCase(), tariff]));
    const tariffs = new Set(ids.map((id) => lookupName(existing, id, '--tariff', 'kplan data tariffs')));
    return [...tariffs].map((tariff, index) => ({ key: `asked${index + 1}`, tariff, line: lineOf(tariff, 'asked', question) }));
  }
  const list = listTariff(catalog.tariffs, fit.base.model.id, asOf);
  const host = cheapestHost(
    catalog.tariffs,
    fit.base.model.id,
    asOf,
    billedTokens(demand.inputTokens, demand.outputTokens, apiReuse(demand)),
  );
  return [
    ...(list ? [{ key: 'list', tariff: list, line: lineOf(list, 'list', question) }] : []),
    ...(host && host !== list ? [{ key: 'cheapest', tariff: host, line: lineOf(host, 'cheapest-host', question) }] : []),
  ];
}
