import type { Estimate } from '../../evidence/estimate.ts';
import type { Term } from '../../evidence/term.ts';
import type { Verdict } from '../../memory/memoryPlan.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';
import type { Binding, Remedy } from '../fit/fitAnswer.ts';

export type OffloadEngineId = 'llama.cpp' | 'ktransformers';

/** What lies on the GPUs: the experts of some layers, some whole layers, or some experts of every layer. */
export interface OffloadPlacement {
  readonly kind: 'expert-layers' | 'layers' | 'experts-per-layer';
  readonly onGpus: number;
  readonly of: number;
}

/** What is known of the speed: nothing is measured on hosts of this kind, and kplan has no model of CPUs. */
export interface UnknownSpeed {
  readonly code: 'no-measurement';
  readonly message: string;
}

/** The answer for one host and one format. */
export interface OffloadResult {
  /** `llama.cpp/rtx-4090/2/ud-q2_k_xl`, unique within the answer. */
  readonly key: string;
  readonly engine: OffloadEngineId;
  /** null for a host without GPUs. */
  readonly gpu: string | null;
  readonly gpuName: string | null;
  readonly gpus: number;
  readonly ramBytes: number;
  readonly diskBytes: number | null;
  readonly format: string;
  readonly kvCacheDtype: string;
  readonly contextTokens: number;
  readonly sequences: number;
  readonly verdict: Verdict;
  readonly binding: Binding;
  readonly remedy: Remedy | null;
  /** null where the question is invalid, as are the figures below. */
  readonly placement: OffloadPlacement | null;
  readonly fileBytes: Estimate | null;
  /** What an engine sees of one GPU. */
  readonly gpuMemoryBytes: number | null;
  /** On all GPUs together. */
  readonly gpuWeightBytes: number | null;
  /** Of all sequences, on GPUs and in RAM. */
  readonly kvBytes: number | null;
  /** Of one GPU. */
  readonly gpuOverheadBytes: Estimate | null;
  readonly ramNeededBytes: Estimate | null;
  readonly diskNeededBytes: number | null;
  /** Options of the engine that make this placement. */
  readonly launchOptions: readonly string[];
  readonly speed: UnknownSpeed;
  readonly terms?: readonly Term[];
}

export interface OffloadAnswer extends AnswerEvidence {
  readonly schema: 'kplan/offload@1';
  /** The question as understood, defaults resolved. */
  readonly query: Readonly<Record<string, string | number | readonly string[]>>;
  /** The answer in words. */
  readonly answer: string;
  readonly results: readonly OffloadResult[];
}
