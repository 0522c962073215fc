import type { Deployment } from './deployment.ts';
import type { GpuDefault } from './engine.ts';
import { compareVersions } from './version.ts';

/**
 * A default of an engine on a GPU: the first row of its table that takes the GPU's memory, its microarchitecture and the version. A GPU
 * of unknown memory counts as small.
 */
export function gpuDefault(rows: readonly GpuDefault[], { gpu, release }: Pick<Deployment, 'gpu' | 'release'>): GpuDefault {
  const { torchTotalGiB, microarchitecture } = gpu;
  const memory = torchTotalGiB?.value ?? 0;
  const row = rows.find(
    ({ fromGiB, except, since }) =>
      memory >= fromGiB && !except?.includes(microarchitecture) && (since === undefined || compareVersions(release.version, since) >= 0),
  );
  if (!row) throw new Error(`no default at ${memory} GiB: the catalog must have refused the table`);
  return row;
}
