import { type MemoryCalibration, wideBandInWords } from '../../engine/calibration.ts';
import type { Deployment, DraftKind, EncoderMode, KvCacheDtype } from '../../engine/deployment.ts';
import { defaultEncoderMode } from '../../engine/encoderMode.ts';
import type { EngineRelease } from '../../engine/engine.ts';
import { resolveRelease } from '../../engine/release.ts';
import { Fault } from '../../faults/fault.ts';
import type { LayoutAsk } from '../../layout/enumeration.ts';
import { LAYOUT_FLAGS, type Layout } from '../../layout/layout.ts';
import type { Model } from '../../model/model.ts';
import { checkNumber } from '../../units/number.ts';
import { formatCount } from '../../units/tokens.ts';
import type { Catalog } from '../catalog.ts';
import { findCheckpoint, findGpus, findModel, type GpuAsk } from '../lookup.ts';

/** What `fit` is asked; everything but the GPU types has a default, and every default is said in the answer. */
export interface FitQuery {
  /** Ids, aliases or `all`; a count may follow a colon. */
  readonly gpu: readonly string[];
  readonly model?: string;
  readonly format?: string;
  /** Tokens of one sequence; several give a map of contexts. The model's longest where none is asked. */
  readonly contextTokens?: number | readonly number[];
  /** Sequences of that context that must fit at once, default 1. */
  readonly sequences?: number;
  /** `vllm` or `sglang`, with `@version` or without. */
  readonly engine?: string;
  readonly kvCacheDtype?: string;
  /** Memory fraction, above 0 and at most 1. */
  readonly utilization?: number;
  readonly maxNumSeqs?: number;
  /** Tokens that one step may carry. */
  readonly maxNumBatchedTokens?: number;
  readonly encoderMode?: EncoderMode;
  /** What drafts tokens ahead. */
  readonly draft?: DraftKind;
  /** Tokens drafted ahead of each step, default 1. */
  readonly draftTokens?: number;
  /** No CUDA graphs. */
  readonly enforceEager?: boolean;
  /** Whether the engine's estimate of graph memory counts against its budget. */
  readonly graphEstimate?: boolean;
  /** What a start-up log of the same model, GPU and engine showed. */
  readonly calibration?: MemoryCalibration;
  readonly gpus?: number;
  readonly tp?: number;
  readonly pp?: number;
  readonly dp?: number;
  readonly ep?: number;
  readonly dcp?: number;
  readonly attentionDp?: number;
  /** Adds the derivation to every result. */
  readonly terms?: boolean;
  /** Adds the ledger of rules to every result. */
  readonly rules?: boolean;
}

/** A fit question with names resolved and numbers checked. */
export interface FitQuestion {
  readonly gpus: readonly GpuAsk[];
  readonly layout: LayoutAsk;
  /** Everything of a deployment but GPU and layout. */
  readonly base: Omit<Deployment, 'gpu' | 'layout'>;
  readonly contexts: readonly number[];
}

const WAYS = Object.keys(LAYOUT_FLAGS) as (keyof Layout)[];

function kvCacheDtype(text = 'bf16'): KvCacheDtype {
  const dtype = text.toLowerCase();
  if (['bf16', 'bfloat16', 'float16', 'auto'].includes(dtype)) return 'bf16';
  if (dtype === 'fp8' || dtype === 'fp8_e4m3') return 'fp8';
  if (dtype === 'fp8_ds_mla') return 'fp8_ds_mla';
  throw new Fault('unknown', 'no such KV cache dtype', {
    where: '--kv-cache-dtype',
    value: text,
    allowed: 'bf16 (auto, float16), fp8 (fp8_e4m3), or fp8_ds_mla for sparse MLA',
  });
}

