import { checkNumber } from '../../units/number.ts';
import { checkStable } from './manyServers.ts';

/** Customers with Poisson arrivals at one server whose service times have any distribution. */
export interface OneServer {
  readonly arrivalsPerSecond: number;
  readonly meanServiceSeconds: number;
  /** Standard deviation over mean of the service time: 0 is M/D/1, 1 is M/M/1. */
  readonly serviceCv: number;
}

/**
 * Mean wait before service in M/G/1 (Pollaczek and Khinchine): `Wq = rho / (1 - rho) * (1 + CV^2) / 2 * S`
 * (Kleinrock, Queueing Systems I, 5.6).
 *
 * @returns seconds
 * @throws Fault `invalid` for numbers out of range or where more arrives than can be served
 * @example meanWaitOneServer({ arrivalsPerSecond: 0.8, meanServiceSeconds: 1, serviceCv: 0 }).toFixed(6) // '2.000000'
 */
export function meanWaitOneServer({ arrivalsPerSecond, meanServiceSeconds, serviceCv }: OneServer): number {
  const service = checkNumber(meanServiceSeconds, 'mean service time', { above: 0 });
  const utilisation = checkNumber(arrivalsPerSecond, 'arrivals per second', { min: 0 }) * service;
  checkStable(utilisation);
  const cv = checkNumber(serviceCv, 'CV of the service time', { min: 0 });
  return (utilisation / (1 - utilisation)) * ((1 + cv * cv) / 2) * service;
}
