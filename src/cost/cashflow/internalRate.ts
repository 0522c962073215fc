import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import { checkFlow, netPresentValue } from './netPresentValue.ts';
import { positiveRoots } from './positiveRoots.ts';

/** A rate at which a flow is worth nothing. */
export interface InternalRate {
  /** Per period of the flow: of months a monthly rate, see `yearlyRate`. */
  readonly ratePerPeriod: number;
  /** What is left of the present value there, as a share of the sizes of its amounts. */
  readonly residual: number;
  /** The present value touches 0 and turns, so that no gain becomes a loss there. */
  readonly touches: boolean;
}

/** All internal rates of a flow. */
export interface InternalRates {
  /** `none`: at no rate the flow is worth nothing; `several`: no single one of them says how good it is. */
  readonly code: 'none' | 'one' | 'several';
  /** Ascending. */
  readonly rates: readonly InternalRate[];
}

/** A century of months. */
const MOST_AMOUNTS = 1200;

function residualAt(flow: readonly number[], rate: number): number {
  const factor = Math.min(1 + rate, 1 / (1 + rate));
  const powers = rate < 0 ? [...flow].reverse() : flow;
  const sum = (values: readonly number[]) => values.reduceRight((later, usd) => usd + factor * later, 0);
  return Math.abs(sum(powers)) / sum(powers.map(Math.abs));
}

/** From the first amount that is not 0 to the last one: what lies around moves no root. */
function trimmed(flow: readonly number[]): readonly number[] {
  const first = flow.findIndex((usd) => usd !== 0);
  return first < 0 ? [] : flow.slice(first, flow.findLastIndex((usd) => usd !== 0) + 1);
}

/**
 * All rates `i > -1` at which a flow is worth nothing, `Σ flow[t] / (1 + i)^t = 0`: the positive roots of a polynomial in `1 / (1 + i)`,
 * isolated by Descartes' rule in Bernstein's basis and then bisected, so that none is missed.
 *
 * @param flow amounts at the ends of periods 0, 1, 2 …; received above 0, paid below
 * @returns none where all amounts have one sign, and for some that change sign twice or more
 * @throws Fault `invalid` for no amounts or more than 1,200, one that is not finite, or only zeros, which every rate solves
 * @see Descartes' rule of signs; Lane and Riesenfeld 1981 for Bernstein's basis
 * @example internalRates([-100, 230, -132]).rates.map(({ ratePerPeriod }) => ratePerPeriod.toFixed(6)) // ['0.100000', '0.200000']
 * @example internalRates([-100, 100, -100]).code // 'none'
 */
export function internalRates(flow: readonly number[]): InternalRates {
  checkFlow(flow, 'flow');
  checkNumber(flow.length, 'flow, amounts', { max: MOST_AMOUNTS });
  const amounts = trimmed(flow);
  if (amounts.length === 0) throw new Fault('invalid', 'only zeros: at every rate it is worth nothing', { where: 'flow' });
  const largest = Math.max(...amounts.map(Math.abs));
  const roots = positiveRoots(amounts.map((usd) => usd / largest));
  const rates = roots.map(({ at, touches }): InternalRate => {
    const ratePerPeriod = 1 / at - 1;
    return { ratePerPeriod, residual: residualAt(amounts, ratePerPeriod), touches };
  });
  const code = rates.length === 0 ? 'none' : rates.length === 1 ? 'one' : 'several';
  return { code, rates: rates.reverse() };
}

const GUESS = 0.1;
const SPREADSHEET_STEPS = 20;
const SPREADSHEET_PRECISION = 1e-7;

/**
 * What IRR of LibreOffice returns: Newton's steps from a guess, at most 20, until the rate moves by less than 1e-7. Of several rates it finds
 * one, which one depends on the guess, and where it does not settle it finds none though there may be some.
 *
 * @param guess 0.1 where a sheet states none
 * @returns null where the sheet shows an error
 * @throws Fault `invalid` for no amounts or one that is not finite
 * @see LibreOffice 7.4, sc/source/core/tool/interpr2.cxx, ScIRR
 * @example spreadsheetRate([-100, 230, -132]).toFixed(6) // '0.100000'
 */
export function spreadsheetRate(flow: readonly number[], guess: number = GUESS): number | null {
  checkFlow(flow, 'flow');
  checkNumber(guess, 'guess');
  let rate = guess === -1 ? GUESS : guess;
  for (let step = 0; step < SPREADSHEET_STEPS; step++) {
    const value = flow.reduce((sum, usd, period) => sum + usd / (1 + rate) ** period, 0);
    const slope = flow.reduce((sum, usd, period) => sum - (period * usd) / (1 + rate) ** (period + 1), 0);
    const next = rate - value / slope;
    if (!Number.isFinite(next)) return null;
    const moved = Math.abs(next - rate);
    rate = next;
    if (moved <= SPREADSHEET_PRECISION) return rate;
  }
  return null;
}

/**
 * The modified internal rate, which exists once and says at which rate the payments would have to grow to become the receipts:
 * `(Σ received × (1 + reinvested)^(n - t) / Σ paid / (1 + financed)^t)^(1 / n) - 1` over n periods.
 *
 * @param flow at least one amount paid, below 0, and one received, above 0
 * @param financePerPeriod rate at which payments are borrowed
 * @param reinvestPerPeriod rate at which receipts earn
 * @throws Fault `invalid` without a payment or a receipt, as for bad rates
 * @example modifiedInternalRate([-1000, 500, 400, 300], 0.1, 0.12).toFixed(6) // '0.112044'
 */
export function modifiedInternalRate(flow: readonly number[], financePerPeriod: number, reinvestPerPeriod: number): number {
  checkFlow(flow, 'flow');
  const paid = netPresentValue(
    flow.map((usd) => Math.min(usd, 0)),
    financePerPeriod,
  );
  const received = netPresentValue(
    flow.map((usd) => Math.max(usd, 0)),
    reinvestPerPeriod,
  );
  if (paid === 0 || received === 0) {
    throw new Fault('invalid', 'no rate without a payment and a receipt', { where: 'flow', allowed: 'an amount below 0 and one above' });
  }
  return (received / -paid) ** (1 / (flow.length - 1)) * (1 + reinvestPerPeriod) - 1;
}
