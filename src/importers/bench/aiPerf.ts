import { Fault } from '../../faults/fault.ts';
import type { BenchFields } from './benchFields.ts';
import { type BenchRun, NOTHING_STATED, type TimeSpread } from './benchRun.ts';
import { inCount, inMilliseconds, inRatePerSecond } from './metricUnit.ts';

/** Metrics of which one is enough to know the shape. */
const METRICS = ['request_latency', 'time_to_first_token', 'output_token_throughput', 'request_throughput', 'inter_token_latency'];

/** One metric with the unit that it is stated in. */
export interface PerfMetric {
  readonly unit: string;
  readonly average: number | null;
  readonly median: number | null;
  /** The metric in the file, for messages. */
  readonly where: string;
}

/** The metrics of one run by AIPerf's names; those that were not measured are absent. */
export type PerfMetrics = ReadonlyMap<string, PerfMetric>;

/** What a run says beside its metrics. */
export interface PerfSettings {
  readonly tool: 'aiperf' | 'genai-perf';
  readonly where: string;
  readonly model: string | null;
  readonly concurrency: number | null;
  readonly openLoop: boolean;
  readonly date: string | null;
  readonly notes: readonly string[];
}

/** Whether an object is an export of AIPerf or genai-perf: metrics with a unit each. */
export function isAiPerf(fields: BenchFields): boolean {
  return METRICS.some((name) => fields.group(name)?.has('avg')) && !fields.has('timeslices');
}

function timeOf(metrics: PerfMetrics, name: string): TimeSpread {
  const found = metrics.get(name);
  if (!found) return { median: null, mean: null };
  const { unit, average, median, where } = found;
  const inMs = (value: number | null) => (value === null ? null : inMilliseconds(value, unit, where));
  return { median: inMs(median), mean: inMs(average) };
}

function rateOf(metrics: PerfMetrics, name: string, of: 'tokens' | 'requests'): number | null {
  const found = metrics.get(name);
  return found && found.average !== null ? inRatePerSecond(found.average, found.unit, of, found.where) : null;
}

function countOf(metrics: PerfMetrics, name: string, of: 'tokens' | 'requests'): number | null {
  const found = metrics.get(name);
  return found && found.average !== null ? inCount(found.average, found.unit, of, found.where) : null;
}

/** Mean tokens per request: the mean itself, or the total over the requests. */
function tokensOf(metrics: PerfMetrics, mean: string, total: string, requests: number | null): number | null {
  const found = countOf(metrics, mean, 'tokens');
  const all = countOf(metrics, total, 'tokens');
  return found ?? (all === null || requests === null ? null : all / requests);
}

/**
 * A run from the metrics of AIPerf or genai-perf, each converted by its unit; the time between tokens leaves the first one out.
 *
 * @throws Fault where the output rate is missing, a unit is unknown, or no request was completed
 */
export function aiPerfRun(metrics: PerfMetrics, { tool, where, model, concurrency, openLoop, date, notes }: PerfSettings): BenchRun {
  const tokensPerSecond = rateOf(metrics, 'output_token_throughput', 'tokens');
  const completed = countOf(metrics, 'request_count', 'requests');
  if (completed === 0)
    throw new Fault('invalid', 'no request was completed', {
      where: `${where}: request_count`,
      value: 0,
      allowed: 'a run with results',
    });
  if (tokensPerSecond === null)
    throw new Fault('missing', 'it is missing', {
      where: `${where}: output_token_throughput`,
      allowed: 'the rate of output tokens of the whole run',
    });
  return {
    tool,
    where,
    stated: { ...NOTHING_STATED, model },
    load: { maxConcurrency: concurrency, meanConcurrency: null, openLoop },
    output: { tokensPerSecond, per: 'deployment' },
    requestsPerSecond: rateOf(metrics, 'request_throughput', 'requests'),
    completed,
    failed: countOf(metrics, 'error_request_count', 'requests'),
    inputTokens: tokensOf(metrics, 'input_sequence_length', 'total_isl', completed),
    outputTokens: tokensOf(metrics, 'output_sequence_length', 'total_osl', completed),
    nominalLengths: false,
    ttft: timeOf(metrics, 'time_to_first_token'),
    tpot: timeOf(metrics, 'inter_token_latency'),
    latency: timeOf(metrics, 'request_latency'),
    date,
    notes,
  };
}

/** Metrics that may be zero. */
const COUNTS: readonly string[] = ['request_count', 'error_request_count'];

function metricOf(name: string, fields: BenchFields): PerfMetric {
  const unit = fields.text('unit');
  if (unit === null) throw fields.refused('unit', 'no unit', 'the unit of the metric');
  const read = (key: string) => (COUNTS.includes(name) ? fields.number(key) : fields.positive(key));
  return { unit, average: read('avg'), median: read('p50'), where: fields.where };
}

const NAMES = [...METRICS, ...COUNTS, 'input_sequence_length', 'output_sequence_length', 'total_isl', 'total_osl'];

function metricsOf(fields: BenchFields): PerfMetrics {
  return new Map(
    NAMES.flatMap((name) => {
      const group = fields.group(name);
      return group ? [[name, metricOf(name, group)] as const] : [];
    }),
  );
}

function firstText(values: readonly unknown[]): string | null {
  const [first] = values;
  return typeof first === 'string' ? first : null;
}

/** The load of the phase that was measured; the 2025 format and genai-perf have no phases. */
function loadOf(config: BenchFields | null): { readonly concurrency: number | null; readonly openLoop: boolean } {
  if (!config) return { concurrency: null, openLoop: false };
  const phases = config.groups('phases');
  const phase = phases.find((one) => one.flag('exclude_from_results') !== true);
  const loads = [phase ?? null, config.group('loadgen'), config.group('perf_analyzer', 'stimulus'), config];
  const listed = config.list('concurrency')[0];
  const concurrency = loads.map((load) => load?.ways('concurrency') ?? null).find((ways) => ways !== null) ?? null;
  const atRate = loads.some((load) => load?.has('request_rate') || load?.has('rate'));
  return { concurrency: concurrency ?? (typeof listed === 'number' ? listed : null), openLoop: atRate };
}

function modelOf(config: BenchFields | null): string | null {
  if (!config) return null;
  const named = config.group('models')?.groups('items')[0]?.text('name') ?? null;
  const lists = [config.group('endpoint')?.list('model_names'), config.list('model_names'), config.list('model')];
  return named ?? lists.map((list) => firstText(list ?? [])).find((name) => name !== null) ?? config.text('model');
}

/**
 * Reads an export of AIPerf (`profile_export_aiperf.json`) or genai-perf (`*_genai_perf.json`).
 *
 * @throws Fault where a figure is missing or impossible, or a unit unknown
 */
export function readAiPerf(fields: BenchFields): BenchRun {
  const config = fields.group('input_config');
  const isAiPerfs =
    ['aiperf_version', 'schema_version', 'run_info', 'was_cancelled'].some((key) => fields.has(key)) || config?.has('loadgen');
  return aiPerfRun(metricsOf(fields), {
    tool: isAiPerfs ? 'aiperf' : 'genai-perf',
    where: fields.where,
    model: modelOf(config),
    ...loadOf(config),
    date: /^\d{4}-\d{2}-\d{2}/.exec(fields.text('start_time') ?? '')?.[0] ?? null,
    notes: fields.flag('was_cancelled') === true ? ['the run was cancelled before its end'] : [],
  });
}
