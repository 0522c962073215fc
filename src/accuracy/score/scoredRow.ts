import type { Deployment } from '../../engine/deployment.ts';
import { planMemory } from '../../memory/plan.ts';
import { encodingOf } from '../../model/encoding.ts';
import { encodingOfClass } from '../../model/tensors.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { GIB } from '../../units/bytes.ts';
import { isReadable, type RowDeployment, rowDeployment, type Unreadable } from '../observed/rowDeployment.ts';
import { isDerived, type StartupRow } from '../observed/startupRow.ts';
import { nearestLog } from '../overhead/nearestLog.ts';
import { type BandPair, budgetGiB, calibrationFrom, hasCompressedContext, type RowFigures, rowFigures } from './rowFigures.ts';
import { type RowVerdict, rowVerdict, verdictObstacle } from './rowVerdict.ts';

/** A row with everything that kplan has to say of it. */
export interface ScoredRow extends RowDeployment {
  readonly row: StartupRow;
  readonly figures: RowFigures;
  /** KV GiB after a log of another row of the same model and GPU was taken in. */
  readonly calibrated: BandPair | null;
  readonly verdict: RowVerdict | null;
  /** Why something of the row is not scored. */
  readonly leftOut: readonly string[];
  /** Why weights and KV memory are reported apart from those of other rows; null where they are not. */
  readonly apart: string | null;
}

/** vLLM on ROCm keeps padded and shuffled copies of experts in 16 bits, by kernels that changed from release to release. */
function apartOf({ model, checkpoint, gpu }: Deployment): string | null {
  const wide = model.architecture.experts !== null && encodingOf(encodingOfClass(checkpoint, 'routed-experts')).bitsPerWeight >= 16;
  return gpu.vendor === 'amd' && wide
    ? 'experts in 16 bits on an AMD GPU load with copies for its kernels, which kplan does not model'
    : null;
}

/** Share of derived weights below which a log cannot be, and GiB that rounding and a smaller total may hide. */
const SURE_WEIGHTS = 0.95;
const DOUBT_GIB = 0.5;

/** Why a row cannot be what it says, or null where it can: weights and KV memory that were printed exceed the budget by themselves. */
function contradictionOf(row: StartupRow, { deployment }: RowDeployment): string | null {
  if (row.kvGiB === null || isDerived(row)) return null;
  const weights = row.weightsGiB ?? (SURE_WEIGHTS * planMemory(deployment).weightBytesPerGpu) / GIB;
  const excess = row.kvGiB + weights - budgetGiB(deployment);
  if (excess <= DOUBT_GIB) return null;
  return `weights and KV memory exceed the budget on ${deployment.gpu.name} by ${excess.toFixed(1)} GiB: another GPU than stated, or a pool outside the budget`;
}

function leftOutOf(row: StartupRow, reading: RowDeployment, contradiction: string | null): string[] {
  if (reading.arithmeticOnly !== null) return [`${reading.arithmeticOnly}: only the tokens of its KV memory are scored`];
  if (contradiction !== null) return [contradiction];
  const obstacle = verdictObstacle(row, reading);
  return [
    ...(isDerived(row) ? ['its GiB were computed from its tokens, so they are not scored'] : []),
    ...(row.kvGiB !== null && !reading.statesBudget
      ? ['build, memory fraction or memory of the GPU are not known, so its KV memory is not scored']
      : []),
    ...(hasCompressedContext(reading.deployment)
      ? ['the KV cache of a compressed context is approximated, so its tokens are not scored']
      : []),
    ...(obstacle === null ? [] : [`no verdict: ${obstacle}`]),
  ];
}

function scored(row: StartupRow, reading: RowDeployment): ScoredRow {
  const contradiction = contradictionOf(row, reading);
  const judged = reading.arithmeticOnly === null && contradiction === null && verdictObstacle(row, reading) === null;
  return {
    ...reading,
    row,
    figures: rowFigures(row, reading.deployment, reading.statesBudget && contradiction === null, reading.arithmeticOnly !== null),
    calibrated: null,
    verdict: judged ? rowVerdict(row, reading) : null,
    leftOut: leftOutOf(row, reading, contradiction),
    apart: apartOf(reading.deployment),
  };
}

function calibratedBy(row: ScoredRow, log: ScoredRow): BandPair | null {
  const calibration = calibrationFrom(log.row, log.deployment, log.statesRelease);
  return calibration && rowFigures(row.row, { ...row.deployment, calibration }, true).kvGiB;
}

/** Scores the rows that can be planned for, each with the nearest other log of its case as calibration, and says why others cannot. */
export function scoreRows(
  rows: readonly StartupRow[],
  catalog: Catalog,
): { readonly scored: readonly ScoredRow[]; readonly skipped: readonly { readonly id: string; readonly reason: string }[] } {
  const readings = rows.map((row): { row: StartupRow; reading: RowDeployment | Unreadable } => ({
    row,
    reading: rowDeployment(row, catalog),
  }));
  const single = readings.flatMap(({ row, reading }) => (isReadable(reading) ? [scored(row, reading)] : []));
  const logs = single.filter(({ figures }) => figures.kvGiB !== null);
  return {
    scored: single.map((row) => {
      const log = row.figures.kvGiB === null ? undefined : nearestLog(row, logs);
      return log ? { ...row, calibrated: calibratedBy(row, log) } : row;
    }),
    skipped: readings.flatMap(({ row, reading }) => (isReadable(reading) ? [] : [{ id: row.id, reason: reading.skipped }])),
  };
}
