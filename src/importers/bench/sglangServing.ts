import { type BenchFields, listedErrors } from './benchFields.ts';
import { type BenchRun, NOTHING_STATED, type StatedDeployment } from './benchRun.ts';
import { arrivesAtRate, engineOfBackend } from './vllmServe.ts';

/** Whether an object is a line of SGLang's `bench_serving`. */
export function isSglangServing(fields: BenchFields): boolean {
  return fields.has('total_output_tokens_retokenized') || (fields.has('random_range_ratio') && fields.has('output_throughput'));
}

type Ways = Pick<StatedDeployment, 'tp' | 'pp' | 'ep' | 'attentionDp' | 'copies'>;

/** GPUs of one server and how it is spread: with attention data parallelism `tp_size` counts all ranks of a stage. */
function waysOf(server: BenchFields): { readonly gpus: number | null; readonly ways: Ways } {
  const ranks = server.ways('tp_size');
  const [pp, dp] = [server.ways('pp_size') ?? 1, server.ways('dp_size') ?? 1];
  const groups = server.flag('enable_dp_attention') === true && ranks !== null && ranks % dp === 0 ? dp : 1;
  const copies = groups > 1 ? 1 : dp;
  return {
    gpus: ranks === null ? null : ranks * pp * copies,
    ways: { tp: ranks === null ? null : ranks / groups, pp, ep: server.ways('ep_size') ?? 1, attentionDp: groups, copies },
  };
}

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce((total, value) => (total === null || value === null ? null : total + value), 0 as number | null);
}

/** The draft algorithm in the words of kplan; true where it speculated and nothing says how. */
function speculationOf(server: BenchFields | null, acceptLength: number | null): string | true | null {
  const algorithm = server?.text('speculative_algorithm')?.toLowerCase() ?? null;
  if (algorithm === 'nextn') return 'mtp';
  if (algorithm !== null && algorithm !== 'none' && /^[a-z0-9_]{1,24}$/.test(algorithm)) return algorithm.replaceAll('_', '-');
  if (acceptLength !== null && acceptLength > 1) return true;
  return server?.has('tp_size') ? 'none' : null;
}

/** Share of prompt tokens that were cached, where the run asked for the report. */
function reuseOf(fields: BenchFields): number | null {
  const report = fields.group('cache_report') ?? fields;
  const cached = report.number('total_cached_tokens');
  const prompts = report.number('total_prompt_tokens') ?? fields.number('total_input_tokens');
  return cached === null || prompts === null || prompts === 0 ? null : Math.min(1, cached / prompts);
}

function statedBy(fields: BenchFields): StatedDeployment {
  const info = fields.group('server_info');
  const decode = info?.groups('decode') ?? [];
  const prefill = info?.groups('prefill') ?? [];
  const server = decode[0] ?? info;
  const { gpus, ways } = server ? waysOf(server) : { gpus: null, ways: null };
  const decodeGpus = decode.length > 0 ? sum(decode.map((one) => waysOf(one).gpus)) : gpus;
  const prefillGpus = decodeGpus === null ? null : sum(prefill.map((one) => waysOf(one).gpus));
  const cacheDtype = server?.text('kv_cache_dtype') ?? null;
  return {
    ...NOTHING_STATED,
    model: server?.text('served_model_name') ?? server?.text('model_path') ?? null,
    engine: engineOfBackend(fields.text('backend')),
    engineVersion: server?.text('version') ?? null,
    kvCacheDtype: cacheDtype === 'auto' ? null : cacheDtype,
    gpus: sum([decodeGpus, prefillGpus]),
    prefillGpus,
    ...(ways && ways.tp !== null ? ways : {}),
    speculation: speculationOf(server, typeof fields.at('accept_length') === 'number' ? fields.number('accept_length') : null),
    reuse: reuseOf(fields),
  };
}

/**
 * Reads one line of SGLang's `bench_serving`: times are milliseconds, and TPOT leaves the first token out.
 *
 * @throws Fault where a figure is missing or impossible
 */
export function readSglangServing(fields: BenchFields): BenchRun {
  const completed = fields.completed('completed');
  return {
    tool: 'sglang bench_serving',
    where: fields.where,
    stated: statedBy(fields),
    load: {
      maxConcurrency: fields.positive('max_concurrency'),
      meanConcurrency: fields.positive('concurrency'),
      openLoop: arrivesAtRate(fields),
    },
    output: { tokensPerSecond: fields.required('output_throughput'), per: 'deployment' },
    requestsPerSecond: fields.positive('request_throughput'),
    completed,
    failed: listedErrors(fields),
    inputTokens: fields.required('total_input_tokens') / completed,
    outputTokens: fields.required('total_output_tokens') / completed,
    nominalLengths: false,
    ttft: fields.spread('ttft'),
    tpot: fields.spread('tpot'),
    latency: fields.spread('e2e_latency'),
    date: null,
    notes: [],
  };
}
