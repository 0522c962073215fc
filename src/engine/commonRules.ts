import type { Source } from '../evidence/source.ts';
import { stageRanks } from '../layout/layout.ts';
import { type Deployment, expertTensorWays } from './deployment.ts';
import type { EngineId } from './engine.ts';
import { type Finding, fail, nearestDivisors, type Rule, warn } from './rule.ts';
import { compareVersions } from './version.ts';

/** A rule that holds for both engines, each of which says it under a name and source of its own. */
type CommonRule = Pick<Rule, 'title' | 'check'>;

/** Files below one root, a repository or a folder in it, read on one day. */
export function filesOf(root: string, date: string): (path: string, note?: string) => Source {
  return (path, note) => ({ ref: `${root}${path}`, date, kind: 'spec', ...(note === undefined ? {} : { note }) });
}

export function isInt4({ checkpoint }: Deployment): boolean {
  return checkpoint.encoding === 'int4-g32';
}

/** Whether a compute capability, NVIDIA's, is below what is needed. */
export function isBelow({ gpu }: Deployment, capability: number): boolean {
  return gpu.vendor === 'nvidia' && (gpu.computeCapability ?? 0) < capability;
}

export const GPU_VENDOR: CommonRule = {
  title: 'the GPU has a kernel path for this model',
  check: ({ gpu, release }) =>
    gpu.vendor === 'nvidia' || gpu.vendor === 'amd'
      ? null
      : fail(`no known path for this model on ${gpu.name}; ${release.engine.name} serves it on NVIDIA and AMD GPUs`),
};

export const HEADS_DIVIDE: CommonRule = {
  title: 'attention heads divide by TP',
  check: ({ model, layout }) => {
    const { heads } = model.architecture.attention;
    if (heads % layout.tp === 0) return null;
    const nearest = nearestDivisors(heads, layout.tp);
    return fail(`${heads} attention heads do not divide by TP ${layout.tp}; nearest valid TP: ${nearest.join(' or ')}`, {
      nearest: nearest.map((tp) => ({ tp })),
    });
  },
};

export const DCP_DIVIDES_TP: CommonRule = {
  title: 'DCP takes whole parts of the TP group',
  check: ({ layout }) => {
    if (layout.tp % layout.dcp === 0) return null;
    const nearest = nearestDivisors(layout.tp, layout.dcp);
    return fail(`TP ${layout.tp} does not divide by DCP ${layout.dcp}; nearest valid DCP: ${nearest.join(' or ')}`, {
      nearest: nearest.map((dcp) => ({ dcp })),
    });
  },
};

export const NVFP4_ON_BLACKWELL: CommonRule = {
  title: 'NVFP4 runs on Blackwell',
  check: ({ checkpoint, gpu, model }) =>
    checkpoint.encoding === 'nvfp4' && (gpu.computeCapability ?? 0) < 10
      ? fail(`NVFP4 needs a Blackwell GPU; ${gpu.name} is ${gpu.microarchitecture}`, { settings: { format: model.defaultFormat } })
      : null,
};

export const MXFP4_ON_GFX950: CommonRule & Pick<Rule, 'source'> = {
  title: 'the MXFP4 checkpoint is published for gfx950',
  source: { ref: 'vllm-project/recipes@8959cf6 models/moonshotai', date: '2026-08-21', kind: 'spec' },
  check: ({ checkpoint, gpu, model }) =>
    checkpoint.encoding === 'mxfp4' && gpu.gfxTarget !== 'gfx950'
      ? fail(`the MXFP4 checkpoint runs on MI350X and MI355X only, not on ${gpu.name}`, { settings: { format: model.defaultFormat } })
      : null,
};

/** More stages than layers, in words of the failure; null where every stage has a layer. */
export function emptyStages({ model, layout }: Deployment): Finding | null {
  const { layers } = model.architecture;
  return layout.pp <= layers ? null : fail(`${layers} layers do not fill ${layout.pp} stages`, { nearest: [{ pp: layers }] });
}

/** An expert FFN whose split cuts through quantisation groups; null where groups stay whole. */
export function brokenGroups(deployment: Deployment): Finding | null {
  const { expertFfnSize } = deployment.model.architecture.experts;
  const ways = expertTensorWays(deployment);
  const group = isInt4(deployment) ? 32 : 1;
  return expertFfnSize % (ways * group) === 0
    ? null
    : fail(`an expert FFN of ${expertFfnSize} split ${ways} ways breaks groups of ${group}; use fewer ways or EP`, {
        nearest: [{ ep: stageRanks(deployment.layout) }],
      });
}

const FOR_EVERY_ENGINE: readonly (CommonRule & { readonly name: string; readonly source: Source })[] = [
  {
    name: 'minimum-version',
    title: 'the engine version knows the model',
    source: { ref: 'start-up logs and recipes, by model in the catalog', date: '2026-08-21', kind: 'quoted' },
    check: ({ model, release }) => {
      const minimum = model.minimumEngineVersion[release.engine.id]?.version;
      return minimum !== undefined && compareVersions(release.version, minimum) < 0
        ? fail(`${model.name} needs ${release.engine.name} ${minimum} or later, not ${release.version}`, {
            settings: { engineVersion: minimum },
          })
        : null;
    },
  },
  {
    name: 'known-version',
    title: 'the rules were read from this version',
    source: { ref: 'version list of the catalog', date: '2026-08-22', kind: 'spec' },
    check: ({ release }) =>
      compareVersions(release.version, release.engine.newestVersion) > 0
        ? warn(
            `rules and defaults are known up to ${release.engine.name} ${release.engine.newestVersion}; ${release.version} is taken to behave the same`,
          )
        : null,
  },
  {
    name: 'tp-in-domain',
    title: 'TP stays inside the scale-up domain',
    source: { ref: 'vllm-project/recipes@8959cf6 multi_node_tp_pp', date: '2026-08-21', kind: 'spec' },
    check: ({ gpu, layout }) =>
      layout.tp > gpu.scaleUpDomainGpus
        ? warn(`TP ${layout.tp} crosses the ${gpu.scaleUpTechnology} domain of ${gpu.scaleUpDomainGpus} GPUs: prefer PP across nodes`)
        : null,
  },
];

/** The rules that are read the same way for every engine, under the engine's name. */
export function commonRules(engine: EngineId): Rule[] {
  return FOR_EVERY_ENGINE.map(({ name, ...rule }) => ({ ...rule, id: `${engine}.${name}`, engine }));
}
