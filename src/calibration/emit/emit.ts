import type { LadderStep } from '../ladder/step.ts';
import { aiperfLine, guidellmLine, sglangLine, vllmLine } from './commandLines.ts';
import { emittedKey } from './keyLines.ts';
import { kubernetesJob } from './kubernetesJob.ts';
import { leftOut } from './leftOut.ts';

/** Load generators that a ladder can be written for. */
export const EMIT_TARGETS = ['vllm-bench', 'sglang-bench', 'guidellm', 'aiperf', 'k8s-job'] as const;

export type EmitTarget = (typeof EMIT_TARGETS)[number];

/** What is loaded. */
export interface EmitFor {
  /** Address without `/v1`. */
  readonly url: string;
  readonly model: string;
  /** Environment variable that holds the key, where one is needed. */
  readonly keyEnv: string | null;
  /** File that holds it instead. */
  readonly keyFile?: string;
  /** Whether an own engine answers, which takes `ignore_eos`. */
  readonly fullLength: boolean;
}

const LINES = {
  'vllm-bench': vllmLine,
  'sglang-bench': sglangLine,
  guidellm: guidellmLine,
  aiperf: aiperfLine,
  'k8s-job': vllmLine,
} as const;

/** What must be known of a load generator before its script is run. */
const NEEDS: Partial<Record<EmitTarget, string>> = { guidellm: '# GuideLLM from 0.7 on, which has other options than before' };

const SHORTER = '# no ignore_eos, as nothing says that an own engine answers (--engine or --gpu): answers may be shorter than asked';

/** What is to be said of the length of answers; GuideLLM asks for it with every output length and has no option against it. */
function lengthLines(target: EmitTarget, { fullLength }: EmitFor): string[] {
  if (fullLength) return [];
  return [target === 'guidellm' ? '# GuideLLM sends ignore_eos of its own accord, which only own engines take' : SHORTER];
}

/**
 * A ladder for a load generator that runs on several machines: a shell script with a line for each step, or a Kubernetes Job. What they
 * write, `kplan import bench` reads. Steps that cannot be written stand in comments, with why.
 *
 * @returns text that is safe in a shell whatever model and address are called
 * @throws Fault `invalid` where `keyEnv` cannot name an environment variable, `contradiction` where a file is named, too
 * @example emitted('vllm-bench', steps, { url: 'http://gpu:8000', model: 'kimi', keyEnv: null, fullLength: true }).split('\n')[0] // '#!/bin/sh'
 */
export function emitted(target: EmitTarget, steps: readonly LadderStep[], of: EmitFor): string {
  const key = emittedKey(target, of);
  const named = { ...of, keyEnv: key.env };
  const without = [...lengthLines(target, of), ...key.comments, ...steps.flatMap((step) => leftOut(step) ?? [])];
  const lines = steps.filter((step) => leftOut(step) === null).map((step) => LINES[target](step, named));
  const needs = NEEDS[target] ?? [];
  const script = (comments: readonly string[]) =>
    ['#!/bin/sh', needs, ...comments, 'set -eu', ...key.lines, ...lines, ''].flat().join('\n');
  return target === 'k8s-job' ? kubernetesJob(script([]), named, without) : script(without);
}
