import type { Calibration } from '../../calibration/calibration.ts';
import { Fault } from '../../faults/fault.ts';
import type { LoggedFlags } from '../../importers/startupLog/startupLog.ts';
import type { Reconciled } from './reconciliation.ts';

/** Flags that change what memory is used for. */
const SETTINGS: readonly (keyof LoggedFlags)[] = [
  'utilization',
  'staticFraction',
  'maxModelLen',
  'maxNumSeqs',
  'maxNumBatchedTokens',
  'kvCacheDtype',
  'enforceEager',
  'graphProfiling',
  'speculativeMethod',
  'mmEncoder',
];

/** What a calibration file says of its origin. */
export interface CalibrationOrigin {
  readonly file: string;
  readonly sha256: string;
  readonly date: string;
}

/**
 * Makes a calibration of what a log showed.
 *
 * @throws Fault `contradiction` where the log contradicts what was asked or itself, `invalid` where it states too little
 */
export function calibrationOf(
  { reconciliation, basis, noBasis, flags, contradictions }: Reconciled,
  { file, sha256, date }: CalibrationOrigin,
): Calibration {
  const [contradiction] = contradictions;
  if (contradiction) {
    const { where, value, text, allowed } = contradiction;
    throw new Fault('contradiction', `nothing can be calibrated: ${text}`, { where, value, allowed });
  }
  if (!basis)
    throw new Fault('invalid', `nothing can be calibrated: ${noBasis}`, {
      where: '--save',
      allowed: 'a log of a known model on a known GPU that states its KV memory',
    });
  const { deployment, releaseAssumed, measured, predicted } = basis;
  const { model, checkpoint, gpu, release, layout } = deployment;
  return {
    schema: 'kplan/calibration@1',
    name: file,
    date,
    source: { file, sha256 },
    engine: release.engine.id,
    engineVersion: reconciliation.log.version ?? release.version,
    ...(releaseAssumed ? { engineVersionAssumed: true as const } : {}),
    model: model.id,
    format: checkpoint.format,
    gpu: gpu.id,
    layout,
    settings: Object.fromEntries(
      SETTINGS.flatMap((name) => {
        const value = flags[name];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
    measured,
    predicted,
  };
}
