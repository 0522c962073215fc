import { loadCatalog } from '../../src/catalog/index.ts';
import type { Deployment } from '../../src/engine/deployment.ts';
import { resolveRelease } from '../../src/engine/release.ts';
import type { Layout } from '../../src/layout/layout.ts';
import { findCheckpoint, findGpus, findModel } from '../../src/plan/lookup.ts';

/** What a test varies of a deployment; names are those of the command line. */
export interface DeploymentAsk extends Partial<Omit<Deployment, 'model' | 'checkpoint' | 'gpu' | 'release' | 'layout'>> {
  readonly model?: string;
  readonly format?: string;
  readonly gpu?: string;
  readonly engine?: string;
  readonly layout?: Partial<Layout>;
}

/** A layout whose members that are not named are 1. */
export function layoutOf(layout: Partial<Layout>): Layout {
  return { tp: 1, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1, ...layout };
}

/** Kimi-K2.7-Code in INT4 on vLLM at its default version, 8 × H200 as TP8 with one sequence of 128k in bf16, unless said otherwise. */
export function deploymentOf(ask: DeploymentAsk = {}): Deployment {
  const { model: modelName, format, gpu: gpuName = 'h200', engine, layout = { tp: 8 }, ...rest } = ask;
  const catalog = loadCatalog();
  const model = findModel(catalog, modelName);
  const [found] = findGpus(catalog, [gpuName]);
  if (!found) throw new Error(`no GPU ${gpuName}`);
  return {
    model,
    checkpoint: findCheckpoint(model, format),
    gpu: found.gpu,
    release: resolveRelease(catalog.engines, engine),
    layout: layoutOf(layout),
    kvCacheDtype: 'bf16',
    contextTokens: 131_072,
    sequences: 1,
    encoderMode: 'weights',
    ...rest,
  };
}
