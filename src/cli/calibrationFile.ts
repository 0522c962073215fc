import type { MemoryCalibration } from '../engine/calibration.ts';

/**
 * The calibration that `--calibration` names, as a part of a query; nothing where it was not given.
 *
 * @throws Fault where the file is missing or is no calibration
 */
export async function calibrationFrom(path: string | undefined): Promise<{ readonly calibration?: MemoryCalibration }> {
  if (path === undefined) return {};
  const { readCalibration } = await import('../calibration/calibrationFile.ts');
  const { memoryCalibrationOf } = await import('../calibration/calibration.ts');
  return { calibration: memoryCalibrationOf(readCalibration(path)) };
}
