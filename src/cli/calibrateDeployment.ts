import type { EndpointDeployment } from '../calibration/endpointCalibration.ts';
import type { EndpointFacts } from '../calibration/probe/endpointFacts.ts';
import type { Tariff } from '../cost/tariff.ts';
import type { Estimate } from '../evidence/estimate.ts';
import { Fault } from '../faults/fault.ts';
import { layoutName, replicaGpus } from '../layout/layout.ts';
import type { MemoryPlan } from '../memory/memoryPlan.ts';
import type { Catalog } from '../plan/catalog.ts';
import { judgeCandidates } from '../plan/fit/candidates.ts';
import { resolveFitQuery } from '../plan/fit/question.ts';
import type { JudgedDeployment } from '../plan/judge.ts';
import { endpointEngine } from './calibrateEngine.ts';
import type { CalibrateOptions } from './calibrateOptions.ts';
import { deploymentQueryOf } from './deploymentQuery.ts';

/** What runs behind an endpoint, and what kplan says that its KV cache holds. */
export interface StatedDeployment {
  readonly deployment: EndpointDeployment;
  readonly kv: { readonly tokens: Estimate; readonly bytesPerGpu: number } | null;
  /** What contradicts what was stated. */
  readonly notes: readonly string[];
}

/** Context for which the layout is judged; the KV cache does not depend on it. */
const CONTEXT = 32 * 1024;

/** The layout that the endpoint says of itself, where the user did not say otherwise. */
function discovered(options: CalibrateOptions, { tp, pp, ep }: EndpointFacts): CalibrateOptions {
  const said = [options.tp, options.pp, options.ep, options.gpus, options.attentionDp].some((word) => word !== undefined);
  if (said) return options;
  return {
    ...options,
    ...(tp === null ? {} : { tp: String(tp) }),
    ...(pp === null ? {} : { pp: String(pp) }),
    ...(ep === null ? {} : { ep: String(ep) }),
  };
}

/** The model of the catalog that a name of an endpoint means, such as `moonshotai/Kimi-K2.7-Code`; null where none is called so. */
function modelCalled(name: string, { models }: Catalog): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/^.*\//, '');
  return models.find(({ id, aliases }) => [id, ...aliases].some((each) => plain(each) === plain(name)))?.id ?? null;
}

/**
 * Whether a tariff is of another model than the endpoint serves, in words.
 *
 * @param stated with `--model`, where it is
 */
export function otherTariff(tariff: Tariff | null, served: string, stated: string | undefined, catalog: Catalog): string[] {
  if (tariff === null) return [];
  const plain = (name: string) => modelCalled(name, catalog) ?? name.toLowerCase().replace(/^.*\//, '');
  const model = plain(stated ?? served);
  return model === plain(tariff.model)
    ? []
    : [`the tariff ${tariff.id} is of ${tariff.model}, and the endpoint serves ${served}: spending is counted at prices of another model`];
}

/** The model that is asked about: as stated, else as the endpoint calls it. */
function modelStated({ model, gpu }: CalibrateOptions, served: string, catalog: Catalog): string {
  const called = model ?? modelCalled(served, catalog);
  if (called !== null) return called;
  throw new Fault('missing', 'kplan knows no model that is called as the endpoint calls it', {
    where: '--model',
    value: served,
    allowed: `the model that runs on ${gpu}, a name that \`kplan data models\` prints or a config.json`,
  });
}

function contradictions(model: string, served: string, stated: Estimate | null, { kvTokens }: EndpointFacts, catalog: Catalog): string[] {
  const called = modelCalled(served, catalog);
  const apart = kvTokens !== null && stated !== null && (kvTokens < stated.low || kvTokens > stated.high);
  return [
    ...(called !== null && called !== model ? [`the endpoint says that it serves ${called}, and ${model} was stated`] : []),
    ...(apart ? [`its KV cache holds other than kplan says: model, GPU, layout or memory options may not be those stated`] : []),
  ];
}

/** Of layouts in question one that fits, else one that holds the model. */
function likeliest(judged: readonly JudgedDeployment[]): JudgedDeployment {
  const best = judged.find(({ verdict }) => verdict === 'fits') ?? judged.find(({ memory }) => memory && holds(memory)) ?? judged[0];
  if (!best) throw new Error('every GPU type has at least one judged layout');
  return best;
}

/** Whether weights and overhead leave room for a KV cache, at best. */
function holds({ kvMemoryBytesPerGpu }: MemoryPlan): boolean {
  return kvMemoryBytesPerGpu.high > 0;
}

/** Refuses what cannot hold the model, for an endpoint answers. */
function checkHolds({ deployment, memory, binding }: JudgedDeployment, stated: string): void {
  if (memory === null || holds(memory)) return;
  const { model, checkpoint, gpu, layout } = deployment;
  const on = `${replicaGpus(layout)}×${gpu.name} (${layoutName(layout)})`;
  throw new Fault('contradiction', `${model.id} ${checkpoint.format} does not fit ${on}: ${binding.message}`, {
    where: '--gpu',
    value: stated,
    allowed: 'GPUs and a layout that hold the model; is --gpu right, and --tp or --format?',
  });
}

/** The KV cache as kplan says it; null where it knows of none. */
function keysOf({ memory }: JudgedDeployment): StatedDeployment['kv'] {
  const bytesPerGpu = memory?.kvMemoryBytesPerGpu.value ?? 0;
  return memory && bytesPerGpu > 0 ? { tokens: memory.kvTokens, bytesPerGpu } : null;
}

/**
 * The deployment that the options and the endpoint name together.
 *
 * @returns null where no GPU is named, so that nothing can be fitted
 * @throws Fault where they name several GPU types, nothing that exists, what cannot hold the model, or another engine than answers
 */
export function statedDeployment(
  options: CalibrateOptions,
  served: string,
  facts: EndpointFacts,
  catalog: Catalog,
): StatedDeployment | null {
  const { engine, notes } = endpointEngine(options, facts, catalog);
  if (options.gpu === undefined) return null;
  const known = { ...options, model: modelStated(options, served, catalog), ...(engine === undefined ? {} : { engine }) };
  const query = deploymentQueryOf(discovered(known, facts));
  const { base, gpus, layout } = resolveFitQuery({ ...query, contextTokens: CONTEXT, sequences: 1 }, catalog);
  const [ask, ...others] = gpus;
  if (!ask || others.length > 0)
    throw new Fault('contradiction', 'an endpoint runs on one GPU type', {
      where: '--gpu',
      value: options.gpu,
      allowed: 'one name, such as h200:8',
    });
  const best = likeliest(judgeCandidates(base, ask, layout));
  checkHolds(best, options.gpu);
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
    kv: keysOf(best),
    notes: [
      ...notes,
      ...contradictions(model.id, served, best.memory?.kvTokens ?? null, facts, catalog),
      ...(best.verdict === 'invalid' ? [`by kplan nothing like that runs: ${best.binding.message}`] : []),
    ],
  };
}
