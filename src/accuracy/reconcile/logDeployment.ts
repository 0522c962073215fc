import type { Deployment, DraftKind, EncoderMode } from '../../engine/deployment.ts';
import { defaultEncoderMode } from '../../engine/encoderMode.ts';
import type { EngineRelease } from '../../engine/engine.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import type { StartupLog } from '../../importers/startupLog/startupLog.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Checkpoint, Model } from '../../model/model.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { releaseNamed } from '../observed/releaseNamed.ts';
import { kvDtypeNamed, languageOnly, observedLayout } from '../observed/settings.ts';
import { isReleased } from './band.ts';
import { logGpu } from './logGpu.ts';
import { logModel } from './logModel.ts';
import { impliedDtype } from './pool.ts';

/** What the user says of a log that it does not say itself. */
export interface ReconcileAsk {
  readonly gpu?: Gpu;
  readonly model?: Model;
  readonly checkpoint?: Checkpoint;
  readonly release?: EngineRelease;
  /** Whether the version of that release is only the default of the engine. */
  readonly releaseByDefault?: boolean;
  readonly kvCacheDtype?: string;
}

/** A log as kplan plans it. What is missing has its reason, and a stand-in so that the rest can be said. */
export interface LogDeployment {
  readonly deployment: Deployment | null;
  /** Why weights cannot be said; null where they can. */
  readonly noWeights: string | null;
  /** Why sizes of the KV cache cannot be said. */
  readonly noKv: string | null;
  /** Why budget, overhead and verdict cannot be said. */
  readonly noBudget: string | null;
  /** Why nothing should be calibrated, though the budget can be told. */
  readonly noCalibration: string | null;
  /** Whether the release is only the default of the engine, for the log names none. */
  readonly releaseAssumed: boolean;
  /** Whether the engine is a release, for which constants were fitted. */
  readonly released: boolean;
  /** Whether the KV cache dtype was chosen by the very tokens that are then predicted. */
  readonly impliedDtype: boolean;
  /** What the log did not say and was taken for given. */
  readonly assumed: readonly string[];
  /** What was recognised, in words. */
  readonly recognised: readonly string[];
}

/** The layout of a log; the sizes of llama.cpp are those of all devices together. */
function layoutOf({ flags, engine }: StartupLog): Layout {
  const whole = engine === 'llama.cpp' || engine === 'ik_llama.cpp';
  return observedLayout({ ...flags, ...(whole ? { gpus: 1 } : {}), ep: flags.ep ?? (flags.expertParallel === true ? true : null) });
}

/** What drafts ahead; null where kplan does not know its layers. */
function draftOf({ flags, engine }: StartupLog, { architecture }: Model): DraftKind | 'none' | null {
  const { speculativeMethod: method, draftModel } = flags;
  if (method === undefined || /ngram|suffix/i.test(method)) return 'none';
  if (/mtp|nextn/i.test(method)) return architecture.draft ? 'mtp' : null;
  if (/eagle3/i.test(method)) return 'eagle3';
  const own = draftModel === undefined && engine === 'sglang' && /eagle/i.test(method);
  return own && architecture.draft ? 'mtp' : null;
}

interface ChosenRelease {
  readonly release: EngineRelease;
  readonly isDefault: boolean;
  readonly assumed: readonly string[];
  /** Why nothing but sizes can be said. */
  readonly why: string | null;
}

function releaseOf({ engine: name, version }: StartupLog, { engines }: Catalog, ask: ReconcileAsk): ChosenRelease {
  const { release: asked, releaseByDefault = false } = ask;
  if (asked && !(releaseByDefault && asked.engine.id === name))
    return { release: asked, isDefault: releaseByDefault, assumed: [], why: null };
  const engine = engines.find(({ id }) => id === name);
  const [standIn] = engines;
  if (!standIn) throw new Error('a catalog without engines');
  if (!engine)
    return {
      release: { engine: standIn, version: standIn.newestVersion },
      isDefault: true,
      assumed: [],
      why: `kplan has no budget rules for ${name}, so only weights and KV cache are held against its log`,
    };
  const release = version === null ? null : releaseNamed(version);
  const assumed = release === null ? [`the release is ${engine.name} ${engine.defaultVersion}, for the log does not print it`] : [];
  return { release: { engine, version: release ?? engine.defaultVersion }, isDefault: release === null, assumed, why: null };
}

function settingsOf({ flags, engine }: StartupLog): Partial<Deployment> {
  const fraction = engine === 'sglang' ? flags.staticFraction : flags.utilization;
  return {
    ...(fraction === undefined ? {} : { utilization: fraction }),
    ...(flags.maxNumSeqs === undefined ? {} : { maxNumSeqs: flags.maxNumSeqs }),
    ...(flags.maxNumBatchedTokens === undefined ? {} : { batchTokens: flags.maxNumBatchedTokens }),
    ...(flags.enforceEager ? { eager: true as const } : {}),
    ...(flags.graphProfiling === undefined ? {} : { graphEstimate: flags.graphProfiling }),
  };
}

