import type { LoadPoint } from '../throughput/loadPoint.ts';
import type { Speed } from '../throughput/speed.ts';
import { birthDeath } from './queueing/birthDeath.ts';

/** Means of one replica as a queue whose service slows down as its batch fills. */
export interface BatchQueue {
  readonly ttftMs: number;
  readonly tpotMs: number;
  readonly inFlight: number;
}

/**
 * One replica as a birth-death queue, `mu(n) = output tokens per second at concurrency n / output tokens`, `n = 1 … N`, the rest waiting:
 * `TTFT = mean wait + sum of p(n) TTFT(n + 1)` over what an arrival meets, TPOT over what sequences are in (the state-dependent M/M/1 of
 * llm-d's workload variant autoscaler). Poisson arrivals and requests of one exponential kind.
 *
 * @param at speed of the replica at a concurrency
 * @param most sequences in flight at most
 * @param perSecond requests that come to the replica
 * @returns null where more come than it serves
 * @example batchQueue(speedModel(replica, load, knowledge), load, 16, 1e-9)?.inFlight.toFixed(6) // '0.000000'
 */
export function batchQueue(
  at: (concurrency: number) => Speed,
  { outputTokens }: LoadPoint,
  most: number,
  perSecond: number,
): BatchQueue | null {
  const speeds = Array.from({ length: most }, (_, index) => at(index + 1));
  const served = speeds.map(({ outputTokensPerSecond }) => outputTokensPerSecond.value / outputTokens);
  if (perSecond >= (served.at(-1) ?? 0)) return null;
  const state = birthDeath({ arrivalsPerSecond: perSecond, servedPerSecond: served, waitingRoom: Number.POSITIVE_INFINITY });
  const p = (n: number) => (state.probabilities[n] ?? 0) + (n === most ? state.waitingProbability : 0);
  const last = speeds[most - 1] as Speed;
  const ttft = speeds.reduce((sum, { ttftMs }, index) => sum + p(index) * ttftMs.value, p(most) * last.ttftMs.value);
  const inService = speeds.reduce((sum, _, index) => sum + (index + 1) * p(index + 1), 0);
  const tpot = speeds.reduce((sum, { tpotMs }, index) => sum + (index + 1) * p(index + 1) * tpotMs.value, 0) / inService;
  return { ttftMs: 1000 * state.meanWaitSeconds + ttft, tpotMs: tpot, inFlight: state.meanInSystem };
}
