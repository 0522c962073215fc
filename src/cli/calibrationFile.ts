import type { MemoryCalibration } from '../engine/calibration.ts';
import type { Assumption } from '../evidence/assumption.ts';
import type { Measurement } from '../throughput/measurement.ts';

/** What a calibration adds to a question. */
export interface Calibrated {
  readonly calibration?: MemoryCalibration;
  readonly ownMeasurements?: readonly Measurement[];
  /** What it changes, in words. */
  readonly calibrated: readonly Assumption[];
}

/**
 * The calibration that `--calibration` names: of a start-up log what it says of memory, of an endpoint what it says of speed.
 *
 * @throws Fault where the file is missing or is no calibration
 */
export async function calibrationFrom(path: string | undefined): Promise<Calibrated> {
  if (path === undefined) return { calibrated: [] };
  const { readCalibration } = await import('../calibration/calibrationFile.ts');
  const calibration = readCalibration(path);
  if (calibration.schema === 'kplan/calibration@1') {
    const { memoryCalibrationOf } = await import('../calibration/calibration.ts');
    return { calibration: memoryCalibrationOf(calibration), calibrated: [] };
  }
  const { calibratedMeasurements, calibrationWords } = await import('../calibration/endpointCalibration.ts');
  return {
    ownMeasurements: calibratedMeasurements(calibration),
    calibrated: [{ code: 'calibration', text: calibrationWords(calibration, path), source: 'user' }],
  };
}
