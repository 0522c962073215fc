import { fieldsOf } from '../client/answerPart.ts';

/** Where Moonshot's platform tells the balance of an account. */
export const BALANCE_PAGE = 'v1/users/me/balance';

/** The bill of a run by the account's own balance, beside what the tariff says. */
export interface Bill {
  /** Balance before less balance after, dollars. */
  readonly chargedUsd: number;
  readonly tariffUsd: number;
}

/**
 * The balance that a page tells, dollars: `data.available_balance`, which is in dollars at platform.moonshot.ai and platform.kimi.ai.
 *
 * @returns null where the page tells none
 * @example balanceIn('{"data":{"available_balance":49.58894,"cash_balance":3.0}}') // 49.58894
 * @example balanceIn('Not found') // null
 */
export function balanceIn(page: string): number | null {
  try {
    const balance = fieldsOf(fieldsOf(JSON.parse(page))['data'])['available_balance'];
    return typeof balance === 'number' && Number.isFinite(balance) ? balance : null;
  } catch {
    return null;
  }
}

/** The bill of a run; null where a balance or the price is unknown. */
export function billOf(before: number | null, after: number | null, tariffUsd: number | null): Bill | null {
  return before === null || after === null || tariffUsd === null ? null : { chargedUsd: before - after, tariffUsd };
}
