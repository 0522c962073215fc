import type { LaunchId, When } from '../catalog/launchFile.ts';
import { attentionBackend } from '../engine/attentionBackend.ts';
import type { Gpu } from '../hardware/gpu.ts';
import type { Verdict } from '../memory/memoryPlan.ts';
import type { Checkpoint, Model } from '../model/model.ts';
import type { Binding, Remedy } from '../plan/fit/fitAnswer.ts';
import type { JudgedDeployment } from '../plan/judge.ts';
import type { OffloadResult } from '../plan/offload/offloadAnswer.ts';
import type { OffloadCase } from '../plan/offload/offloadQuestion.ts';

interface Common {
  readonly key: string;
  readonly engine: LaunchId;
  /** null where the engine has none. */
  readonly version: string | null;
  readonly model: Model;
  readonly format: string;
  /** Where the files of the model are published; null where kplan knows of none. */
  readonly repository: string | null;
  readonly gpu: Gpu | null;
  readonly gpus: number;
  readonly contextTokens: number;
  readonly sequences: number;
  readonly verdict: Verdict;
  readonly binding: Binding;
  readonly remedy: Remedy | null;
  /** What the rules of the engine say beside the verdict. */
  readonly notes: readonly string[];
  readonly checkpointBytes: number;
  /** Of the machine for weights and KV cache; null where a plan needs none. */
  readonly ramBytes: number | null;
}

/** A plan that is to be launched: on GPUs alone. */
export interface GpuSubject extends Common {
  readonly kind: 'gpu';
  readonly judged: JudgedDeployment;
  readonly checkpoint: Checkpoint;
}

/** The same with experts or layers in RAM. */
export interface OffloadSubject extends Common {
  readonly kind: 'offload';
  readonly question: OffloadCase;
  readonly result: OffloadResult;
}

export type Subject = GpuSubject | OffloadSubject;

/** A repository `owner/name`; null where a checkpoint was read from a file that belongs to none. */
export function repositoryOf(name: string | undefined): string | null {
  return name !== undefined && /^[^/]+\/[^/]+$/.test(name) ? name : null;
}

function isOneOf<T>(allowed: readonly T[] | undefined, value: T | null): boolean {
  return allowed === undefined || (value !== null && allowed.includes(value));
}

/** Whether a setting is for a plan. */
export function isFor(when: When, subject: Subject): boolean {
  const { gpu, model, format } = subject;
  const plan = subject.kind === 'gpu' ? subject.judged.deployment : null;
  const { computeCapability: span, expertParallel, dcp, graphEstimate, prefill } = when;
  const question = subject.kind === 'offload' ? subject.question : null;
  const capability = gpu?.computeCapability ?? null;
  return (
    isOneOf(when.models, model.id) &&
    isOneOf(when.formats, format) &&
    isOneOf(when.vendors, gpu?.vendor ?? null) &&
    isOneOf(when.gfx, gpu?.gfxTarget ?? null) &&
    (span === undefined || (capability !== null && capability >= span.from && capability < span.below)) &&
    isOneOf(when.kvCacheDtypes, plan?.kvCacheDtype ?? null) &&
    (expertParallel === undefined || expertParallel === (plan !== null && plan.layout.ep > 1)) &&
    (dcp === undefined || dcp === (plan !== null && plan.layout.dcp > 1)) &&
    isOneOf(when.decodeKernels, plan && attentionBackend(plan).name) &&
    (graphEstimate === undefined || graphEstimate === plan?.graphEstimate) &&
    (prefill === undefined || (question?.engine === 'ktransformers' && question.prefill === prefill))
  );
}
