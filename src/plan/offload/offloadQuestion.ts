import type { PrefillMode } from '../../engine/ktransformers/kTransformers.ts';
import { resolveRelease } from '../../engine/release.ts';
import { Fault } from '../../faults/fault.ts';
import { nearestNames } from '../../faults/nearest.ts';
import type { Host } from '../../hardware/host.ts';
import type { Checkpoint, Model } from '../../model/model.ts';
import { checkNumber } from '../../units/number.ts';
import { formatCount } from '../../units/tokens.ts';
import type { Catalog } from '../catalog.ts';
import { findCheckpoint, findGpus, findModel } from '../lookup.ts';
import type { OffloadEngineId } from './offloadAnswer.ts';
import type { OffloadFacts } from './offloadFacts.ts';
import { type GgufFormat, ggufFormats } from './offloadFormats.ts';

/** What `offload` is asked; everything but engine and RAM has a default, and every default is said in the answer. */
export interface OffloadQuery {
  /** `llama.cpp` or `ktransformers`. */
  readonly engine: string;
  /** Ids or aliases, each a host of its own; a count may follow a colon. Left out for a host without GPUs. */
  readonly gpu?: readonly string[];
  readonly ramBytes?: number;
  /** Room for the files of the model, from which llama.cpp may read what RAM does not hold. */
  readonly diskBytes?: number;
  readonly model?: string;
  /** A GGUF mix, or a checkpoint format for KTransformers; all that the engine loads where none is asked. */
  readonly format?: string;
  /** Tokens of one sequence, default 32,768 or the model's longest. */
  readonly contextTokens?: number;
  readonly sequences?: number;
  readonly kvCacheDtype?: string;
  /** KTransformers: experts of each layer on the GPUs; as many as find room where not asked. */
  readonly gpuExperts?: number;
  readonly prefill?: string;
  readonly prefillChunkTokens?: number;
  /** Adds the derivation to every result. */
  readonly terms?: boolean;
}

interface Common {
  readonly host: Host;
  readonly model: Model;
  readonly contextTokens: number;
  readonly sequences: number;
  readonly kvCacheDtype: string;
}

/** One file on one host, to be served by llama.cpp. */
export interface LayerCase extends Common {
  readonly engine: 'llama.cpp';
  readonly format: GgufFormat;
}

/** One checkpoint on one host, to be served by KTransformers. */
export interface ExpertCase extends Common {
  readonly engine: 'ktransformers';
  readonly checkpoint: Checkpoint;
  readonly gpuExperts: number | null;
  readonly prefill: PrefillMode;
  readonly chunkTokens: number;
}

export type OffloadCase = LayerCase | ExpertCase;

const ENGINES: readonly OffloadEngineId[] = ['llama.cpp', 'ktransformers'];

/** Whether a text names an engine that serves from GPUs and CPUs together; a version may follow. */
export function isOffloadEngine(text: string): boolean {
  return ENGINES.some((id) => id === text.trim().toLowerCase().split('@')[0]);
}

function engineOf(text: string): OffloadEngineId {
  const name = text.trim().toLowerCase().split('@')[0] ?? '';
  const found = ENGINES.find((id) => id === name);
  if (found) return found;
  throw new Fault('unknown', 'no such engine for GPUs and CPUs together', {
    where: '--engine',
    value: text,
    allowed: ENGINES.join(' or '),
    nearest: nearestNames(name, ENGINES),
  });
}

const DEFAULT_CONTEXT = 32_768;

function contextOf({ contextTokens }: OffloadQuery, { name, architecture: { maxContextTokens } }: Model): number {
  const tokens = checkNumber(contextTokens ?? Math.min(DEFAULT_CONTEXT, maxContextTokens), '--ctx', { min: 1, integer: true });
  if (tokens <= maxContextTokens) return tokens;
  const allowed = `1 to ${formatCount(maxContextTokens)} tokens`;
  throw new Fault('invalid', `${name} takes at most ${formatCount(maxContextTokens)} tokens`, { where: '--ctx', value: tokens, allowed });
}

function hostsOf({ gpu = [], ramBytes, diskBytes }: OffloadQuery, catalog: Catalog): Host[] {
  if (ramBytes === undefined) {
    throw new Fault('missing', 'how much RAM the host has', { where: '--ram', allowed: 'a size such as 512GB or 768GiB, or --here' });
  }
  const memory = {
    ramBytes: checkNumber(ramBytes, '--ram', { above: 0, max: 1e15 }),
    diskBytes: diskBytes === undefined ? null : checkNumber(diskBytes, '--disk', { min: 0, max: 1e18 }),
  };
  if (gpu.length === 0) return [{ gpu: null, gpus: 0, ...memory }];
  return findGpus(catalog, gpu).map(({ gpu: type, gpus = 1 }) => ({ gpu: type, gpus, ...memory }));
}

