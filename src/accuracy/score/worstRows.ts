import { releaseNamed } from '../observed/releaseNamed.ts';
import type { WorstRow } from './memoryScore.ts';
import type { ScoredRow } from './scoredRow.ts';

const SHOWN = 10;

/** What a row itself says that makes kplan's model of it doubtful, most telling first. */
function doubts(row: ScoredRow): string[] {
  const { deployment, statesRelease, assumed, exactConfig } = row;
  const { gpu, release, layout, draft } = deployment;
  const text = row.row.engineVersion;
  const found: (string | false)[] = [
    /\bfork\b/i.test(text) && `a fork of the engine; constants of ${release.version} stand in`,
    !statesRelease && !/\bfork\b/i.test(text) && `no release is stated; ${release.version} is assumed`,
    releaseNamed(text) !== null && /dev|nightly|rc|\+/i.test(text) && 'not a release as published but a build beside it',
    !exactConfig && 'geometry or storage of the checkpoint are not published in full',
    gpu.vendor === 'amd' && 'few logs of this engine on AMD GPUs',
    draft !== undefined && 'a draft, whose own profile run is not modelled',
    layout.ep > 1 && 'expert parallelism, whose dispatch buffers are not modelled',
    assumed.length > 0 && `assumed: ${assumed.join(', ')}`,
  ];
  return found.filter((one): one is string => one !== false);
}

function gib(value: number): string {
  return `${Math.abs(value).toFixed(2)} GiB`;
}

/** Which part of the budget carries the error, and what may be behind it. */
function explain(row: ScoredRow, weightsError: number | null, overheadError: number): string {
  const larger = weightsError !== null && Math.abs(weightsError) > Math.abs(overheadError) ? 'weights' : 'overhead';
  const error = larger === 'weights' ? (weightsError ?? 0) : overheadError;
  const where = `${larger} ${gib(error)} too ${error > 0 ? 'high' : 'low'}`;
  const reasons = doubts(row);
  return `${where}; ${reasons.length > 0 ? reasons.join('; ') : 'nothing in the row explains it'}`;
}

function worstRow(row: ScoredRow): WorstRow[] {
  const { kvGiB, weightsGiB, overheadGiB } = row.figures;
  if (!kvGiB || !overheadGiB) return [];
  const errorGiB = kvGiB.predicted - kvGiB.logged;
  const weightsErrorGiB = weightsGiB && weightsGiB.predicted - weightsGiB.logged;
  const overheadErrorGiB = overheadGiB.predicted - overheadGiB.logged;
  const total = row.deployment.gpu.torchTotalGiB?.value ?? Number.NaN;
  return [
    {
      id: row.row.id,
      predictedKvGiB: kvGiB.predicted,
      loggedKvGiB: kvGiB.logged,
      errorGiB,
      errorPctOfGpu: (100 * errorGiB) / total,
      weightsErrorGiB,
      overheadErrorGiB,
      explanation: explain(row, weightsErrorGiB, overheadErrorGiB),
    },
  ];
}

/** The ten rows whose KV memory kplan misses by the largest share of the GPU, worst first, with the part that is off. */
export function worstRows(rows: readonly ScoredRow[]): WorstRow[] {
  return rows
    .filter(({ apart }) => apart === null)
    .flatMap(worstRow)
    .sort((a, b) => Math.abs(b.errorPctOfGpu) - Math.abs(a.errorPctOfGpu))
    .slice(0, SHOWN);
}
