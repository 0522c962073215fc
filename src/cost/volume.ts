import { SECONDS_PER_HOUR } from '../units/time.ts';

/**
 * Tokens of some hours at an even rate: `tokens/s × 3600 × hours`.
 *
 * @param tokensPerSecond at the load that is planned, idle times counted in
 * @param hours of a month (730 on average, 720, or the working hours of 22 days: 176) or of a day
 * @example tokensOver(800, 176) // 506_880_000
 */
export function tokensOver(tokensPerSecond: number, hours: number): number {
  return tokensPerSecond * SECONDS_PER_HOUR * hours;
}

/**
 * The volume whose API bill is a fixed sum, so that more of it is cheaper on machines that cost that sum: `fixed / blended price`.
 *
 * @param fixedUsd of machines that are paid at all hours and never full, for a month or a day
 * @param usdPerMtok blended price of the API
 * @returns million tokens in the same time; unbounded where the API costs nothing
 * @example breakEvenMtok(151.68, 4) // 37.92
 */
export function breakEvenMtok(fixedUsd: number, usdPerMtok: number): number {
  return fixedUsd / usdPerMtok;
}
