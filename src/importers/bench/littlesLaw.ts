import { Fault } from '../../faults/fault.ts';

/** By how much the figures of a run may contradict each other, as a share. */
export const TOLERANCE = 0.25;

/** The figures of a closed loop that hang together; null where the file leaves one out. */
export interface ClosedLoop {
  readonly outputTokensPerSecond: number;
  readonly outputTokens: number;
  readonly requestsPerSecond: number | null;
  readonly latencyMs: number | null;
  readonly ttftMs: number | null;
  readonly tpotMs: number | null;
}

/**
 * Requests in flight that a run implies: `requests/s * latency`, and `output tokens/s * (TTFT + (OSL - 1) * TPOT) / OSL`.
 *
 * @param loop the figures, times in milliseconds
 * @returns one value for each of the two that can be computed
 * @example impliedConcurrency({ outputTokensPerSecond: 500, outputTokens: 100, requestsPerSecond: 5, latencyMs: 2000, ttftMs: null, tpotMs: null }) // [10]
 */
export function impliedConcurrency(loop: ClosedLoop): number[] {
  const { outputTokensPerSecond, outputTokens, requestsPerSecond, latencyMs, ttftMs, tpotMs } = loop;
  const byLatency = requestsPerSecond === null || latencyMs === null ? [] : [(requestsPerSecond * latencyMs) / 1000];
  const byTokens =
    ttftMs === null || tpotMs === null
      ? []
      : [((outputTokensPerSecond / outputTokens) * (ttftMs + Math.max(0, outputTokens - 1) * tpotMs)) / 1000];
  return [...byLatency, ...byTokens];
}

/** Whether all that a run implies is within a quarter of a number of requests in flight. */
export function agreesWith(loop: ClosedLoop, concurrency: number): boolean {
  return impliedConcurrency(loop).every((implied) => Math.abs(implied / concurrency - 1) <= TOLERANCE);
}

/** The value that is furthest from a number of requests in flight, by its ratio. */
function furthest(values: readonly number[], concurrency: number): number {
  const distance = (value: number) => Math.abs(Math.log(value / concurrency));
  return values.reduce((worst, value) => (distance(value) > distance(worst) ? value : worst), values[0] ?? concurrency);
}

/** How the GPUs of a run were counted, where its rates are those of one GPU. */
export interface GpuCount {
  readonly gpus: number;
  readonly prefillGpus: number;
  readonly ep: number;
}

/**
 * Refuses a run whose figures contradict Little's law by more than a quarter.
 *
 * Where rates are per GPU and dividing the count by the ranks of expert parallelism makes them agree, that count is the remedy: the file
 * has multiplied TP by EP.
 *
 * @param count null where the rates are those of the whole deployment
 * @throws Fault `contradiction`
 */
export function checkLittlesLaw(loop: ClosedLoop, concurrency: number, count: GpuCount | null, where: string): void {
  if (agreesWith(loop, concurrency)) return;
  const implied = furthest(impliedConcurrency(loop), concurrency);
  if (count && count.ep > 1 && count.gpus % count.ep === 0) {
    const divided = { ...loop, outputTokensPerSecond: loop.outputTokensPerSecond / count.ep };
    if (count.prefillGpus === 0 && agreesWith(divided, concurrency))
      throw new Fault('contradiction', 'the count of GPUs is TP times EP, but expert parallelism uses the same GPUs', {
        where: `${where}: GPUs`,
        value: count.gpus,
        allowed: `--gpus ${count.gpus / count.ep}: with it rates and latencies agree with ${concurrency} requests in flight`,
      });
  }
  throw new Fault('contradiction', `rates and latencies imply ${Number(implied.toPrecision(3))} requests in flight (Little's law)`, {
    where: `${where}: concurrency`,
    value: concurrency,
    allowed: `figures within ${100 * TOLERANCE} % of each other`,
  });
}
