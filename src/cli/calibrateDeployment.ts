import type { EndpointDeployment } from '../calibration/endpointCalibration.ts';
import type { EndpointFacts } from '../calibration/probe/endpointFacts.ts';
import type { Estimate } from '../evidence/estimate.ts';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import { judgeCandidates } from '../plan/fit/candidates.ts';
import { resolveFitQuery } from '../plan/fit/question.ts';
import type { CalibrateOptions } from './calibrateOptions.ts';
import { deploymentQueryOf } from './deploymentQuery.ts';

/** What runs behind an endpoint, and what kplan says that its KV cache holds. */
export interface StatedDeployment {
  readonly deployment: EndpointDeployment;
  readonly kvTokens: Estimate | null;
}

/** Context for which the layout is judged; the KV cache does not depend on it. */
const CONTEXT = 32 * 1024;

/** What the endpoint says of itself, where the user did not say otherwise. */
function discovered(options: CalibrateOptions, { server, engineVersion, tp, pp, ep }: EndpointFacts): CalibrateOptions {
  const known = server === 'vllm' || server === 'sglang' ? server : undefined;
  const version = /^\d+\.\d+\.\d+/.exec(engineVersion ?? '')?.[0];
  const said = [options.tp, options.pp, options.ep, options.gpus, options.attentionDp].some((word) => word !== undefined);
  const layout = said
    ? {}
    : {
        ...(tp === null ? {} : { tp: String(tp) }),
        ...(pp === null ? {} : { pp: String(pp) }),
        ...(ep === null ? {} : { ep: String(ep) }),
      };
  const engine = options.engine ?? (known && `${known}${version === undefined ? '' : `@${version}`}`);
  return { ...options, ...layout, ...(engine === undefined ? {} : { engine }) };
}

/**
 * The deployment that the options and the endpoint name together.
 *
 * @returns null where no GPU is named, so that nothing can be fitted
 * @throws Fault where they name several GPU types, or nothing that exists
 */
export function statedDeployment(options: CalibrateOptions, facts: EndpointFacts, catalog: Catalog): StatedDeployment | null {
  if (options.gpu === undefined) return null;
  const query = deploymentQueryOf(discovered(options, facts));
  const { base, gpus, layout } = resolveFitQuery({ ...query, contextTokens: CONTEXT, sequences: 1 }, catalog);
  const [ask, ...others] = gpus;
  if (!ask || others.length > 0)
    throw new Fault('contradiction', 'an endpoint runs on one GPU type', {
      where: '--gpu',
      value: options.gpu,
      allowed: 'one name, such as h200:8',
    });
  const judged = judgeCandidates(base, ask, layout);
  const best = judged.find(({ verdict }) => verdict === 'fits') ?? judged[0];
  if (!best) throw new Error('every GPU type has at least one judged layout');
  const { model, checkpoint, release, kvCacheDtype, gpu, layout: chosen } = best.deployment;
  return {
    deployment: {
      engine: release.engine.id,
      engineVersion: release.version,
      model: model.id,
      family: model.family,
      format: checkpoint.format,
      kvCacheDtype,
      gpu: gpu.id,
      layout: chosen,
    },
    kvTokens: best.memory?.kvTokens ?? null,
  };
}
