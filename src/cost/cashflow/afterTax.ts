import { checkNumber } from '../../units/number.ts';
import { type DepreciationSchedule, scheduledDepreciation } from './depreciation.ts';
import type { Batch } from './instances.ts';
import type { MonthlyFlow } from './monthlyFlow.ts';

const MONTHS_PER_YEAR = 12;

/** A purchase as taxes see it. */
export interface TaxedPurchase {
  /** Deducted at the ends of tax years, counted from the purchase, that end before the sale. */
  readonly deductions: readonly { readonly month: number; readonly usd: number }[];
  /** Sale less what was not deducted by then; below 0 a loss. */
  readonly gainUsd: number;
}

/**
 * What may be deducted for a purchase until it is sold, and the gain of the sale over what is left in the books:
 * `gain = sale - (cost - Σ deductions)`. So deductions less gain are always cost less sale.
 *
 * @param purchase of machines; years of the schedule are counted from its month
 * @throws Fault `invalid` for a cost below 0
 * @example taxedPurchase({ count: 1, from: 0, until: 24, usd: 100_000, saleUsd: 40_000 }, macrs5).gainUsd // -8_000
 */
export function taxedPurchase({ from, until, usd, saleUsd }: Batch, schedule: Pick<DepreciationSchedule, 'shares'>): TaxedPurchase {
  const deductions = scheduledDepreciation(usd, schedule)
    .map((amount, year) => ({ month: from + MONTHS_PER_YEAR * (year + 1), usd: amount }))
    .filter(({ month }) => month <= until);
  const book = deductions.reduce((left, deduction) => left - deduction.usd, usd);
  return { deductions, gainUsd: saleUsd - book };
}

/**
 * A flow after taxes on profit: bills cost `1 - tax` of their amount when they are paid, a machine brings `tax × deduction` at the end of each
 * tax year, and its sale costs `tax × gain`. Without discounting this is `1 - tax` of the flow whatever the schedule; what differs is when.
 *
 * @param flow before taxes
 * @param taxRate share of profit, from 0 to less than 1; there must be profit enough to deduct from
 * @returns the same months; what is committed beyond them is left as it was
 * @throws Fault `invalid` for a tax rate outside its range
 * @example afterTax(hostFlow(plan), macrs5, 0.25).usd.slice(11, 14) // [2_250, -9_750, 2_250]
 */
export function afterTax(flow: MonthlyFlow, schedule: Pick<DepreciationSchedule, 'shares'>, taxRate: number): MonthlyFlow {
  const kept = 1 - checkNumber(taxRate, 'taxRate', { min: 0, max: 0.99 });
  const last = flow.usd.length - 1;
  const usd = flow.usd.map((amount) => amount * kept);
  let endUsd = flow.endUsd;
  const pay = (month: number, amount: number) => {
    usd[month] = (usd[month] ?? 0) + amount;
  };
  for (const purchase of flow.purchases) {
    const { deductions, gainUsd } = taxedPurchase(purchase, schedule);
    pay(purchase.from, purchase.usd * taxRate);
    for (const { month, usd: deducted } of deductions) pay(month, -deducted * taxRate);
    if (purchase.until < last) pay(purchase.until, (gainUsd - purchase.saleUsd) * taxRate);
    else endUsd -= gainUsd * taxRate;
  }
  return { ...flow, usd, endUsd };
}
