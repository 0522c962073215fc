import type { Source } from '../evidence/source.ts';
import { stageRanks } from '../layout/layout.ts';
import { scaleGroup } from '../model/encoding.ts';
import { attentions, layersOf } from '../model/layers.ts';
import { encodingOfClass } from '../model/tensors.ts';
import { type Deployment, expertTensorWays, isSparse } from './deployment.ts';
import type { EngineId } from './engine.ts';
import { expertTile } from './expertKernel.ts';
import { type Finding, fail, nearestDivisors, note, type Rule, warn } from './rule.ts';
import { compareVersions } from './version.ts';

/** A rule that holds for both engines, each of which says it under a name and source of its own. */
type CommonRule = Pick<Rule, 'title' | 'check'>;

/** Files below one root, a repository or a folder in it, read on one day. */
export function filesOf(root: string, date: string): (path: string, note?: string) => Source {
  return (path, note) => ({ ref: `${root}${path}`, date, kind: 'spec', ...(note === undefined ? {} : { note }) });
}

/** Whether the routed experts are compressed-tensors INT4. */
export function hasInt4Experts({ model, checkpoint }: Deployment): boolean {
  return model.architecture.experts !== null && encodingOfClass(checkpoint, 'routed-experts').startsWith('int4-');
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
  check: (deployment) => {
    const { tp } = deployment.layout;
    const heads = attentions(deployment.model.architecture).find((attention) => attention.heads % tp !== 0)?.heads;
    if (heads === undefined) return null;
    const nearest = nearestDivisors(heads, tp);
    return fail(`${heads} attention heads do not divide by TP ${tp}; nearest valid TP: ${nearest.join(' or ')}`, {
      nearest: nearest.map((ways) => ({ tp: ways })),
    });
  },
};

/** The key-value heads of a grouped-query attention that breaks a rule; MLA has none to split. */
function keyValueHeads({ model }: Deployment, breaks: (heads: number) => boolean): number | undefined {
  const found = attentions(model.architecture).find((attention) => attention.kind === 'gqa' && breaks(attention.kvHeads));
  return found?.kind === 'gqa' ? found.kvHeads : undefined;
}

