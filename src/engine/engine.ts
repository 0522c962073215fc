import type { BandFact, Fact, SourceId } from '../evidence/source.ts';
import type { Gpu } from '../hardware/gpu.ts';

export type EngineId = 'vllm' | 'sglang';

/** A fact that holds from one engine version (inclusive) on, until the next one. */
export interface SinceVersion {
  readonly since: string;
  readonly value: number;
  readonly source: SourceId;
}

/** A default that depends on the GPU, for GPUs from some memory on. */
export interface GpuDefault extends Fact {
  /** What the engine sees, GiB. */
  readonly fromGiB: number;
  /** Microarchitectures that the row does not take. */
  readonly except?: readonly string[];
  /** First version that has the row. */
  readonly since?: string;
}

/** Constants of an engine's overhead on one vendor's GPUs, for versions from `since` on until the next row. */
export interface OverheadFit {
  readonly since: string;
  readonly vendor: Gpu['vendor'];
  /** GiB beside torch on a GPU that works alone. */
  readonly baseGiB: number;
  /** More of it as soon as there is a TP group. */
  readonly groupGiB: number;
  /** More of it with each doubling of the TP group. */
  readonly doublingGiB: number;
  /** Bytes of the sampler's profile run per sequence and vocabulary entry. */
  readonly samplerBytes: number;
  /** Bytes of the profiled forward pass over the formula's activation bytes. */
  readonly forwardScale: number;
  /** More of it where the experts are FP8 in blocks, whose kernels work on permuted copies. */
  readonly blockFp8Scale: number;
  /** Contexts of the longest length whose indexer keys a prefill gathers at once. */
  readonly indexerContexts: number;
  /** The engine's estimate of graph memory, per decoder layer. */
  readonly graphsGiBPerLayer: number;
  /** Whether the engine takes that estimate out of its budget unless told otherwise. */
  readonly graphsCounted: boolean;
  /** Cross-validated residuals at 10 % and 90 % around the formula. */
  readonly lowGiB: number;
  readonly highGiB: number;
  /** The same once a log of the same model and GPU has moved the formula. */
  readonly calibratedLowGiB: number;
  readonly calibratedHighGiB: number;
  readonly source: SourceId;
}

/** What the catalog knows about an engine; its rules and memory arithmetic are code. */
export interface Engine {
  readonly id: EngineId;
  readonly name: string;
  /** The version that answers are given for where none is asked. */
  readonly defaultVersion: string;
  /** The newest version that the rules have been read from. */
  readonly newestVersion: string;
  readonly versionSource: SourceId;
  /** Default memory fraction by version; empty where the engine computes it. */
  readonly memoryFraction: readonly SinceVersion[];
  /** GiB of the budget that neither weights nor KV cache use, by GPU vendor. */
  readonly overheadGiB: Readonly<Partial<Record<Gpu['vendor'], BandFact>>>;
  /** Fitted constants of the overhead formula; where no row takes a deployment, the band of the vendor stands. */
  readonly overheadFits: readonly OverheadFit[];
  /** Default limit on sequences per step by GPU; the first row that takes a GPU holds, and the last takes every one. */
  readonly maxSequences: readonly GpuDefault[];
  /** Default limit on tokens per step by GPU, in the same way. */
  readonly batchTokens: readonly GpuDefault[];
}

/** An engine at one version. */
export interface EngineRelease {
  readonly engine: Engine;
  readonly version: string;
}
