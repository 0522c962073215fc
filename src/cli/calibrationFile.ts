import type { AskedSystem } from '../calibration/endpointCalibration.ts';
import type { MemoryCalibration } from '../engine/calibration.ts';
import type { Assumption } from '../evidence/assumption.ts';
import type { Measurement } from '../throughput/measurement.ts';

/** What a calibration adds to a question. */
export interface Calibrated {
  readonly calibration?: MemoryCalibration;
  readonly ownMeasurements?: readonly Measurement[];
  /** What it changes, in words. */
  readonly calibrated: readonly Assumption[];
  /** What speaks against it, as warnings: it is of something else than the question and not used, or in doubt. */
  readonly cautions: readonly string[];
}

/**
 * The calibration that `--calibration` names: of a start-up log what it says of memory, of an endpoint what it says of speed.
 *
 * @param asked what the question is of; null where it is not known, and nothing is compared
 * @throws Fault where the file is missing or is no calibration
 */
export async function calibrationFrom(path: string | undefined, asked: AskedSystem | null = null): Promise<Calibrated> {
  if (path === undefined) return { calibrated: [], cautions: [] };
  const { readCalibration } = await import('../calibration/calibrationFile.ts');
  const calibration = readCalibration(path);
  if (calibration.schema === 'kplan/calibration@1') {
    const { memoryCalibrationOf } = await import('../calibration/calibration.ts');
    return { calibration: memoryCalibrationOf(calibration), calibrated: [], cautions: [] };
  }
  const { calibratedMeasurements, calibrationWords, otherDeployment, whyUnused } = await import('../calibration/endpointCalibration.ts');
  const { calibrationDoubts } = await import('../calibration/doubts.ts');
  const { endpointMemory } = await import('../calibration/endpointMemory.ts');
  const memory = endpointMemory(calibration);
  const reason = asked && whyUnused(calibration, asked, path);
  if (reason !== null) return { calibrated: [], cautions: [reason] };
  const ofAsked = asked === null || (asked.model === memory?.model && asked.engine === memory.engine);
  const other = asked === null ? '' : otherDeployment(calibration, asked.deployment);
  return {
    ...(memory && ofAsked ? { calibration: memory } : {}),
    ownMeasurements: calibratedMeasurements(calibration),
    calibrated: [
      { code: 'calibration', text: [calibrationWords(calibration, path), other].filter((part) => part !== '').join('; '), source: 'user' },
    ],
    cautions: calibrationDoubts(calibration, path),
  };
}