const KV_HEADS_DIVIDE: CommonRule = {
  title: 'key-value heads divide by TP, or TP by them',
  check: (deployment) => {
    const { tp } = deployment.layout;
    const heads = keyValueHeads(deployment, (count) => count % tp !== 0 && tp % count !== 0);
    return heads === undefined
      ? null
      : fail(`${heads} key-value heads neither divide by TP ${tp} nor TP ${tp} by them`, { nearest: [{ tp: heads }] });
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

/** DCP before the release that brought it. */
export function dcpSince(version: string): CommonRule & Pick<Rule, 'before'> {
  return {
    title: 'the engine version knows DCP',
    before: version,
    check: ({ layout, release }) =>
      layout.dcp > 1
        ? fail(`DCP is in ${release.engine.name} from ${version} on, not in ${release.version}`, {
            nearest: [{ dcp: 1 }],
            settings: { engineVersion: version },
          })
        : null,
  };
}

export const DCP_FOR_GQA: CommonRule = {
  title: 'DCP splits key-value heads that TP repeats',
  check: (deployment) => {
    const { tp, dcp } = deployment.layout;
    const heads = dcp === 1 ? undefined : keyValueHeads(deployment, (count) => dcp > tp / count);
    return heads === undefined
      ? null
      : fail(`DCP ${dcp} needs at least ${dcp} ranks to each of the ${heads} key-value heads; TP ${tp} has ${tp / heads}`, {
          nearest: [{ dcp: Math.max(1, Math.floor(tp / heads)) }],
        });
  },
};

export const NVFP4_ON_BLACKWELL: CommonRule = {
  title: 'NVFP4 runs on Blackwell',
  check: ({ checkpoint, gpu, model }) =>
    Object.values(checkpoint.encodings).includes('nvfp4') && (gpu.computeCapability ?? 0) < 10
      ? fail(
          `NVFP4 needs a Blackwell GPU; ${gpu.name} is ${gpu.microarchitecture}`,
          model.defaultFormat === checkpoint.format ? {} : { settings: { format: model.defaultFormat } },
        )
      : null,
};

export const MXFP4_ON_GFX950: CommonRule & Pick<Rule, 'source'> = {
  title: 'checkpoints with MXFP4 activations are published for gfx950',
  source: { ref: 'vllm-project/recipes@8959cf6 models/moonshotai', date: '2026-08-21', kind: 'spec' },
  check: ({ checkpoint, gpu, model }) =>
    checkpoint.activations === 'mxfp4' && gpu.gfxTarget !== 'gfx950'
      ? fail(`the MXFP4 checkpoint runs on MI350X and MI355X only, not on ${gpu.name}`, { settings: { format: model.defaultFormat } })
      : null,
};

/** More stages than layers, in words of the failure; null where every stage has a layer. */
export function emptyStages({ model, layout }: Deployment): Finding | null {
  const layers = layersOf(model.architecture).length;
  return layout.pp <= layers ? null : fail(`${layers} layers do not fill ${layout.pp} stages`, { nearest: [{ pp: layers }] });
}

/** Whether a split of so many ways cuts through quantisation groups. */
function cuts(columns: number, ways: number, group: number): boolean {
  return columns % (ways * group) !== 0;
}

/** An FFN whose split cuts through quantisation groups; null where groups stay whole, or where the kernel pads shards as it loads them. */
export function brokenGroups(deployment: Deployment): Finding | null {
  const { model, checkpoint, layout } = deployment;
  const { experts, denseFfn } = model.architecture;
  const ways = expertTensorWays(deployment);
  const expertGroup = scaleGroup(encodingOfClass(checkpoint, 'routed-experts'));
  if (experts && cuts(experts.expertFfnSize, ways, expertGroup) && !expertTile(deployment).padsGroups) {
    return fail(`an expert FFN of ${experts.expertFfnSize} split ${ways} ways breaks groups of ${expertGroup}; use fewer ways or EP`, {
      nearest: [{ ep: stageRanks(layout) }],
    });
  }
  const denseGroup = scaleGroup(encodingOfClass(checkpoint, 'dense-ffn'));
  return denseFfn && cuts(denseFfn.size, layout.tp, denseGroup)
    ? fail(`a dense FFN of ${denseFfn.size} split ${layout.tp} ways breaks groups of ${denseGroup}; use fewer ways`)
    : null;
}

const EXPERTS_EXIST: CommonRule = {
  title: 'expert parallelism has experts to spread',
  check: ({ model, layout }) =>
    layout.ep > 1 && model.architecture.experts === null
      ? fail(`${model.name} has no experts to spread over EP ${layout.ep}`, { nearest: [{ ep: 1 }] })
      : null,
};

const DRAFT_EXISTS: CommonRule = {
  title: 'the model carries the draft that is asked for',
  check: ({ model, checkpoint, draft }) =>
    draft === 'mtp' && (model.architecture.draft === null || checkpoint.omits?.includes('draft'))
      ? fail(`${checkpoint.repository} has no multi-token prediction module; an external draft is --draft eagle3`)
      : null,
};

const COMPRESSED_KV: CommonRule = {
  title: 'the KV cache is one that kplan derives exactly',
  check: ({ model }) =>
    attentions(model.architecture).some((attention) => attention.kind === 'mla' && attention.compression)
      ? note('the KV cache of attention that compresses its context is approximated: entries by ratio and one window a sequence')
      : null,
};

const PACKED_KV: CommonRule = {
  title: 'a packed FP8 KV cache is of sparse attention',
  check: ({ model, kvCacheDtype }) =>
    kvCacheDtype === 'fp8_ds_mla' && !isSparse({ model })
      ? fail(`the KV cache dtype fp8_ds_mla is of sparse MLA, which ${model.name} has not`, { settings: { kvCacheDtype: 'fp8' } })
      : null,
};

/** Both engines read these shapes off the config of the model. */
const MODEL_SHAPE: Source = {
  ref: 'model configs and the tensors that they fix, by model in the catalog',
  date: '2026-08-21',
  kind: 'spec',
};

const FOR_EVERY_ENGINE: readonly (CommonRule & { readonly name: string; readonly source: Source })[] = [
  { name: 'kv-heads', source: MODEL_SHAPE, ...KV_HEADS_DIVIDE },
  { name: 'experts-exist', source: MODEL_SHAPE, ...EXPERTS_EXIST },
  { name: 'draft-exists', source: MODEL_SHAPE, ...DRAFT_EXISTS },
  { name: 'packed-kv', source: MODEL_SHAPE, ...PACKED_KV },
  { name: 'compressed-kv', source: MODEL_SHAPE, ...COMPRESSED_KV },
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
