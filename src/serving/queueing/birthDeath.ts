import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import { checkStable } from './manyServers.ts';

/** A queue whose service rate depends on how many are served at once. */
export interface BirthDeathQueue {
  readonly arrivalsPerSecond: number;
  /** Completions per second with 1, 2, … N in service; N are served at most, and the others wait. */
  readonly servedPerSecond: readonly number[];
  /** Places to wait in; who finds them full is turned away. Infinity where nobody is. */
  readonly waitingRoom: number;
}

/** A state-dependent queue in steady state. */
export interface BirthDeathState {
  /** Of 0, 1, … N in the system, and of some waiting. */
  readonly probabilities: readonly number[];
  readonly waitingProbability: number;
  /** Of customers turned away. */
  readonly turnedAway: number;
  readonly meanInSystem: number;
  readonly meanInService: number;
  readonly meanWaiting: number;
  /** Of those who are let in, seconds. */
  readonly meanWaitSeconds: number;
  readonly meanTimeSeconds: number;
  readonly throughputPerSecond: number;
  /** Share of time in which anyone is served. */
  readonly busyShare: number;
}

/** Sums over `k = 1 … room` of `r^k` and `k r^k`, by their closed forms or, near `r = 1`, term by term. */
function tail(ratio: number, room: number): readonly [sum: number, weighted: number] {
  if (room === 0 || ratio === 0) return [0, 0];
  if (room === Number.POSITIVE_INFINITY) return [ratio / (1 - ratio), ratio / (1 - ratio) ** 2];
  let [sum, weighted, power] = [0, 0, 1];
  for (let waiting = 1; waiting <= room; waiting++) {
    power *= ratio;
    sum += power;
    weighted += waiting * power;
  }
  return [sum, weighted];
}

function check({ arrivalsPerSecond, servedPerSecond, waitingRoom }: BirthDeathQueue): number {
  checkNumber(arrivalsPerSecond, 'arrivals per second', { above: 0 });
  for (const [at, rate] of servedPerSecond.entries()) checkNumber(rate, `served per second with ${at + 1}`, { above: 0 });
  if (waitingRoom !== Number.POSITIVE_INFINITY) checkNumber(waitingRoom, 'waiting room', { min: 0, max: 1e6, integer: true });
  const last = servedPerSecond.at(-1);
  if (last === undefined)
    throw new Fault('missing', 'no service rates are given', { where: 'served per second', allowed: 'one rate or more' });
  if (waitingRoom === Number.POSITIVE_INFINITY) checkStable(arrivalsPerSecond / last);
  return last;
}

/**
 * Steady state of a birth-death queue: `p(n) = p(0) * product over k = 1 … n of lambda / mu(k)`, `mu(k) = mu(N)` for k above N
 * (Kleinrock, Queueing Systems I, 3.1; for LLM serving the state-dependent M/M/1 of llm-d's workload variant autoscaler). Products are
 * kept as sums of logarithms less the largest, so that hundreds of sequences neither overflow nor vanish.
 *
 * @returns probabilities, means and rates
 * @throws Fault `invalid` for rates that are not above 0 or, with unbounded room, where more arrives than N at once can be served
 * @example birthDeath({ arrivalsPerSecond: 4, servedPerSecond: [1, 2, 3, 4, 5], waitingRoom: Infinity }).meanWaitSeconds.toFixed(4) // '0.5541'
 */
export function birthDeath(queue: BirthDeathQueue): BirthDeathState {
  const last = check(queue);
  const { arrivalsPerSecond, servedPerSecond, waitingRoom } = queue;
  const logs = [0];
  for (const rate of servedPerSecond) logs.push((logs.at(-1) as number) + Math.log(arrivalsPerSecond / rate));
  const ratio = arrivalsPerSecond / last;
  const [sum, weighted] = tail(ratio, waitingRoom);
  const largest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - largest));
  const full = weights.at(-1) as number;
  const total = weights.reduce((all, weight) => all + weight, 0) + full * sum;
  const probabilities = weights.map((weight) => weight / total);
  const waitingProbability = (full * sum) / total;
  const meanWaiting = (full * weighted) / total;
  const slots = servedPerSecond.length;
  const meanInService = probabilities.reduce((mean, p, n) => mean + n * p, 0) + slots * waitingProbability;
  const turnedAway = waitingRoom === Number.POSITIVE_INFINITY ? 0 : (full * ratio ** waitingRoom) / total;
  const throughputPerSecond = arrivalsPerSecond * (1 - turnedAway);
  const meanInSystem = meanInService + meanWaiting;
  return {
    probabilities,
    waitingProbability,
    turnedAway,
    meanInSystem,
    meanInService,
    meanWaiting,
    meanWaitSeconds: meanWaiting / throughputPerSecond,
    meanTimeSeconds: meanInSystem / throughputPerSecond,
    throughputPerSecond,
    busyShare: 1 - (probabilities[0] as number),
  };
}
