import type { Traffic } from '../../model/traffic.ts';
import type { Coefficients } from '../coefficients.ts';
import type { System } from '../effects.ts';
import type { Machine } from '../machine.ts';
import type { Measurement } from '../measurement.ts';
import { stepTimes, TPOT_TERMS, TTFT_TERMS, waitTimes, workOf } from '../work.ts';
import { type FitPlan, type FitRow, fitEffects } from './effectFit.ts';

/** Tokens of a step where a measurement does not state them. */
export const USUAL_BATCH_TOKENS = 8192;

/** A measurement with what the model needs to explain it. */
export interface Witness {
  readonly measurement: Measurement;
  readonly system: System;
  readonly traffic: Traffic;
  readonly machine: Machine;
}

/** Fitted coefficients of both latencies. */
export interface SpeedFits {
  readonly tpot: Coefficients;
  readonly ttft: Coefficients;
}

/**
 * Before any data: 0.1 ms to launch a layer, 60 % of the bandwidth, 35 % of the peak in decode and 25 % in prefill, half of the link,
 * 0.01 ms for each sequence.
 */
export const TPOT_PLAN: FitPlan = {
  terms: TPOT_TERMS,
  combination: 'overlap',
  firstGuess: [0.1, 1 / 0.6, 1 / 0.6, 1 / 0.35, 1 / 0.25, 2, 0.01],
  usualError: 0.1,
};

/** Before any data: 40 ms, a third of the peak for the own prompt, and a sixth of a prompt of waiting for every other sequence. */
export const TTFT_PLAN: FitPlan = {
  terms: TTFT_TERMS,
  combination: 'sum',
  firstGuess: [40, 3, 0.15, 2, 0.5],
  usualError: 0.2,
};

function load({ inputTokens, outputTokens, reuse }: Measurement) {
  return { inputTokens, outputTokens, reuse };
}

/** The equation of one measured time per output token; null where it was not measured. */
export function tpotRow({ measurement, system, traffic, machine }: Witness): FitRow | null {
  if (measurement.tpotMs === null) return null;
  const work = workOf(traffic, machine, load(measurement), measurement.concurrency);
  return { system, times: stepTimes(work, machine, load(measurement)), measuredMs: measurement.tpotMs };
}

/** The equation of one measured wait for the first token, on the step time measured beside it; null where either is missing. */
export function ttftRow({ measurement, system, traffic, machine }: Witness): FitRow | null {
  if (measurement.ttftMs === null || measurement.tpotMs === null) return null;
  const work = workOf(traffic, machine, load(measurement), measurement.concurrency);
  const times = waitTimes(work, machine, load(measurement), measurement.tpotMs, USUAL_BATCH_TOKENS);
  return { system, times, measuredMs: measurement.ttftMs };
}

function rowsOf(witnesses: readonly Witness[], row: (witness: Witness) => FitRow | null): FitRow[] {
  return witnesses.map(row).filter((found) => found !== null);
}

/**
 * Fits the step-time model and the wait for the first token to measurements.
 *
 * @param witnesses measurements without speculation, prefill and decode on the same GPUs
 * @param start a fit of similar measurements to begin from
 * @param plan how TPOT is fitted
 */
export function fitSpeed(witnesses: readonly Witness[], start?: SpeedFits, plan: FitPlan = TPOT_PLAN): SpeedFits {
  const covariance = start === undefined;
  return {
    tpot: fitEffects(rowsOf(witnesses, tpotRow), plan, { covariance, ...(start ? { start: start.tpot } : {}) }),
    ttft: fitEffects(rowsOf(witnesses, ttftRow), TTFT_PLAN, { covariance, ...(start ? { start: start.ttft } : {}) }),
  };
}
