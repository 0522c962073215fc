import { type Estimate, estimate } from '../../evidence/estimate.ts';
import { studentQuantile } from '../../evidence/studentT.ts';
import type { Traffic } from '../../model/traffic.ts';
import { closedLoopThroughput } from '../../throughput/curve.ts';
import { USUAL_BATCH_TOKENS } from '../../throughput/fitting/speedFit.ts';
import type { LoadPoint } from '../../throughput/loadPoint.ts';
import type { Machine } from '../../throughput/machine.ts';
import { modelled } from '../../throughput/stepModel.ts';
import { stepTimes, waitTimes, workOf } from '../../throughput/work.ts';
import { type QuantityFit, varianceOf } from './quantityFit.ts';

/** What was fitted to one endpoint, and what it serves on what. */
export interface EndpointFit {
  readonly tpot: QuantityFit;
  readonly ttft: QuantityFit | null;
  readonly traffic: Traffic;
  readonly machine: Machine;
}

/** Speed of the endpoint at a load, each with its band of 80 %. */
export interface EndpointSpeed {
  readonly tpotMs: Estimate;
  readonly ttftMs: Estimate | null;
  readonly outputTokensPerSecond: Estimate | null;
}

/** Of what the band speaks: of the mean over many runs, or of the next single run, which scatters around it. */
export type BandOf = 'mean' | 'run';

/** Variances of the logarithms of both times that few answers add. */
export interface Sampling {
  readonly tpot: number;
  readonly ttft: number;
}

const MANY_ANSWERS: Sampling = { tpot: 0, ttft: 0 };

interface Spread {
  readonly value: number;
  /** Standard deviation in the logarithm times the quantile: half of the band. */
  readonly half: number;
}

function spread(
  { covariance, deviation, freedom }: QuantityFit,
  value: number,
  slopes: readonly number[],
  of: BandOf,
  sampling: number,
): Spread {
  const variance = varianceOf(covariance, slopes) + (of === 'run' ? deviation ** 2 + sampling : 0);
  return { value, half: studentQuantile(0.9, freedom) * Math.sqrt(variance) };
}

function banded({ value, half }: Spread): Estimate {
  return estimate('calibrated', value * Math.exp(-half), value, value * Math.exp(half));
}

/**
 * What an endpoint does at any load by the coefficients fitted to it, with the band in which 80 % of cases lie:
 * `value × exp(± t × sqrt(s' C s))` for the mean, with the scatter of single runs added for a run; of the output the parts of wait and
 * tokens are added in quadrature.
 *
 * @param load tokens per request and reuse
 * @param concurrency at least 1
 * @param sampling what few answers add to the scatter of a run; nothing where many are taken
 */
export function predictedSpeed(
  { tpot, ttft, traffic, machine }: EndpointFit,
  load: LoadPoint,
  concurrency: number,
  of: BandOf = 'run',
  sampling: Sampling = MANY_ANSWERS,
): EndpointSpeed {
  const work = workOf(traffic, machine, load, concurrency);
  const step = modelled(stepTimes(work, machine, load), tpot.logs, 'overlap');
  const between = spread(tpot, step.value, step.slopes, of, sampling.tpot);
  if (ttft === null) return { tpotMs: banded(between), ttftMs: null, outputTokensPerSecond: null };
  const wait = modelled(waitTimes(work, machine, load, step.value, USUAL_BATCH_TOKENS), ttft.logs, 'sum');
  const own = spread(ttft, wait.value, wait.slopes, of, sampling.ttft);
  const [, , , chunks = 0] = wait.slopes;
  const first = { ...own, half: Math.hypot(own.half, chunks * between.half) };
  const { outputTokens } = load;
  const output = closedLoopThroughput({ concurrency, outputTokens, ttftMs: first.value, tpotMs: between.value });
  const waiting = first.value / (first.value + outputTokens * between.value);
  const half = Math.hypot(waiting * first.half, (1 - waiting) * between.half);
  return { tpotMs: banded(between), ttftMs: banded(first), outputTokensPerSecond: banded({ value: output, half }) };
}
