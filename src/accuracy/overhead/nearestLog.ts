import type { Deployment } from '../../engine/deployment.ts';
import { compareVersions } from '../../engine/version.ts';
import type { StartupRow } from '../observed/startupRow.ts';

/** A row with the deployment that it describes. */
export interface Observed {
  readonly row: StartupRow;
  readonly deployment: Deployment;
}

function sameCase(a: Observed, b: Observed): boolean {
  const [one, other] = [a.deployment, b.deployment];
  if (a.row === b.row || (a.row.id !== '' && a.row.id === b.row.id)) return false;
  return one.model === other.model && one.gpu === other.gpu && one.release.engine === other.release.engine;
}

const ANOTHER_BUILD = 10_000;
const ANOTHER_RELEASE = 100;

/**
 * Of the other observations of a row's model, GPU and engine the nearest: of the same build, then by releases between them, then by
 * ways of tensor parallelism, then the first.
 */
export function nearestLog<T extends Observed>(row: Observed, others: readonly T[]): T | undefined {
  const releases = [...new Set([row, ...others].map(({ deployment }) => deployment.release.version))].sort(compareVersions);
  const place = ({ deployment }: Observed) => releases.indexOf(deployment.release.version);
  const distance = (other: Observed) =>
    (row.row.engineVersion === other.row.engineVersion ? 0 : ANOTHER_BUILD) +
    ANOTHER_RELEASE * Math.abs(place(row) - place(other)) +
    Math.abs(Math.log2(row.deployment.layout.tp / other.deployment.layout.tp));
  return others
    .filter((other) => sameCase(row, other))
    .reduce<T | undefined>((best, other) => (best && distance(best) <= distance(other) ? best : other), undefined);
}
