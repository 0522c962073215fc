import type { KvCacheDtype } from '../../engine/deployment.ts';
import type { EngineId } from '../../engine/engine.ts';
import type { Estimate } from '../../evidence/estimate.ts';
import type { SourceId } from '../../evidence/source.ts';
import type { Term } from '../../evidence/term.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Verdict } from '../../memory/memoryPlan.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';

/** A reason with the machine-readable code of the rule or constraint, and where it is written. */
export interface Binding {
  readonly code: string;
  readonly message: string;
  readonly source: SourceId;
}

/** The smallest change that would help, as options of the same command. */
export interface Remedy {
  readonly code: string;
  readonly message: string;
  readonly change: Readonly<Record<string, string | number>>;
  readonly verdict: Verdict;
}

/** One rule that was tried on a layout. */
export interface LedgerEntry {
  readonly rule: string;
  readonly outcome: 'pass' | 'note' | 'warning' | 'fail' | 'not-applicable';
  readonly message: string;
  readonly source: string;
}

/** The answer for one GPU type and layout. */
export interface FitResult {
  /** `a100-80-sxm/8/tp8`, unique within the answer; where formats are compared, with the format behind it. */
  readonly key: string;
  readonly gpu: string;
  readonly gpuName: string;
  readonly gpus: number;
  readonly nodes: number;
  readonly engine: EngineId;
  readonly engineVersion: string;
  readonly layout: Layout;
  readonly format: string;
  readonly kvCacheDtype: KvCacheDtype;
  readonly contextTokens: number;
  readonly verdict: Verdict;
  readonly binding: Binding;
  readonly remedy: Remedy | null;
  readonly notes: readonly string[];
  readonly weightBytesPerGpu: number | null;
  readonly budgetBytesPerGpu: number | null;
  readonly overheadBytesPerGpu: Estimate | null;
  readonly kvMemoryBytesPerGpu: Estimate | null;
  readonly kvBytesPerToken: number | null;
  readonly kvTokens: Estimate | null;
  readonly sequences: Estimate | null;
  readonly rules?: readonly LedgerEntry[];
  readonly terms?: readonly Term[];
}

/** One row of the map context × KV cache dtype → sequences for the best layout of a fleet. */
export interface ContextRow {
  readonly gpu: string;
  readonly gpus: number;
  readonly layout: Layout;
  readonly contextTokens: number;
  readonly kvCacheDtype: KvCacheDtype;
  readonly verdict: Verdict;
  readonly sequences: Estimate | null;
}

/** One row of the comparison of checkpoint formats: the smallest fleet of a GPU type that holds the question. */
export interface FormatRow {
  readonly format: string;
  readonly repository: string;
  /** Tensor bytes of the files. */
  readonly checkpointBytes: number;
  readonly gpu: string;
  readonly gpuName: string;
  readonly gpus: number;
  readonly layout: Layout;
  readonly verdict: Verdict;
  readonly binding: Binding;
  readonly weightBytesPerGpu: number | null;
  readonly sequences: Estimate | null;
}

export interface FitAnswer extends AnswerEvidence {
  readonly schema: 'kplan/fit@1';
  /** The question as understood, defaults resolved. */
  readonly query: Readonly<Record<string, string | number | readonly string[] | readonly number[]>>;
  /** The answer in words. */
  readonly answer: string;
  readonly results: readonly FitResult[];
  /** Present for a range of contexts. */
  readonly contextMap?: readonly ContextRow[];
  /** Present where all formats of a model are compared. */
  readonly formats?: readonly FormatRow[];
}
