import type { LadderStep } from '../ladder/step.ts';
import type { EmitFor } from './emit.ts';
import { quoted } from './quoted.ts';

/** Each step draws prompts of its own: those of a step before would come from the prefix cache. */
function seed({ place }: LadderStep): number {
  return place + 1;
}

/** A file for each step, numbered so that they sort. */
function resultName({ place, shape, load }: LadderStep): string {
  const under = load.kind === 'concurrency' ? `c${load.concurrency}` : load.kind === 'rate' ? `r${load.requestsPerSecond}` : 'open';
  return `kplan-${String(place + 1).padStart(2, '0')}-${shape.name.replace(/[^a-z0-9.-]+/gi, '_')}-${under}`;
}

/** Tokens of the beginning that all prompts share, and those of their own. */
function prompt({ shape: { inputTokens, sharedInput } }: LadderStep): { readonly shared: number; readonly own: number } {
  const shared = Math.round(inputTokens * sharedInput);
  return { shared, own: inputTokens - shared };
}

function line(words: readonly (string | number)[]): string {
  return words.map((word) => quoted(String(word))).join(' ');
}

/** How the load is said: requests in flight, or requests per second. */
function load(step: LadderStep, inFlight: string, perSecond: string): (string | number)[] {
  if (step.load.kind === 'rate') return [perSecond, step.load.requestsPerSecond];
  return [inFlight, step.load.kind === 'concurrency' ? step.load.concurrency : 1];
}

/** A step for `vllm bench serve`. */
export function vllmLine(step: LadderStep, { url, model }: EmitFor): string {
  const { shared, own } = prompt(step);
  return line([
    ...['vllm', 'bench', 'serve', '--backend', 'openai-chat', '--endpoint', '/v1/chat/completions', '--base-url', url, '--model', model],
    ...[
      '--dataset-name',
      'random',
      '--random-input-len',
      own,
      '--random-prefix-len',
      shared,
      '--random-output-len',
      step.shape.outputTokens,
    ],
    ...['--num-prompts', step.requests, ...load(step, '--max-concurrency', '--request-rate'), '--ignore-eos', '--seed', seed(step)],
    ...['--percentile-metrics', 'ttft,tpot,itl,e2el', '--save-result', '--result-filename', `${resultName(step)}.json`],
  ]);
}

/** The prompts of `sglang.bench_serving`: its random ones share no beginning, so that a shared one takes another data set. */
function sglangPrompts(step: LadderStep): (string | number)[] {
  const { shared, own } = prompt(step);
  const { outputTokens } = step.shape;
  if (shared === 0)
    return ['--dataset-name', 'random', '--random-input-len', own, '--random-output-len', outputTokens, '--random-range-ratio', 1];
  return [
    ...['--dataset-name', 'generated-shared-prefix', '--gsp-num-groups', 1, '--gsp-prompts-per-group', step.requests],
    ...['--gsp-system-prompt-len', shared, '--gsp-question-len', own, '--gsp-output-len', outputTokens],
  ];
}

/** A step for `sglang.bench_serving`. */
export function sglangLine(step: LadderStep, { url, model }: EmitFor): string {
  return line([
    ...['python3', '-m', 'sglang.bench_serving', '--backend', 'sglang-oai-chat', '--base-url', url, '--model', model],
    ...[...sglangPrompts(step), '--num-prompts', step.requests, ...load(step, '--max-concurrency', '--request-rate')],
    ...['--seed', seed(step), '--output-file', `${resultName(step)}.jsonl`],
  ]);
}

/** A step for GuideLLM; one with a shared beginning is left out before. */
export function guidellmLine(step: LadderStep, { url, model }: EmitFor): string {
  const { shape, requests } = step;
  const [kind, value] =
    step.load.kind === 'rate'
      ? ['poisson', step.load.requestsPerSecond]
      : ['concurrent', step.load.kind === 'concurrency' ? step.load.concurrency : 1];
  return line([
    ...['guidellm', 'benchmark', '--target', url, '--model', model, '--rate-type', kind ?? '', '--rate', value ?? 1],
    ...['--max-requests', requests, '--data', `prompt_tokens=${shape.inputTokens},output_tokens=${shape.outputTokens}`],
    ...['--random-seed', seed(step), '--output-path', `${resultName(step)}.json`],
  ]);
}

/** A step for AIPerf. */
export function aiperfLine(step: LadderStep, { url, model, keyEnv }: EmitFor): string {
  const { shared, own } = prompt(step);
  const words = line([
    ...['aiperf', 'profile', '--model', model, '--url', url, '--endpoint-type', 'chat', '--streaming'],
    ...['--synthetic-input-tokens-mean', own, '--synthetic-input-tokens-stddev', 0],
    ...['--output-tokens-mean', step.shape.outputTokens, '--output-tokens-stddev', 0],
    ...(shared > 0 ? ['--num-prefix-prompts', 1, '--prefix-prompt-length', shared] : []),
    ...[...load(step, '--concurrency', '--request-rate'), '--request-count', step.requests, '--random-seed', seed(step)],
    ...['--artifact-dir', resultName(step)],
  ]);
  return keyEnv === null ? words : `${words} --api-key "$${keyEnv}"`;
}
