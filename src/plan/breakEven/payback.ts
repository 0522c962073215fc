import { fleetFor, type Staircase } from '../../cost/fleet.ts';
import { fullFleet } from '../../cost/fullUse.ts';
import { paybackMonths } from '../../cost/payback.ts';
import { type CostCode, counts } from '../../cost/purchase.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { middleStairs, type SizedSelfHost } from '../hosting/selfHost.ts';
import type { Payback } from './breakEvenAnswer.ts';

/** What is paid before the first month of use, not month by month. */
const UPFRONT: ReadonlySet<CostCode> = new Set(['depreciation', 'cost-of-capital', 'ramp-up']);

/** The parts of an instance's cost that are paid month by month. */
export function runningCodes({ supply }: SizedSelfHost, { lens }: HostingQuestion): CostCode[] {
  return supply.lines.flatMap(({ code }) => (!UPFRONT.has(code) && counts(code, lens) ? [code] : []));
}

function runningPerInstance(side: SizedSelfHost, question: HostingQuestion): number {
  const codes = runningCodes(side, question);
  return side.supply.lines.reduce((sum, { code, usdPerMonth }) => (codes.includes(code) ? sum + usdPerMonth : sum), 0);
}

/** The volume that paybacks are told for: the asked one, or a full smallest fleet. */
function paybackRequests(stairs: Staircase, { volume }: HostingQuestion): number {
  return volume.requestsPerMonth ?? fullFleet(stairs).requests;
}

/** A payback with what it is held against, so that it can be derived. */
export interface PaybackPair {
  readonly row: Payback;
  readonly side: SizedSelfHost;
  readonly against: ApiPrice | SizedSelfHost;
  readonly requests: number;
  readonly instances: number;
  /** Of the rented fleet. */
  readonly rentedInstances: number | null;
}

/**
 * After how many months the machines of an owned fleet have paid for themselves, at the asked volume or at full use: against each API
 * price, moving and ramp-up paid with them, and against each rented fleet of the same GPUs, which has those too.
 *
 * @param side an owned fleet with a capacity
 * @returns none under the incremental lens, where the machines are paid for already
 * @param others rented fleets on the same GPU type
 */
export function paybacks(
  side: SizedSelfHost,
  prices: readonly ApiPrice[],
  others: readonly SizedSelfHost[],
  question: HostingQuestion,
): PaybackPair[] {
  const server = side.supply.owned;
  if (!server || question.lens === 'incremental') return [];
  const { oneOffUsd, rampMonths } = question.ownership;
  const stairs = middleStairs(side, question);
  const requests = paybackRequests(stairs, question);
  const { instances } = fleetFor(requests, stairs);
  const machines = instances * server.capexUsd.value;
  const runningUsdPerMonth = instances * runningPerInstance(side, question);
  const moving = oneOffUsd + rampMonths * runningUsdPerMonth;
  const pair = (
    against: ApiPrice | SizedSelfHost,
    id: string,
    upfrontUsd: number,
    avoidedUsdPerMonth: number,
    rented: number | null,
  ): PaybackPair => {
    const months = paybackMonths(upfrontUsd, avoidedUsdPerMonth, runningUsdPerMonth);
    const row: Payback = {
      id: `${side.key}_${against.key}_payback`,
      offer: side.id,
      against: id,
      code: months === null ? 'never' : 'pays-back',
      tokensPerMonth: requests * tokensPerRequest(question.demand),
      upfrontUsd,
      avoidedUsdPerMonth,
      runningUsdPerMonth,
      months,
    };
    return { row, side, against, requests, instances, rentedInstances: rented };
  };
  return [
    ...prices.map((price) => pair(price, price.line.id, machines + moving, requests * price.line.usdPerRequest, null)),
    ...others.map((other) => {
      const rented = fleetFor(requests, middleStairs(other, question)).instances;
      return pair(other, other.id, machines, rented * runningPerInstance(other, question), rented);
    }),
  ];
}
