import type { Fact } from '../evidence/source.ts';
import type { Origin } from '../evidence/term.ts';
import type { Gpu } from '../hardware/gpu.ts';
import type { Deployment } from './deployment.ts';
import type { Engine } from './engine.ts';

/**
 * The engine's default limit on sequences per step on a GPU: the first row of its table that takes the GPU's memory and
 * microarchitecture. A GPU of unknown memory counts as small.
 */
function maxSequences(engine: Engine, { torchTotalGiB, microarchitecture }: Gpu): Fact {
  const memory = torchTotalGiB?.value ?? 0;
  const row = engine.maxSequences.find(({ fromGiB, except }) => memory >= fromGiB && !except?.includes(microarchitecture));
  if (!row) throw new Error(`no limit on sequences for ${engine.id} at ${memory} GiB: the catalog must have refused the table`);
  return row;
}

/** Sequences per step that a deployment admits on each of its KV caches: as asked, or the engine's default. */
export function admittedSequences({ maxNumSeqs, release, gpu }: Deployment): { readonly value: number; readonly source: Origin } {
  return maxNumSeqs === undefined ? maxSequences(release.engine, gpu) : { value: maxNumSeqs, source: 'user' };
}
