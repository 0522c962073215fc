import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';

/** Customers with Poisson arrivals and exponential service times at equal servers with one queue. */
export interface ManyServers {
  readonly arrivalsPerSecond: number;
  /** Of one server. */
  readonly servedPerSecond: number;
  readonly servers: number;
}

function checked({ arrivalsPerSecond, servedPerSecond, servers }: ManyServers): { readonly load: number; readonly utilisation: number } {
  checkNumber(servers, 'servers', { min: 1, max: 1e6, integer: true });
  const load =
    checkNumber(arrivalsPerSecond, 'arrivals per second', { min: 0 }) / checkNumber(servedPerSecond, 'served per second', { above: 0 });
  return { load, utilisation: load / servers };
}

/** Refuses a queue that grows without end. */
export function checkStable(utilisation: number): void {
  if (!(utilisation < 1))
    throw new Fault('invalid', 'more arrives than can be served', { where: 'utilisation', value: utilisation, allowed: 'below 1' });
}

/**
 * Erlang B: share of customers that find all servers busy where nobody waits,
 * `B(0) = 1, B(c) = a B(c-1) / (c + a B(c-1))` (Gross and Harris, Fundamentals of Queueing Theory, 2.5), stable for any number of servers.
 *
 * @param load `a = arrivals / service rate of one server`, erlangs
 * @param servers at least 1
 * @throws Fault `invalid` for numbers out of range
 * @example erlangB(20, 30).toFixed(5) // '0.00846'
 */
export function erlangB(load: number, servers: number): number {
  checkNumber(load, 'offered load', { min: 0 });
  checkNumber(servers, 'servers', { min: 1, max: 1e6, integer: true });
  let blocked = 1;
  for (let server = 1; server <= servers; server++) blocked = (load * blocked) / (server + load * blocked);
  return blocked;
}

/**
 * Erlang C: share of customers that wait, `C = B / (1 - rho (1 - B))` (Gross and Harris, 2.3).
 *
 * @throws Fault `invalid` where more arrives than can be served
 * @example erlangC({ arrivalsPerSecond: 4, servedPerSecond: 1, servers: 5 }).toFixed(4) // '0.5541'
 */
export function erlangC(queue: ManyServers): number {
  const { load, utilisation } = checked(queue);
  checkStable(utilisation);
  const blocked = erlangB(load, queue.servers);
  return blocked / (1 - utilisation * (1 - blocked));
}

/**
 * Mean wait before service in M/M/c: `Wq = C / (c mu - lambda)` (Gross and Harris, 2.3); M/M/1 is the case of one server.
 *
 * @returns seconds
 * @throws Fault `invalid` where more arrives than can be served
 * @example meanWaitManyServers({ arrivalsPerSecond: 0.5, servedPerSecond: 1, servers: 1 }) // 1
 */
export function meanWaitManyServers(queue: ManyServers): number {
  return erlangC(queue) / (queue.servers * queue.servedPerSecond - queue.arrivalsPerSecond);
}

/**
 * Wait that a share of the customers does not exceed in M/M/c, first come first served:
 * `P(Wq > t) = C exp(-(c mu - lambda) t)`, so `t = max(0, ln(C / (1 - share)) / (c mu - lambda))` (Gross and Harris, 2.3).
 *
 * @param share at least 0, below 1
 * @returns seconds
 * @throws Fault `invalid` where more arrives than can be served, or for a share outside its range
 * @example waitPercentileManyServers({ arrivalsPerSecond: 0.5, servedPerSecond: 1, servers: 1 }, 0.95).toFixed(3) // '4.605'
 */
export function waitPercentileManyServers(queue: ManyServers, share: number): number {
  checkNumber(share, 'share', { min: 0, max: 1 - 1e-12 });
  const waiting = erlangC(queue);
  const drain = queue.servers * queue.servedPerSecond - queue.arrivalsPerSecond;
  return waiting === 0 ? 0 : Math.max(0, Math.log(waiting / (1 - share)) / drain);
}
