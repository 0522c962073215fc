import type { MemoryCalibration } from '../engine/calibration.ts';
import type { Layout } from '../layout/layout.ts';

/** What one GPU holds of a deployment, as a log shows it or as kplan says; null where it is not known. */
export interface CalibratedFigures {
  readonly weightBytesPerGpu: number | null;
  /** Budget less weights less KV memory. */
  readonly overheadBytesPerGpu: number | null;
  readonly kvBytesPerToken: number | null;
}

/** What a start-up log showed, beside what kplan had said: the file that `reconcile --save` writes and `fit --calibration` reads. */
export interface Calibration {
  readonly schema: 'kplan/calibration@1';
  readonly name: string;
  /** The day on which it was made. */
  readonly date: string;
  /** The log, so that the same one can be recognised. */
  readonly source: { readonly file: string; readonly sha256: string };
  readonly engine: string;
  readonly engineVersion: string;
  /** Whether the log prints no release, so that this is only the engine's default. */
  readonly engineVersionAssumed?: true;
  readonly model: string;
  readonly format: string;
  readonly gpu: string;
  readonly layout: Layout;
  /** What else the log says of the start. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly measured: CalibratedFigures;
  readonly predicted: CalibratedFigures;
}

function offset(measured: number | null, predicted: number | null): number | null {
  return measured === null || predicted === null ? null : measured - predicted;
}

/**
 * What a calibration adds to a plan: `measured - predicted`, for weights and for overhead.
 *
 * @returns bytes per GPU; a weight offset of 0 and no overhead offset where the log did not show them
 * @example memoryCalibrationOf(calibration).overheadOffsetBytes // 5 - 4
 */
export function memoryCalibrationOf({
  name,
  model,
  format,
  gpu,
  engine,
  engineVersion,
  engineVersionAssumed,
  layout,
  source,
  date,
  measured,
  predicted,
}: Calibration): MemoryCalibration {
  return {
    name,
    model,
    format,
    gpu,
    engine,
    engineVersion: engineVersionAssumed ? null : engineVersion,
    layout,
    weightOffsetBytes: offset(measured.weightBytesPerGpu, predicted.weightBytesPerGpu) ?? 0,
    overheadOffsetBytes: offset(measured.overheadBytesPerGpu, predicted.overheadBytesPerGpu),
    source: `${source.file}, ${engine} ${engineVersion}${engineVersionAssumed ? ' (release assumed)' : ''}, ${date}`,
  };
}
