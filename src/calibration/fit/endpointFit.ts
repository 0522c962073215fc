import { LEAST_CALIBRATION_POINTS } from '../../throughput/fitting/calibrate.ts';
import type { FitRow } from '../../throughput/fitting/effectFit.ts';
import { type SpeedFits, TPOT_PLAN, TTFT_PLAN, tpotRow, ttftRow, type Witness } from '../../throughput/fitting/speedFit.ts';
import { type EndpointFit, predictedSpeed, type Sampling } from './prediction.ts';
import { type FitPoint, fitQuantity } from './quantityFit.ts';

/** A measured load point with what the model needs to explain it, and how exactly its medians are known. */
export interface PointWitness extends Witness {
  readonly sampling: Sampling;
}

/**
 * Fits the step-time model to the load points of one endpoint, beginning from the shipped coefficients of its system.
 *
 * @param witnesses measured points of one system
 * @param shipped coefficients of all systems
 * @param least points below which nothing is fitted
 * @returns null where there are too few points
 */
export function fitEndpoint(witnesses: readonly PointWitness[], shipped: SpeedFits, least = LEAST_CALIBRATION_POINTS): EndpointFit | null {
  const [first] = witnesses;
  const rows = (row: (witness: Witness) => FitRow | null, quantity: keyof Sampling) =>
    witnesses.flatMap((witness): FitPoint[] => {
      const found = row(witness);
      return found ? [{ ...found, sampling: witness.sampling[quantity] }] : [];
    });
  const [steps, waits] = [rows(tpotRow, 'tpot'), rows(ttftRow, 'ttft')];
  if (first === undefined || steps.length < least) return null;
  const { system, traffic, machine } = first;
  return {
    tpot: fitQuantity(steps, TPOT_PLAN, shipped.tpot, system),
    ttft: waits.length < least ? null : fitQuantity(waits, TTFT_PLAN, shipped.ttft, system),
    traffic,
    machine,
  };
}

/** Points that lay inside the band of a fit that did not know them. */
export interface Coverage {
  readonly inside: number;
  readonly of: number;
}

/** How well a fit foretells points left out of it. */
export interface LeftOut {
  readonly tpot: Coverage;
  readonly ttft: Coverage;
  /** Median of `|measured / foretold - 1|` of TPOT; null without points. */
  readonly tpotError: number | null;
  /** The same of TTFT; null also in older files. */
  readonly ttftError: number | null;
}

function within(low: number, value: number, high: number): boolean {
  return value >= low && value <= high;
}

/**
 * Fits anew without each point in turn, and asks whether it lies in the band of 80 % that the others foretell for a single run.
 *
 * @param witnesses as for `fitEndpoint`
 */
export function leftOut(witnesses: readonly PointWitness[], shipped: SpeedFits): LeftOut {
  const foretold = witnesses.flatMap(({ measurement, sampling }, at) => {
    const fit = fitEndpoint(
      witnesses.filter((_, place) => place !== at),
      shipped,
      LEAST_CALIBRATION_POINTS - 1,
    );
    return fit ? [{ measurement, speed: predictedSpeed(fit, measurement, measurement.concurrency, 'run', sampling) }] : [];
  });
  const cover = (of: 'tpotMs' | 'ttftMs'): Coverage => {
    const known = foretold.flatMap(({ measurement, speed }) => {
      const [band, value] = [speed[of], measurement[of]];
      return band === null || value === null ? [] : [within(band.low, value, band.high)];
    });
    return { inside: known.filter((each) => each).length, of: known.length };
  };
  const missed = (of: 'tpotMs' | 'ttftMs'): number | null => {
    const errors = foretold
      .flatMap(({ measurement, speed }) => {
        const [measured, said] = [measurement[of], speed[of]];
        return measured === null || said === null ? [] : [Math.abs(measured / said.value - 1)];
      })
      .sort((a, b) => a - b);
    return errors[errors.length >> 1] ?? null;
  };
  return { tpot: cover('tpotMs'), ttft: cover('ttftMs'), tpotError: missed('tpotMs'), ttftError: missed('ttftMs') };
}
