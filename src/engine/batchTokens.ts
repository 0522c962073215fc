import type { Origin } from '../evidence/term.ts';
import type { Deployment } from './deployment.ts';
import { gpuDefault } from './gpuDefault.ts';

/** Tokens that one step of a deployment may carry: as asked, or the engine's default on its GPU. */
export function stepTokens(deployment: Deployment): { readonly value: number; readonly source: Origin } {
  const { batchTokens, release } = deployment;
  return batchTokens === undefined ? gpuDefault(release.engine.batchTokens, deployment) : { value: batchTokens, source: 'user' };
}
