import { checkNumber } from '../../units/number.ts';

/**
 * Mean number in a system in steady state: `L = lambda * W` (Little, Operations Research 9, 1961; Kleinrock, Queueing Systems I, 2.1).
 *
 * @param perSecond arrivals that are served, at least 0
 * @param meanSeconds mean time that each stays
 * @throws Fault `invalid` for negative numbers
 * @example littlesLaw(2.6, 28) // 72.8
 */
export function littlesLaw(perSecond: number, meanSeconds: number): number {
  return checkNumber(perSecond, 'arrivals per second', { min: 0 }) * checkNumber(meanSeconds, 'mean time', { min: 0 });
}
