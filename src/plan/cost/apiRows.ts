import type { BillLine } from '../../cost/apiBill.ts';
import type { Tariff } from '../../cost/tariff.ts';
import { cheapestHost, listTariff, standingTariffs } from '../../cost/tariffChoice.ts';
import { through } from '../../evidence/estimate.ts';
import { centsOf, toCents } from '../../units/money.ts';
import { type ApiPrice, apiLeaves, apiPrice, apiPrices, onOtherModel } from '../api/apiPrices.ts';
import type { TariffRole } from '../api/tariffLine.ts';
import type { Catalog } from '../catalog.ts';
import { constraintsOn } from '../constraint.ts';
import type { CostRow } from './costAnswer.ts';
import type { CostQuestion } from './costQuestion.ts';
import { perTask, perUser } from './units.ts';

/**
 * Every tariff that holds on the day for the model and those it is held against; with tariffs named, those alone.
 *
 * @param ids of tariffs that the user named
 */
export function costPrices({ hosting, against }: CostQuestion, ids: readonly string[] | undefined, catalog: Catalog): ApiPrice[] {
  const { fit, asOf, trafficUtc } = hosting;
  const model = fit.base.model.id;
  if (ids && ids.length > 0) return apiPrices(ids, hosting, catalog);
  const others = onOtherModel(hosting);
  const standing = [model, ...against].flatMap((name): [Tariff, TariffRole][] => {
    const list = listTariff(catalog.tariffs, name, asOf);
    const cheapest = cheapestHost(catalog.tariffs, name, asOf, apiLeaves(name === model ? hosting : others), trafficUtc);
    const role = (tariff: Tariff) => (tariff === list ? 'list' : tariff === cheapest ? 'cheapest-host' : 'other');
    return standingTariffs(catalog.tariffs, { model: name }, asOf).map((tariff) => [tariff, role(tariff)]);
  });
  return standing.map(([tariff, role], index) => {
    const own = tariff.model === model;
    const named = own && role === 'cheapest-host' ? 'cheapest' : own && role === 'list' ? 'list' : `api${index + 1}`;
    return apiPrice(named, tariff, role, hosting, catalog);
  });
}

const INPUT: ReadonlySet<BillLine['leaf']> = new Set(['uncached', 'cacheRead', 'cacheWrite', 'cacheWrite1h']);

/** USD per million tokens over some leaves of a bill. */
function blended(lines: readonly BillLine[]): number {
  const tokens = lines.reduce((sum, line) => sum + line.tokens, 0);
  return tokens === 0 ? 0 : (lines.reduce((sum, { usd }) => sum + usd, 0) / tokens) * 1e6;
}

/** The month at one tariff. */
export function apiRow({ tariff, bill, line, usdPerRequest }: ApiPrice, question: CostQuestion, catalog: Catalog): CostRow {
  const { requests, hosting } = question;
  const cents = centsOf(bill.map(({ usd }) => usd * requests));
  const exact = line.usdPerRequest * requests;
  const total = toCents(exact);
  const thinking = bill.find(({ leaf }) => leaf === 'thinking');
  return {
    id: line.id,
    kind: tariff.providerKind,
    role: line.role,
    name: line.provider,
    model: line.model,
    tier: line.tier,
    usdPerMonth: through(usdPerRequest, (usd) => toCents(usd * requests)),
    fullyLoadedUsd: total,
    incrementalUsd: total,
    bill: bill.map(({ leaf, tokens, usdPerMtok }, index) => ({
      code: leaf,
      tokens: tokens * requests,
      usdPerMtok,
      usdPerMonth: cents[index] ?? 0,
    })),
    inputUsdPerMtok: blended(bill.filter(({ leaf }) => INPUT.has(leaf))),
    outputUsdPerMtok: blended(bill.filter(({ leaf }) => !INPUT.has(leaf))),
    usdPerMtok: line.usdPerMtok.value,
    usdPerRequest: line.usdPerRequest,
    usdPerUser: perUser(exact, question),
    usdPerTask: perTask(line.usdPerRequest, question),
    thinkingUsd: hosting.demand.thinkingShare === null ? null : (thinking?.usd ?? 0) * requests,
    replicas: null,
    modelled: false,
    instances: null,
    utilisation: null,
    account: line.account,
    constraints: constraintsOn(catalog.constraints, line.model, tariff.provider).map(({ id }) => id),
    date: line.date,
    source: line.source,
  };
}
