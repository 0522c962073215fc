import type { Catalog } from '../catalog.ts';
import { fit } from '../fit/fit.ts';
import type { FitClaim } from './claim.ts';
import type { Judged } from './judgement.ts';

/** Compares a published deployment with the verdict of `fit`. */
export function judgeFit(check: FitClaim, catalog: Catalog): Judged {
  const { kind: _, claimed, gpu, engine, engineVersion, ...query } = check;
  const release = engineVersion === undefined ? engine : `${engine}@${engineVersion}`;
  const [result] = fit({ ...query, gpu: [gpu], engine: release }, catalog).results;
  if (!result) throw new Error(`no result for a claim on ${gpu}`);
  const refused = result.verdict === 'invalid' || result.verdict === 'does-not-fit';
  const judgement = result.verdict === 'marginal' ? 'depends' : refused === (claimed !== 'fits') ? 'right' : 'wrong';
  return {
    claimed,
    computed: result.verdict,
    judgement,
    arithmetic: `${result.engine} ${result.engineVersion}, ${result.gpus} × ${result.gpuName}: ${result.binding.message}`,
  };
}
