import type { BandFact, Fact, SourceId } from '../evidence/source.ts';
import type { Gpu } from '../hardware/gpu.ts';

export type EngineId = 'vllm' | 'sglang';

/** A fact that holds from one engine version (inclusive) on, until the next one. */
export interface SinceVersion {
  readonly since: string;
  readonly value: number;
  readonly source: SourceId;
}

/** A default limit on sequences per step, for GPUs from some memory on. */
export interface SequenceLimit extends Fact {
  /** What the engine sees, GiB. */
  readonly fromGiB: number;
  /** Microarchitectures that the row does not take. */
  readonly except?: readonly string[];
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
  /** Default limit on sequences per step by GPU; the first row that takes a GPU holds, and the last takes every one. */
  readonly maxSequences: readonly SequenceLimit[];
}

/** An engine at one version. */
export interface EngineRelease {
  readonly engine: Engine;
  readonly version: string;
}
