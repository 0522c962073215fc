import type { SourceId } from '../../evidence/source.ts';
import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';

/** What may be deducted of a machine's cost in the tax years from its purchase on. */
export interface DepreciationSchedule {
  readonly id: string;
  readonly name: string;
  /** ISO 3166, two letters. */
  readonly country: string;
  /** Of the cost, by tax year; their sum is 1. */
  readonly shares: readonly number[];
  readonly note: string;
  readonly source: SourceId;
}

/** What is depreciated, over how many periods, down to what. */
export interface Depreciable {
  readonly costUsd: number;
  readonly salvageUsd: number;
  readonly periods: number;
}

const MOST_PERIODS = 1200;
const ROUNDING = 1e-9;
/** DB rounds its rate so. */
const DB_DECIMALS = 1000;
const MONTHS_PER_YEAR = 12;

function checkDepreciable({ costUsd, salvageUsd, periods }: Depreciable): void {
  checkNumber(costUsd, 'costUsd', { above: 0 });
  checkNumber(salvageUsd, 'salvageUsd', { min: 0 });
  checkNumber(periods, 'periods', { min: 1, max: MOST_PERIODS, integer: true });
  if (salvageUsd > costUsd) {
    throw new Fault('contradiction', 'worth more at the end than it costs', {
      where: 'salvageUsd',
      value: salvageUsd,
      allowed: `0 to ${costUsd}`,
    });
  }
}

/**
 * Depreciation in equal parts, SLN of spreadsheets in each period: `(cost - salvage) / periods`.
 *
 * @returns USD of each period; their sum is cost - salvage
 * @throws Fault `invalid` for a cost of 0, a salvage below 0 or periods that are no whole number of 1 or more; `contradiction` for a
 *   salvage above the cost
 * @example straightLine({ costUsd: 240_000, salvageUsd: 48_000, periods: 4 }) // [48_000, 48_000, 48_000, 48_000]
 */
export function straightLine(asset: Depreciable): number[] {
  checkDepreciable(asset);
  const { costUsd, salvageUsd, periods } = asset;
  return Array.from({ length: periods }, () => (costUsd - salvageUsd) / periods);
}

/**
 * Declining balance at a multiple of the straight rate, DDB of spreadsheets: `min(book × factor / periods, book - salvage)`, which may leave
 * a rest above the salvage.
 *
 * @param factor 2: double-declining
 * @returns USD of each period
 * @throws Fault as `straightLine`, and `invalid` for a factor of 0 or less
 * @example decliningBalance({ costUsd: 240_000, salvageUsd: 48_000, periods: 4 }) // [120_000, 60_000, 12_000, 0]
 */
export function decliningBalance(asset: Depreciable, factor = 2): number[] {
  return declining(asset, factor, false);
}

/**
 * Declining balance that goes over to equal parts of the rest as soon as these are more, VDB of spreadsheets:
 * `max(book × factor / periods, (book - salvage) / periods left)`, at most `book - salvage`.
 *
 * @param factor 2: double-declining
 * @returns USD of each period; their sum is cost - salvage
 * @throws Fault as `decliningBalance`
 * @example decliningThenStraight({ costUsd: 100_000, salvageUsd: 0, periods: 5 }).map(Math.round) // [40_000, 24_000, 14_400, 10_800, 10_800]
 */
export function decliningThenStraight(asset: Depreciable, factor = 2): number[] {
  return declining(asset, factor, true);
}

function declining(asset: Depreciable, factor: number, switches: boolean): number[] {
  checkDepreciable(asset);
  const { costUsd, salvageUsd, periods } = asset;
  const rate = Math.min(1, checkNumber(factor, 'factor', { above: 0 }) / periods);
  let book = costUsd;
  return Array.from({ length: periods }, (_, period) => {
    const straight = switches ? (book - salvageUsd) / (periods - period) : 0;
    const usd = Math.max(0, Math.min(Math.max(book * rate, straight), book - salvageUsd));
    book -= usd;
    return usd;
  });
}

/**
 * Declining balance at the rate that ends at the salvage, DB of spreadsheets: `book × round3(1 - (salvage / cost)^(1 / periods))`, for the
 * months of the first year, with a year more for the rest of a broken one. Rounding the rate leaves a small difference at the end.
 *
 * @param monthsOfFirstYear 12: bought at its start
 * @returns USD of each year, one more than `periods` where the first is broken
 * @throws Fault as `straightLine`, and `invalid` for months outside 1 to 12
 * @example fixedDecliningBalance({ costUsd: 1_000_000, salvageUsd: 100_000, periods: 6 }, 7).map((usd) => usd.toFixed(2)).slice(0, 2) // ['186083.33', '259639.42']
 */
export function fixedDecliningBalance(asset: Depreciable, monthsOfFirstYear: number = MONTHS_PER_YEAR): number[] {
  checkDepreciable(asset);
  const months = checkNumber(monthsOfFirstYear, 'monthsOfFirstYear', { min: 1, max: MONTHS_PER_YEAR, integer: true });
  const { costUsd, salvageUsd, periods } = asset;
  const rate = Math.round((1 - (salvageUsd / costUsd) ** (1 / periods)) * DB_DECIMALS) / DB_DECIMALS;
  let book = costUsd;
  return Array.from({ length: months < MONTHS_PER_YEAR ? periods + 1 : periods }, (_, year) => {
    const part = year === 0 ? months : year === periods ? MONTHS_PER_YEAR - months : MONTHS_PER_YEAR;
    const usd = (book * rate * part) / MONTHS_PER_YEAR;
    book -= usd;
    return usd;
  });
}

/**
 * What a tax schedule lets deduct of a cost: `cost × share` of each tax year.
 *
 * @returns USD by tax year; their sum is the cost
 * @throws Fault `invalid` for a cost below 0 or shares whose sum is not 1
 * @example scheduledDepreciation(100_000, macrs5).map(Math.round) // [20_000, 32_000, 19_200, 11_520, 11_520, 5_760]
 */
export function scheduledDepreciation(costUsd: number, { shares }: Pick<DepreciationSchedule, 'shares'>): number[] {
  checkNumber(costUsd, 'costUsd', { min: 0 });
  for (const [year, share] of shares.entries()) checkNumber(share, `shares[${year}]`, { min: 0, max: 1 });
  const sum = shares.reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > ROUNDING)
    throw new Fault('invalid', 'not the whole cost', { where: 'shares', value: sum, allowed: 'a sum of 1' });
  return shares.map((share) => costUsd * share);
}
