import { fleetFor, type Staircase } from '../../cost/fleet.ts';
import { fullFleet } from '../../cost/fullUse.ts';
import { paybackMonths } from '../../cost/payback.ts';
import { counts } from '../../cost/purchase.ts';
import type { TermSheet } from '../../evidence/term.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { middleStairs, type SizedSelfHost } from '../hosting/selfHost.ts';
import type { Payback } from './breakEvenAnswer.ts';

const CAPITAL = new Set(['depreciation', 'cost-of-capital']);

/** What one machine of one's own costs month by month, without its price spread over time. */
function runningPerInstance({ supply }: SizedSelfHost, { lens }: HostingQuestion): number {
  return supply.lines.reduce((sum, { code, usdPerMonth }) => (!CAPITAL.has(code) && counts(code, lens) ? sum + usdPerMonth : sum), 0);
}

/** The volume that paybacks are told for: the asked one, or a full smallest fleet. */
function paybackRequests(stairs: Staircase, { volume }: HostingQuestion): number {
  return volume.requestsPerMonth ?? fullFleet(stairs).requests;
}

/**
 * After how many months the machines of an owned fleet have paid for themselves, against each API price and each rented fleet of the
 * same GPUs, at the asked volume or at full use.
 *
 * @param side an owned fleet with a capacity
 * @param others rented fleets on the same GPU type
 */
export function paybacks(
  side: SizedSelfHost,
  prices: readonly ApiPrice[],
  others: readonly SizedSelfHost[],
  question: HostingQuestion,
): Payback[] {
  const server = side.supply.owned;
  if (!server) return [];
  const stairs = middleStairs(side, question);
  const requests = paybackRequests(stairs, question);
  const { instances } = fleetFor(requests, stairs);
  const capexUsd = instances * server.capexUsd.value;
  const runningUsdPerMonth = instances === 0 ? 0 : stairs.fixedUsd + instances * runningPerInstance(side, question);
  const against = (id: string, key: string, avoidedUsdPerMonth: number): Payback => {
    const months = paybackMonths(capexUsd, avoidedUsdPerMonth, runningUsdPerMonth);
    return {
      id: `${side.key}_${key}_payback`,
      offer: side.id,
      against: id,
      code: months === null ? 'never' : 'pays-back',
      tokensPerMonth: requests * tokensPerRequest(question.demand),
      capexUsd,
      avoidedUsdPerMonth,
      runningUsdPerMonth,
      months,
    };
  };
  return [
    ...prices.map(({ key, line }) => against(line.id, key, requests * line.usdPerRequest)),
    ...others.map((other) => against(other.id, other.key, fleetFor(requests, middleStairs(other, question)).usdPerMonth)),
  ];
}

/** How the paybacks of one owned fleet came about. */
export function paybackTerms(sheet: TermSheet, side: SizedSelfHost, rows: readonly Payback[]): void {
  for (const { id, capexUsd, avoidedUsdPerMonth, runningUsdPerMonth, months, against } of rows) {
    if (months === null) continue;
    const instances = capexUsd / (side.supply.owned?.capexUsd.value ?? 1);
    sheet
      .formula(`${id}_capex`, 'price of the machines', 'USD', capexUsd, `${instances} * (1 instance) * ${side.key}_capexUsd`)
      .input(`${id}_avoided`, `what is not paid any more: ${against}`, 'USD/month', avoidedUsdPerMonth, 'kplan')
      .input(`${id}_running`, 'running cost without depreciation and capital', 'USD/month', runningUsdPerMonth, 'kplan')
      .formula(id, `payback against ${against}`, 'month', months, `${id}_capex / (${id}_avoided - ${id}_running)`);
  }
}
