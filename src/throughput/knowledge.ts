import type { SourceId } from '../evidence/source.ts';
import type { BandTable } from './band.ts';
import { type Curve, curvesOf, layoutOf, minorVersion } from './curve.ts';
import type { System } from './effects.ts';
import type { Misses } from './fitting/leftOutMiss.ts';
import type { SpeedFits } from './fitting/speedFit.ts';
import type { Measurement } from './measurement.ts';
import { Measured } from './situation.ts';

/** The source of what `npm run fit:speed` fitted. */
export const SPEED_FIT: SourceId = 'sources#speed-fit';

/** What the data holds on speed: measurements, the coefficients fitted on them, and how far held-out ones lay from the prediction. */
export interface SpeedFacts {
  readonly measurements: readonly Measurement[];
  /** By id of a published row that no score may use: how it is contaminated. */
  readonly contaminated: Readonly<Record<string, string>>;
  readonly fits: SpeedFits;
  readonly bands: BandTable;
}

/** What a prediction may use. */
export interface Knowledge {
  readonly curves: readonly Curve[];
  readonly measured: Measured;
  readonly fits: SpeedFits;
  readonly bands: BandTable;
  /** By the last level of a system whose coefficients were fitted to measurements of the user's own: how far they miss such measurements. */
  readonly calibrated: ReadonlyMap<string, Misses>;
}

/** What the coefficients of a measurement depend on. */
export function systemOf({ gpu, engine, engineVersion, format, family }: Measurement, vendor: string): System {
  return { vendor, gpu, engine, version: minorVersion(engineVersion), format, family };
}

/** Whether the plain step-time model describes a measurement: prefill beside decode, and no speculation that is known of. */
export function isPlain({ speculation, prefillGpus }: Pick<Measurement, 'speculation' | 'prefillGpus'>): boolean {
  return prefillGpus === 0 && (speculation === 'none' || speculation === 'unknown');
}

/**
 * Curves and situations of measurements, to predict from.
 *
 * @param vendors vendor of each GPU id
 * @param family of the model that is asked about: curves of others are left out
 */
export function knowledgeOf(
  { measurements, fits, bands }: Omit<SpeedFacts, 'contaminated'>,
  vendors: ReadonlyMap<string, string>,
  family: string,
): Knowledge {
  const plain = measurements.filter(isPlain);
  return {
    curves: curvesOf(plain.filter((row) => row.family === family)),
    measured: new Measured(plain.map((row) => ({ system: systemOf(row, vendors.get(row.gpu) ?? ''), layout: layoutOf(row) }))),
    fits,
    bands,
    calibrated: new Map(),
  };
}
