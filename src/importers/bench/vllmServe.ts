import { Fault } from '../../faults/fault.ts';
import { type BenchFields, listedErrors } from './benchFields.ts';
import { type BenchRun, NOTHING_STATED } from './benchRun.ts';

/** Whether an object is the result of `vllm bench serve`, or of the script that it was before. */
export function isVllmServe(fields: BenchFields): boolean {
  return fields.has('total_token_throughput') && fields.has('duration') && fields.has('completed');
}

/** What the backend of a client says about the server; an API that many engines speak says nothing. */
export function engineOfBackend(backend: string | null): string | null {
  const [, engine = null] = /^(vllm|sglang|lmdeploy|tgi|tensorrt-llm|trt|llama\.cpp)(?:-|$)/.exec(backend ?? '') ?? [];
  return engine === 'tensorrt-llm' ? 'trt' : engine;
}

/** Whether requests arrive at a rate of their own; vLLM writes `inf` where they do not, SGLang `Infinity`. */
export function arrivesAtRate(fields: BenchFields): boolean {
  const rate = fields.at('request_rate');
  if (rate === undefined || (typeof rate === 'string' && /^\+?inf(inity)?$/i.test(rate))) return false;
  if (rate === 'trace') return true;
  return fields.number('request_rate') !== null;
}

/** The day of `20260808-101530`. */
function dayOf(stamp: string | null): string | null {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})-\d{6}$/.exec(stamp ?? '') ?? [];
  return year === undefined ? null : `${year}-${month}-${day}`;
}

/** Requests that failed: as the file counts them, lists them, or as those that are missing. */
function failedOf(fields: BenchFields, completed: number): number | null {
  const asked = fields.whole('num_prompts');
  return fields.whole('failed', 0) ?? listedErrors(fields) ?? (asked === null ? null : Math.max(0, asked - completed));
}

/**
 * Reads one object of `vllm bench serve`: times are milliseconds, and TPOT leaves the first token out.
 *
 * @throws Fault where a figure is missing or impossible; `unsupported` for runs without output tokens
 */
export function readVllmServe(fields: BenchFields): BenchRun {
  if (!fields.has('output_throughput') && fields.has('total_input_tokens') && !fields.has('total_output_tokens'))
    throw new Fault('unsupported', 'it measured embeddings', { where: fields.where, allowed: 'runs that generate tokens' });
  const completed = fields.completed('completed');
  const speculated = fields.has('spec_decode_acceptance_length') || fields.has('spec_decode_num_drafts');
  return {
    tool: 'vllm bench serve',
    where: fields.where,
    stated: {
      ...NOTHING_STATED,
      model: fields.text('model_id'),
      engine: engineOfBackend(fields.text('backend') ?? fields.text('endpoint_type')),
      speculation: speculated ? true : null,
    },
    load: {
      maxConcurrency: fields.positive('max_concurrency'),
      meanConcurrency: null,
      openLoop: arrivesAtRate(fields) || fields.has('ramp_up_strategy'),
    },
    output: { tokensPerSecond: fields.required('output_throughput'), per: 'deployment' },
    requestsPerSecond: fields.positive('request_throughput'),
    completed,
    failed: failedOf(fields, completed),
    inputTokens: fields.required('total_input_tokens') / completed,
    outputTokens: fields.required('total_output_tokens') / completed,
    nominalLengths: false,
    ttft: fields.spread('ttft'),
    tpot: fields.spread('tpot'),
    latency: fields.spread('e2el'),
    date: dayOf(fields.text('date')),
    notes: [],
  };
}
