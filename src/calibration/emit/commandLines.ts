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
export function vllmLine(step: LadderStep, { url, model, fullLength }: EmitFor): string {
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
    ...['--num-prompts', step.requests, ...load(step, '--max-concurrency', '--request-rate')],
    ...[...(fullLength ? ['--ignore-eos'] : []), '--seed', seed(step)],
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
export function sglangLine(step: LadderStep, { url, model, fullLength }: EmitFor): string {
  return line([
    ...['python3', '-m', 'sglang.bench_serving', '--backend', 'sglang-oai-chat', '--base-url', url, '--model', model],
    ...[...sglangPrompts(step), '--num-prompts', step.requests, ...load(step, '--max-concurrency', '--request-rate')],
    ...(fullLength ? [] : ['--disable-ignore-eos']),
    ...['--seed', seed(step), '--output-file', `${resultName(step)}.jsonl`],
  ]);
}

/** The load of a step as a profile of GuideLLM. */
function guidellmProfile({ load: of }: LadderStep): string {
  if (of.kind === 'rate') return `kind=poisson,rate=${of.requestsPerSecond}`;
  return `kind=concurrent,streams=${of.kind === 'concurrency' ? of.concurrency : 1}`;
}

/**
 * A step for GuideLLM from 0.7 on, whose options are pairs or JSON (its guides on benchmarks, backends and data sets); JSON where a name may
 * hold a comma. The key is a field of the backend: no variable is read for it.
 */
export function guidellmLine(step: LadderStep, { url, model, keyEnv }: EmitFor): string {
  const { shared, own } = prompt(step);
  const backend = JSON.stringify({ kind: 'openai_http', target: url, model });
  const withKey = keyEnv === null ? quoted(backend) : `${quoted(`${backend.slice(0, -1)},"api_key":"`)}"$${keyEnv}"'"}'`;
  const tokens = { prompt_tokens: own, output_tokens: step.shape.outputTokens };
  const data = { kind: 'synthetic_text', ...tokens, ...(shared > 0 ? { prefix_tokens: shared, prefix_count: 1 } : {}) };
  return [
    `guidellm run --backend ${withKey}`,
    line(['--data', JSON.stringify(data), '--profile', guidellmProfile(step)]),
    line(['--constraint', `kind=max_requests,count=${step.requests}`, '--seed', `kind=static,value=${seed(step)}`]),
    line(['--output', `kind=json,path=${resultName(step)}.json`]),
  ].join(' ');
}

/**
 * A step for AIPerf (its reference of command line options). It draws 100 prompts unless told otherwise and sends them again and again, which
 * the prefix cache would find; and only `ignore_eos` makes answers as long as asked.
 */
export function aiperfLine(step: LadderStep, { url, model, keyEnv, fullLength }: EmitFor): string {
  const { shared, own } = prompt(step);
  const words = line([
    ...['aiperf', 'profile', '--model', model, '--url', url, '--endpoint-type', 'chat', '--streaming'],
    ...['--synthetic-input-tokens-mean', own, '--synthetic-input-tokens-stddev', 0],
    ...['--output-tokens-mean', step.shape.outputTokens, '--output-tokens-stddev', 0],
    ...(fullLength ? ['--extra-inputs', 'ignore_eos:true'] : []),
    ...(shared > 0 ? ['--num-prefix-prompts', 1, '--prefix-prompt-length', shared] : []),
    ...[...load(step, '--concurrency', '--request-rate'), '--request-count', step.requests, '--num-dataset-entries', step.requests],
    ...['--random-seed', seed(step), '--artifact-dir', resultName(step)],
  ]);
  return keyEnv === null ? words : `${words} --api-key "$${keyEnv}"`;
}
