import type { Origin } from '../evidence/term.ts';
import type { Deployment } from './deployment.ts';
import { gpuDefault } from './gpuDefault.ts';

/** Sequences per step that a deployment admits on each of its KV caches: as asked, or the engine's default. */
export function admittedSequences(deployment: Pick<Deployment, 'maxNumSeqs' | 'release' | 'gpu'>): {
  readonly value: number;
  readonly source: Origin;
} {
  const { maxNumSeqs, release } = deployment;
  return maxNumSeqs === undefined ? gpuDefault(release.engine.maxSequences, deployment) : { value: maxNumSeqs, source: 'user' };
}
