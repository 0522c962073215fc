import type { Catalog } from '../../plan/catalog.ts';
import { witnessOf } from '../../plan/speed/witness.ts';
import { closedLoopThroughput } from '../../throughput/curve.ts';
import type { CalibratedPoint, EndpointCalibration } from '../endpointCalibration.ts';
import { pointMeasurement } from '../endpointCalibration.ts';
import { type EndpointFit, type EndpointSpeed, predictedSpeed } from './prediction.ts';

/** The points of one shape, and what the fit says between and beyond them. */
export interface CalibrationCurve {
  readonly shape: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reuse: number;
  /** By concurrency. */
  readonly points: readonly CalibratedPoint[];
  /** Of the fit, with the band of the next run; empty without one. */
  readonly model: readonly (EndpointSpeed & { readonly concurrency: number })[];
  /** Of the shipped model, without the calibration, at the points; the output as far as it says both times. */
  readonly shipped: readonly ShippedSpeed[];
}

/** What the shipped model says of one point. */
export interface ShippedSpeed {
  readonly concurrency: number;
  readonly tpotMs: number;
  readonly ttftMs: number | null;
  readonly outputTokensPerSecond: number | null;
}

/** Places of the model for each doubling of the concurrency. */
const PER_DOUBLING = 2;
/** Beyond the last point, once more as far. */
const BEYOND = 2;

/** The fit of a calibration with what it serves on what; null without a fit or where the catalog no longer knows its system. */
function storedFit({ deployment, conditions, date, speed }: EndpointCalibration, catalog: Catalog): EndpointFit | null {
  const { fit, points } = speed;
  if (deployment === null || fit === null) return null;
  for (const point of points) {
    const witness = point.used ? witnessOf(pointMeasurement(point, deployment, conditions, date), catalog) : null;
    if (witness) return { tpot: fit.tpot, ttft: fit.ttft, traffic: witness.traffic, machine: witness.machine };
  }
  return null;
}

function shippedSpeed({ concurrency, outputTokens, shipped }: CalibratedPoint): ShippedSpeed[] {
  if (shipped === null) return [];
  const [tpotMs, ttftMs] = [shipped.tpotMs.value, shipped.ttftMs?.value ?? null];
  const output = ttftMs === null ? null : closedLoopThroughput({ concurrency, outputTokens, ttftMs, tpotMs });
  return [{ concurrency, tpotMs, ttftMs, outputTokensPerSecond: output }];
}

/**
 * The curves of a calibration, one for each shape: its points, the fitted model over concurrency with its band, and
 * the shipped model.
 *
 * @param catalog facts on the GPU and the model
 */
export function calibrationCurves(calibration: EndpointCalibration, catalog: Catalog): CalibrationCurve[] {
  const fit = storedFit(calibration, catalog);
  const shapes = [...new Set(calibration.speed.points.map(({ shape }) => shape))];
  return shapes.map((shape): CalibrationCurve => {
    const points = calibration.speed.points.filter((point) => point.shape === shape).sort((a, b) => a.concurrency - b.concurrency);
    const { inputTokens = 1, outputTokens = 1, reuse = 0 } = points[0] ?? {};
    const most = BEYOND * (points.at(-1)?.concurrency ?? 1);
    const places = Array.from({ length: Math.floor(PER_DOUBLING * Math.log2(most)) + 1 }, (_, at) => 2 ** (at / PER_DOUBLING));
    const load = { inputTokens, outputTokens, reuse };
    const model = fit ? places.map((concurrency) => ({ concurrency, ...predictedSpeed(fit, load, concurrency) })) : [];
    return { shape, ...load, points, model, shipped: points.flatMap(shippedSpeed) };
  });
}
