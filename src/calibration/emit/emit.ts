import type { LadderStep } from '../ladder/step.ts';
import { aiperfLine, guidellmLine, sglangLine, vllmLine } from './commandLines.ts';
import { kubernetesJob } from './kubernetesJob.ts';

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
}

/** Steps whose load is stated; those at a share of a rate that is yet to be found cannot be written. */
function stated(steps: readonly LadderStep[]): LadderStep[] {
  return steps.filter(({ load }) => load.kind !== 'share-of-found');
}

const LINES = { 'vllm-bench': vllmLine, 'sglang-bench': sglangLine, guidellm: guidellmLine, aiperf: aiperfLine } as const;

/**
 * A ladder for a load generator that runs on several machines: a shell script with a line for each step, or a Kubernetes Job. What they
 * write, `kplan import bench` reads.
 *
 * @returns text that is safe in a shell whatever model and address are called
 * @example emitted('vllm-bench', steps, { url: 'http://gpu:8000', model: 'kimi', keyEnv: null }).split('\n')[0] // '#!/bin/sh'
 */
export function emitted(target: EmitTarget, steps: readonly LadderStep[], of: EmitFor): string {
  const known = stated(steps);
  const script = (line: (step: LadderStep, of: EmitFor) => string) =>
    ['#!/bin/sh', 'set -eu', ...known.map((step) => line(step, of)), ''].join('\n');
  if (target === 'k8s-job') return kubernetesJob(script(vllmLine), of);
  return script(LINES[target]);
}