/** The GPU types with the count that stands beside them or in `--gpus`. */
function countedGpus({ gpu, gpus }: FitQuery, catalog: Catalog): readonly GpuAsk[] {
  const asks = findGpus(catalog, gpu);
  if (gpus === undefined) return asks;
  checkNumber(gpus, '--gpus', { min: 1, max: 4096, integer: true });
  const other = asks.find((ask) => ask.gpus !== undefined && ask.gpus !== gpus);
  if (other) {
    throw new Fault('contradiction', `--gpu asks for ${other.gpus} × ${other.gpu.name}`, {
      where: '--gpus',
      value: gpus,
      allowed: 'one of the two counts',
    });
  }
  return asks.filter(({ gpu: type }, index) => asks.findIndex((ask) => ask.gpu === type) === index).map((ask) => ({ ...ask, gpus }));
}

/** Whether `--tp` counts all ranks of a stage, as SGLang's own flag does: where no number of GPUs has room for the other reading. */
function countsStageRanks({ tp = 1, attentionDp = 1, pp = 1, dp = 1 }: LayoutAsk, sglang: boolean, asks: readonly GpuAsk[]): boolean {
  if (!sglang || attentionDp === 1 || tp % attentionDp !== 0) return false;
  return asks.every(({ gpus }) => gpus === undefined || gpus < tp * attentionDp * pp * dp);
}

function layoutAskOf(query: FitQuery, sglang: boolean, asks: readonly GpuAsk[]): LayoutAsk {
  const ask: Partial<Record<keyof Layout, number>> = {};
  for (const name of WAYS) {
    const ways = query[name];
    if (ways !== undefined) ask[name] = checkNumber(ways, LAYOUT_FLAGS[name], { min: 1, max: 4096, integer: true });
  }
  const { tp, attentionDp } = ask;
  return tp && attentionDp && countsStageRanks(ask, sglang, asks) ? { ...ask, tp: tp / attentionDp } : ask;
}

function contextsOf(query: FitQuery, modelName: string, limit: number): readonly number[] {
  const asked = query.contextTokens ?? limit;
  const contexts: readonly number[] = Array.isArray(asked) ? asked : [asked];
  if (contexts.length === 0)
    throw new Fault('missing', 'at least one context', { where: '--ctx', allowed: `1 to ${formatCount(limit)} tokens` });
  for (const tokens of contexts) {
    checkNumber(tokens, '--ctx', { min: 1, integer: true });
    if (tokens > limit) {
      throw new Fault('invalid', `${modelName} takes at most ${formatCount(limit)} tokens`, {
        where: '--ctx',
        value: tokens,
        allowed: `1 to ${formatCount(limit)} tokens`,
      });
    }
  }
  return contexts;
}

function encoderModeOf({ encoderMode }: FitQuery, model: Model, release: EngineRelease): EncoderMode {
  if (encoderMode === undefined) return defaultEncoderMode(model, release);
  if (encoderMode === 'weights' || encoderMode === 'data') return encoderMode;
  throw new Fault('unknown', 'no such encoder mode', { where: '--mm-encoder', value: encoderMode, allowed: 'weights or data' });
}

function draftOf({ draft }: FitQuery): DraftKind | undefined {
  if (draft === undefined || draft === 'mtp' || draft === 'eagle3') return draft;
  throw new Fault('unknown', 'no such draft', {
    where: '--draft',
    value: draft,
    allowed: 'mtp (of the model itself) or eagle3 (external)',
  });
}

function draftTokensOf({ draft, draftTokens }: FitQuery): number | undefined {
  if (draftTokens !== undefined && draft === undefined)
    throw new Fault('contradiction', 'nothing drafts these tokens', {
      where: '--draft-tokens',
      value: draftTokens,
      allowed: 'beside --draft',
    });
  return draftTokens === undefined ? undefined : checkNumber(draftTokens, '--draft-tokens', { min: 1, max: 64, integer: true });
}

type Calibrated = Pick<Deployment, 'model' | 'checkpoint' | 'release'>;