function encoderModeOf({ flags: { mmEncoder } }: StartupLog, model: Model, release: EngineRelease): EncoderMode {
  return mmEncoder === 'data' || mmEncoder === 'weights' ? mmEncoder : defaultEncoderMode(model, release);
}

/** A GPU of the log's vendor to compute sizes on where its own is not known; they hardly depend on more. */
function standInGpu({ gpus }: Catalog, { flags }: StartupLog): Gpu {
  const vendor = flags.platform === 'rocm' ? 'amd' : 'nvidia';
  const gpu = gpus.find((one) => one.vendor === vendor && one.torchTotalGiB !== null);
  if (!gpu) throw new Error('a catalog without GPUs of either vendor');
  return gpu;
}

/** Why the budget of a GPU cannot be told, or null. */
function budgetObstacle(gpu: Gpu, { engine }: EngineRelease): string | null {
  if (!gpu.torchTotalGiB) return `how much memory an engine sees on ${gpu.name} is not known`;
  const known = engine.overheadGiB[gpu.vendor] !== undefined || engine.overheadFits.some(({ vendor }) => vendor === gpu.vendor);
  return known ? null : `what ${engine.name} needs beside weights and KV cache on ${gpu.name} is not known`;
}

/** The KV cache dtype of engines that do not print it, as their figures imply. */
function withImpliedDtype(
  log: StartupLog,
  deployment: Deployment,
): { readonly deployment: Deployment; readonly assumed: readonly string[] } {
  const printed = log.engine !== 'tensorrt-llm' || log.flags.kvCacheDtype !== undefined;
  const dtype = printed ? null : impliedDtype(log, deployment);
  if (dtype === null) return { deployment, assumed: [] };
  return { deployment: { ...deployment, kvCacheDtype: dtype }, assumed: [`the KV cache is ${dtype}, as its memory and tokens imply`] };
}

/** Turns a log into the deployment that kplan would plan for, with what is missing said. */
export function logDeployment(log: StartupLog, catalog: Catalog, ask: ReconcileAsk = {}): LogDeployment {
  const found = logModel(log, catalog.models, ask);
  const { gpu, ...told } = logGpu(log, catalog.gpus, ask.gpu);
  const { release, isDefault: releaseAssumed, assumed, why } = releaseOf(log, catalog, ask);
  const recognised = gpu && 'how' in told ? [`${gpu.name}: ${told.how}`] : [];
  const released = isReleased(log.version);
  if (!found.model)
    return {
      deployment: null,
      noWeights: found.why,
      noKv: found.why,
      noBudget: why ?? found.why,
      noCalibration: null,
      releaseAssumed,
      released,
      impliedDtype: false,
      assumed,
      recognised,
    };
  const { model, checkpoint } = found;
  const [fallback] = model.checkpoints;
  if (!fallback) throw new Error(`${model.id} without a checkpoint`);
  const draft = draftOf(log, model);
  const dtype = kvDtypeNamed(ask.kvCacheDtype ?? log.flags.kvCacheDtype ?? '');
  const stored = checkpoint ?? fallback;
  const { deployment, assumed: implied } = withImpliedDtype(log, {
    model,
    checkpoint: log.flags.textOnly ? languageOnly(stored) : stored,
    gpu: gpu ?? standInGpu(catalog, log),
    release,
    layout: layoutOf(log),
    kvCacheDtype: dtype ?? 'bf16',
    contextTokens: log.flags.maxModelLen ?? model.architecture.maxContextTokens,
    sequences: 1,
    encoderMode: encoderModeOf(log, model, release),
    ...(draft === null || draft === 'none' ? {} : { draft }),
    ...(log.flags.draftTokens === undefined ? {} : { draftTokens: log.flags.draftTokens }),
    ...settingsOf(log),
  });
  const noDraft =
    draft === null ? `the layers of its draft ${log.flags.draftModel ?? log.flags.speculativeMethod} are not in the catalog` : null;
  const noDtype = dtype === null ? `kplan does not know the KV cache dtype ${log.flags.kvCacheDtype}` : null;
  const noWeights = checkpoint ? noDraft : found.why;
  const offloaded = (log.flags.cpuOffloadGiB ?? 0) > 0 ? `${log.flags.cpuOffloadGiB} GiB of the weights are offloaded to the host` : null;
  const open = 'others' in told && gpu ? [gpu.id, ...told.others] : [];
  const noGpu = gpu ? budgetObstacle(gpu, release) : 'why' in told ? told.why : 'the GPU is not known';
  return {
    deployment,
    noWeights: noWeights ?? offloaded,
    noKv: noDtype ?? noDraft,
    noBudget: why ?? noGpu ?? noWeights ?? offloaded,
    noCalibration: open.length > 1 ? `the GPU may be ${open.join(' or ')}: say which it is with --gpu` : null,
    releaseAssumed,
    released,
    impliedDtype: implied.length > 0,
    assumed: [...assumed, ...(checkpoint ? found.assumed : []), ...implied],
    recognised: [`${model.name} ${checkpoint?.format ?? ''}`.trim(), ...recognised],
  };
}
