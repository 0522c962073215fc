import { Fault } from '../../faults/fault.ts';
import { BenchFields } from './benchFields.ts';
import { type BenchLoad, type BenchRun, NOTHING_STATED, type TimeSpread } from './benchRun.ts';

/** Versions of the report that have the metrics below. */
const VERSIONS: readonly unknown[] = [undefined, 1, 2];

/** No sweep has so many. */
export const MOST_BENCHMARKS = 10_000;

/** Whether an object is a report of GuideLLM. */
export function isGuideLlm(fields: BenchFields): boolean {
  return Array.isArray(fields.at('benchmarks')) && (fields.has('metadata') || fields.has('args') || fields.has('config'));
}

/** The summary of requests that succeeded; errored and incomplete ones stand beside it. */
function successful(metrics: BenchFields, name: string): BenchFields | null {
  return metrics.group(name, 'successful');
}

function spreadOf(metrics: BenchFields, name: string, factor: number): TimeSpread {
  const found = successful(metrics, name);
  const scaled = (value: number | null) => (value === null ? null : value * factor);
  return { median: scaled(found?.positive('median') ?? null), mean: scaled(found?.positive('mean') ?? null) };
}

function meanOf(metrics: BenchFields, name: string): number | null {
  return successful(metrics, name)?.positive('mean') ?? null;
}

/** How requests were sent, by the strategy: streams are a limit, rates are not. */
export function guideLlmLoad(strategy: BenchFields | null, kind: string | null, meanConcurrency: number | null): BenchLoad {
  const limit = strategy?.ways('streams') ?? (kind === 'throughput' ? (strategy?.ways('max_concurrency') ?? null) : null);
  const one = kind === 'synchronous' ? 1 : null;
  return { maxConcurrency: limit ?? one, meanConcurrency, openLoop: /^(?:constant|poisson|async|replay)/.test(kind ?? '') };
}

/** The model that a backend was asked for. */
export function guideLlmModel(backend: BenchFields | null): string | null {
  return backend?.text('model') ?? backend?.text('model_name') ?? null;
}

/** The day of a number of seconds since 1970. */
function dayOf(seconds: number | null): string | null {
  return seconds === null || seconds < 1e9 || seconds > 1e11 ? null : new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** The run of one benchmark. GuideLLM's time per output token counts the first one in, so the time between tokens stands for TPOT. */
function benchmarkRun(benchmark: BenchFields, report: BenchFields): BenchRun {
  const metrics = benchmark.group('metrics');
  if (!metrics) throw new Fault('missing', 'it is missing', { where: benchmark.place('metrics'), allowed: 'the metrics of a benchmark' });
  const totals =
    metrics.group('request_totals') ?? benchmark.group('request_totals') ?? benchmark.group('scheduler_metrics', 'requests_made');
  const strategy = benchmark.group('config', 'strategy');
  const kind = strategy?.text('type_') ?? strategy?.text('kind') ?? null;
  const output = successful(metrics, 'output_tokens_per_second');
  if (!output) throw metrics.refused('output_tokens_per_second', 'no requests that succeeded', 'the figures of requests that succeeded');
  const started = benchmark.number('start_time') ?? benchmark.group('scheduler_metrics')?.number('start_time', -1) ?? null;
  return {
    tool: 'guidellm',
    where: benchmark.where,
    stated: {
      ...NOTHING_STATED,
      model:
        guideLlmModel(benchmark.group('config', 'backend')) ??
        guideLlmModel(report.group('config', 'spec', 'backend')) ??
        report.group('args')?.text('model') ??
        null,
    },
    load: guideLlmLoad(strategy, kind, meanOf(metrics, 'request_concurrency')),
    output: { tokensPerSecond: output.required('mean'), per: 'deployment' },
    requestsPerSecond: meanOf(metrics, 'requests_per_second'),
    completed: totals?.completed('successful') ?? null,
    failed: totals?.whole('errored', 0) ?? null,
    inputTokens: meanOf(metrics, 'prompt_token_count'),
    outputTokens: meanOf(metrics, 'output_token_count'),
    nominalLengths: false,
    ttft: spreadOf(metrics, 'time_to_first_token_ms', 1),
    tpot: spreadOf(metrics, 'inter_token_latency_ms', 1),
    latency: spreadOf(metrics, 'request_latency', 1000),
    date: dayOf(started),
    notes: [],
  };
}

/**
 * Reads a report of GuideLLM, one run for each of its benchmarks: times are milliseconds, the latency of a request is in seconds.
 *
 * @returns what reads one benchmark after another; each may throw a Fault of its own
 * @throws Fault `unsupported` for another version of the report
 */
export function readGuideLlm(report: BenchFields): (() => BenchRun)[] {
  const version = report.group('metadata')?.at('version');
  if (!VERSIONS.includes(version))
    throw new Fault('unsupported', 'another version of the report', {
      where: report.place('metadata.version'),
      value: typeof version === 'number' ? version : 'a text',
      allowed: '1 or 2',
    });
  const benchmarks = report.list('benchmarks');
  if (benchmarks.length === 0)
    throw new Fault('missing', 'it holds no benchmarks', { where: report.place('benchmarks'), allowed: 'at least one' });
  if (benchmarks.length > MOST_BENCHMARKS)
    throw new Fault('invalid', 'too many benchmarks', {
      where: report.place('benchmarks'),
      value: benchmarks.length,
      allowed: `at most ${MOST_BENCHMARKS}`,
    });
  return benchmarks.map((value, index) => () => benchmarkRun(BenchFields.of(value, `${report.where}, benchmark ${index + 1}`), report));
}