/** A calibration is refused where it speaks of another model, format, engine or GPU than the question; its source says where the band stays wide. */
function calibrationOf(
  { calibration }: FitQuery,
  { model, checkpoint, release }: Calibrated,
  asks: readonly GpuAsk[],
  layout: LayoutAsk,
): MemoryCalibration | undefined {
  if (!calibration) return undefined;
  const of = (what: string, value: string, allowed: string) =>
    new Fault('contradiction', `${calibration.name} was made with ${what} ${allowed}`, { where: '--calibration', value, allowed });
  if (calibration.model !== model.id) throw of('the model', model.id, calibration.model);
  const formats = model.checkpoints.map(({ format }) => format);
  if (!formats.includes(calibration.format))
    throw new Fault('unknown', `format of ${calibration.name}: ${model.name} has no such checkpoint`, {
      where: '--calibration',
      value: calibration.format,
      allowed: formats.join(', '),
    });
  if (calibration.format !== checkpoint.format) throw of('the format', checkpoint.format, calibration.format);
  if (calibration.engine !== release.engine.id) throw of('the engine', release.engine.id, calibration.engine);
  if (!asks.some(({ gpu }) => gpu.id === calibration.gpu)) throw of('the GPU', asks.map(({ gpu }) => gpu.id).join(', '), calibration.gpu);
  const wide = calibration.overheadOffsetBytes === null ? null : wideBandInWords(calibration, release.engine.name, release.version, layout);
  return wide === null ? calibration : { ...calibration, source: `${calibration.source}; ${wide}` };
}

/** The member alone, or nothing where it is undefined: what was not asked is absent from a query. */
export function given<K extends string, const V>(name: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: V });
}

function wholeNumber(value: number | undefined, where: string): number | undefined {
  return value === undefined ? undefined : checkNumber(value, where, { min: 1, max: 1e6, integer: true });
}

/**
 * Resolves names, fills defaults and refuses what cannot be meant.
 *
 * @throws Fault naming the option, the value, what is allowed and the nearest names
 */
export function resolveFitQuery(query: FitQuery, catalog: Catalog): FitQuestion {
  const model = findModel(catalog, query.model);
  const release = resolveRelease(catalog.engines, query.engine);
  const contexts = contextsOf(query, model.name, model.architecture.maxContextTokens);
  if (query.utilization !== undefined) checkNumber(query.utilization, '--utilization', { above: 0, max: 1 });
  const gpus = countedGpus(query, catalog);
  const layout = layoutAskOf(query, release.engine.id === 'sglang', gpus);
  const checkpoint = findCheckpoint(model, query.format);
  return {
    gpus,
    layout,
    contexts,
    base: {
      model,
      checkpoint,
      release,
      kvCacheDtype: kvCacheDtype(query.kvCacheDtype),
      contextTokens: Math.max(...contexts),
      sequences: checkNumber(query.sequences ?? 1, '--sequences', { min: 1, max: 1e6, integer: true }),
      encoderMode: encoderModeOf(query, model, release),
      ...given('utilization', query.utilization),
      ...given('maxNumSeqs', wholeNumber(query.maxNumSeqs, '--max-num-seqs')),
      ...given('batchTokens', wholeNumber(query.maxNumBatchedTokens, '--max-num-batched-tokens')),
      ...given('draft', draftOf(query)),
      ...given('draftTokens', draftTokensOf(query)),
      ...given('eager', query.enforceEager === true ? true : undefined),
      ...given('graphEstimate', query.graphEstimate),
      ...given('calibration', calibrationOf(query, { model, checkpoint, release }, gpus, layout)),
    },
  };
}

/** Words of a question by which the engine of a replica is told how to run. */
export const RUN_WORDS = ['utilization', 'maxNumSeqs', 'maxNumBatchedTokens', 'draft', 'draftTokens', 'enforceEager'] as const;

/** How a replica is asked to run and be laid out, as far as that was asked: for the head of an answer. */
export function askedRun({ base, layout }: Pick<FitQuestion, 'base' | 'layout'>): Readonly<Record<string, string | number>> {
  return {
    ...given('utilization', base.utilization),
    ...given('maxNumSeqs', base.maxNumSeqs),
    ...given('maxNumBatchedTokens', base.batchTokens),
    ...given('draft', base.draft),
    ...given('draftTokens', base.draftTokens),
    ...given('enforceEager', base.eager === undefined ? undefined : 'yes'),
    ...given('graphEstimate', base.graphEstimate === undefined ? undefined : base.graphEstimate ? 'on' : 'off'),
    ...given('calibration', base.calibration?.name),
    ...layout,
  };
}