function dtypeOf(asked: string | undefined, { values }: { readonly values: readonly string[] }): string {
  const [standard = ''] = values;
  const name = asked?.toLowerCase() ?? standard;
  const known: Readonly<Record<string, string>> = { auto: standard, fp16: 'f16', bfloat16: 'bf16', fp8_e4m3: 'fp8' };
  const dtype = known[name] ?? name;
  if (values.includes(dtype)) return dtype;
  throw new Fault('unknown', 'no such KV cache dtype of this engine', {
    where: '--kv-cache-dtype',
    value: asked,
    allowed: values.join(', '),
  });
}

function prefillOf(text = 'layerwise'): PrefillMode {
  if (text === 'layerwise' || text === 'hybrid') return text;
  throw new Fault('unknown', 'no such way to read prompts', { where: '--prefill', value: text, allowed: 'layerwise or hybrid' });
}

/** An option that the other engine has. */
function refuseForeign(query: OffloadQuery, engine: OffloadEngineId): void {
  const options = { gpuExperts: '--gpu-experts', prefill: '--prefill', prefillChunkTokens: '--prefill-chunk' } as const;
  for (const [name, where] of Object.entries(options)) {
    const value = query[name as keyof typeof options];
    if (engine === 'llama.cpp' && value !== undefined)
      throw new Fault('contradiction', 'llama.cpp has no such option', { where, value, allowed: `${where} with --engine ktransformers` });
  }
}

/** The checkpoints that KTransformers is asked about: the named one, or all whose experts it can share between CPU and GPU. */
function checkpointsOf({ format }: OffloadQuery, model: Model, loads: (checkpoint: Checkpoint) => boolean): Checkpoint[] {
  if (format !== undefined) return [findCheckpoint(model, format)];
  const shared = model.checkpoints.filter(loads);
  return shared.length > 0 ? shared : [findCheckpoint(model)];
}

/**
 * Resolves names, fills defaults and refuses what cannot be meant.
 *
 * @param loads whether KTransformers can load a checkpoint
 * @returns one case for each host and format
 * @throws Fault naming the option, the value, what is allowed and the nearest names
 */
export function resolveOffloadQuery(
  query: OffloadQuery,
  catalog: Catalog & OffloadFacts,
  loads: (checkpoint: Checkpoint) => boolean,
): OffloadCase[] {
  const engine = engineOf(query.engine);
  refuseForeign(query, engine);
  const model = findModel(catalog, query.model);
  const contextTokens = contextOf(query, model);
  const sequences = checkNumber(query.sequences ?? 1, '--sequences', { min: 1, max: 4096, integer: true });
  const hosts = hostsOf(query, catalog);
  if (engine === 'llama.cpp') {
    const common = { engine, model, contextTokens, sequences, kvCacheDtype: dtypeOf(query.kvCacheDtype, catalog.llamaCpp.kvCacheDtypes) };
    return hosts.flatMap((host) => ggufFormats(model, query.format, catalog).map((format) => ({ ...common, host, format })));
  }
  const experts = model.architecture.experts?.experts ?? 0;
  const { gpuExperts } = query;
  const chunk = query.prefillChunkTokens ?? Math.min(contextTokens, catalog.kTransformers.prefillChunkTokens.value);
  const common = {
    engine,
    model,
    contextTokens,
    sequences,
    kvCacheDtype: dtypeOf(query.kvCacheDtype, catalog.kTransformers.kvCacheDtypes),
    gpuExperts: gpuExperts === undefined ? null : checkNumber(gpuExperts, '--gpu-experts', { min: 0, max: experts, integer: true }),
    prefill: prefillOf(query.prefill),
    chunkTokens: checkNumber(chunk, '--prefill-chunk', { min: 1, max: 2 ** 20, integer: true }),
  };
  return hosts.flatMap((host) => checkpointsOf(query, model, loads).map((checkpoint) => ({ ...common, host, checkpoint })));
}

/** SGLang's release by whose rules the part on the GPUs is split. */
export function sglangOf({ engines }: Catalog) {
  return resolveRelease(engines, 'sglang');
}
