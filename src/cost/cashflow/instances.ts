import { checkNumber } from '../../units/number.ts';
import { checkTrend, type Trend, trendFactor } from './trend.ts';

/** Instances on rent: price and number are bound for the length of a contract, then renewed at the price of that month. */
export interface RentTerms {
  readonly kind: 'rent';
  /** Per instance, for a contract that starts in month 0. */
  readonly usdPerMonth: number;
  readonly price: Trend;
  /** 1: no commitment, the price follows the market and instances go when they are not needed. */
  readonly commitmentMonths: number;
}

/** Machines of one's own: paid when bought, sold at the end of their life or of the plan. */
export interface PurchaseTerms {
  readonly kind: 'buy';
  /** Per instance, bought at the start of month 0. */
  readonly usd: number;
  readonly price: Trend;
  readonly lifeMonths: number;
  /** Of the price paid, at the end of life; before it the value falls in a straight line. */
  readonly residualShare: number;
}

export type InstanceTerms = RentTerms | PurchaseTerms;

/** Instances that were taken together. */
export interface Batch {
  readonly count: number;
  /** Taken at the end of this month of the flow, which is the start of the next; 0: at once. */
  readonly from: number;
  /** Gone, sold or renewed then; for a contract it may lie beyond the plan. */
  readonly until: number;
  /** For all of them: the price, or the rent of a month. */
  readonly usd: number;
  /** What the sale brings for all of them; 0 on rent. */
  readonly saleUsd: number;
}

/** @throws Fault `invalid` for amounts below 0, a contract or a life of less than a month, a share outside 0 to 1 */
function checkTerms(terms: InstanceTerms): void {
  checkTrend(terms.price, 'instances.price');
  if (terms.kind === 'rent') {
    checkNumber(terms.usdPerMonth, 'instances.usdPerMonth', { min: 0 });
    checkNumber(terms.commitmentMonths, 'instances.commitmentMonths', { min: 1, max: 600, integer: true });
  } else {
    checkNumber(terms.usd, 'instances.usd', { min: 0 });
    checkNumber(terms.lifeMonths, 'instances.lifeMonths', { min: 1, max: 600, integer: true });
    checkNumber(terms.residualShare, 'instances.residualShare', { min: 0, max: 1 });
  }
}

/**
 * What a machine is worth at an age: `price × (1 - (1 - residual) × min(1, age / life))`.
 *
 * @param paidUsd its price
 * @param ageMonths since it was bought
 * @returns USD
 * @example resaleUsd(240_000, { lifeMonths: 48, residualShare: 0.2 }, 24) // 144_000
 */
export function resaleUsd(paidUsd: number, terms: Pick<PurchaseTerms, 'lifeMonths' | 'residualShare'>, ageMonths: number): number {
  return paidUsd * (1 - (1 - terms.residualShare) * Math.min(1, ageMonths / terms.lifeMonths));
}

function batch(terms: InstanceTerms, count: number, from: number, horizon: number): Batch {
  const market = trendFactor(terms.price, from);
  if (terms.kind === 'rent') {
    return { count, from, until: from + terms.commitmentMonths, usd: count * terms.usdPerMonth * market, saleUsd: 0 };
  }
  const usd = count * terms.usd * market;
  const until = Math.min(from + terms.lifeMonths, horizon);
  return { count, from, until, usd, saleUsd: resaleUsd(usd, terms, until - from) };
}

/**
 * The batches in which instances are taken so that there are always enough: what is missing at the start of a month is taken at the price
 * of that month, `price × trend`; what is there stays until its contract or its life ends.
 *
 * @param needed instances of each month of the plan, 0 before the start
 * @returns ascending in `from`
 * @throws Fault `invalid` for terms out of range or a need that is no whole number
 * @example instanceBatches([1, 1, 2], { kind: 'rent', usdPerMonth: 100, price: [], commitmentMonths: 2 }).map(({ from, count }) => [from, count]) // [[0, 1], [2, 2]]
 */
export function instanceBatches(needed: readonly number[], terms: InstanceTerms): Batch[] {
  checkTerms(terms);
  const taken: Batch[] = [];
  for (const [month, need] of needed.entries()) {
    if (!(Number.isSafeInteger(need) && need >= 0)) checkNumber(need, `needed[${month}]`, { min: 0, integer: true });
    const there = instancesAt(taken, month);
    if (need > there) taken.push(batch(terms, need - there, month, needed.length));
  }
  return taken;
}

/** Instances that are paid in the month which starts at the end of month `month` of the flow. */
export function instancesAt(batches: readonly Batch[], month: number): number {
  return batches.reduce((sum, { count, from, until }) => (from <= month && month < until ? sum + count : sum), 0);
}
