import { quantileOf } from '../../evidence/quantileOf.ts';
import type { Witness } from '../../throughput/fitting/speedFit.ts';
import { medianOf } from '../statistics.ts';
import { configurationOf } from './holdOut.ts';

/** How far repeat runs of one configuration and load point lie from their middle. */
export interface NoiseFloor {
  readonly runs: number;
  readonly medianPct: number;
  readonly p90Pct: number;
}

/**
 * The noise floor: deviation of repeat runs from the median of their load point, in per cent of it. No prediction of a single run can
 * be expected to do better.
 *
 * @param witnesses measurements, of which those count that share configuration, shape and concurrency with another
 * @param sameVersion whether only runs of one engine version count as repeats
 */
export function noiseFloor(witnesses: readonly Witness[], sameVersion: boolean): NoiseFloor {
  const points = new Map<string, number[]>();
  for (const witness of witnesses) {
    const { inputTokens, outputTokens, concurrency, engineVersion, tpotMs } = witness.measurement;
    if (tpotMs === null) continue;
    const key = `${configurationOf(witness)} ${inputTokens}/${outputTokens} ${concurrency} ${sameVersion ? engineVersion : ''}`;
    points.set(key, [...(points.get(key) ?? []), tpotMs]);
  }
  const repeated = [...points.values()].filter((runs) => runs.length > 1);
  const deviations = repeated.flatMap((runs) => runs.map((ms) => 100 * Math.abs(ms / medianOf(runs) - 1)));
  return { runs: deviations.length, medianPct: medianOf(deviations), p90Pct: quantileOf(deviations, 0.9) };
}
