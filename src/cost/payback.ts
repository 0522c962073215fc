import { HOURS_PER_MONTH } from '../units/time.ts';

/**
 * Months after which a purchase has paid for itself: `capex / (cost avoided per month - cost of running it per month)`.
 *
 * @param capexUsd paid once
 * @param avoidedUsdPerMonth what is not paid any more: the API's bill, or the rent
 * @param runningUsdPerMonth what owning costs month by month, capital left out
 * @returns null: never, where running costs as much as is avoided
 * @see Pan et al., arXiv 2509.18101, equation for t*
 * @example paybackMonths(240_000, 3590.4, 126.72).toFixed(2) // '69.29'
 */
export function paybackMonths(capexUsd: number, avoidedUsdPerMonth: number, runningUsdPerMonth: number): number | null {
  const saved = avoidedUsdPerMonth - runningUsdPerMonth;
  return saved > 0 ? capexUsd / saved : null;
}

/**
 * Hours of use after which a machine of one's own is cheaper than a rented one that is billed by the hour:
 * `capex / (rent per hour - running cost per hour)`.
 *
 * @param rentUsdPerHour of the machine rented
 * @param runningUsdPerHour of the machine owned
 * @returns null: never
 * @see Lenovo Press LP2368, case 1
 * @example paybackHours(250_141.8, 98.32, 6.37).toFixed(1) // '2720.4'
 */
export function paybackHours(capexUsd: number, rentUsdPerHour: number, runningUsdPerHour: number): number | null {
  const months = paybackMonths(capexUsd, rentUsdPerHour * HOURS_PER_MONTH, runningUsdPerHour * HOURS_PER_MONTH);
  return months === null ? null : months * HOURS_PER_MONTH;
}
