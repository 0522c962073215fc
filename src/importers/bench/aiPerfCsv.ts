import { Fault } from '../../faults/fault.ts';
import { type CsvRecord, cellNumber } from '../shared/csvRecords.ts';
import { aiPerfRun, type PerfMetric } from './aiPerf.ts';
import type { BenchRun } from './benchRun.ts';

/** Metrics by the words of the CSV. */
const TAGS: Readonly<Record<string, string>> = {
  'time to first token': 'time_to_first_token',
  'inter token latency': 'inter_token_latency',
  'request latency': 'request_latency',
  'input sequence length': 'input_sequence_length',
  'output sequence length': 'output_sequence_length',
  'output token throughput': 'output_token_throughput',
  'request throughput': 'request_throughput',
  'request count': 'request_count',
  'error request count': 'error_request_count',
  'total input sequence length': 'total_isl',
  'total output sequence length': 'total_osl',
};

/** No name of a metric is longer. */
const LONGEST_NAME = 120;

/** Metrics that may be zero. */
const COUNTS: readonly string[] = ['request_count', 'error_request_count'];

/** Whether CSV records are AIPerf's or genai-perf's, by the head of a block. */
export function isAiPerfCsv(records: readonly CsvRecord[]): boolean {
  const [first = '', second = ''] = records[0]?.cells ?? [];
  return first === 'Metric' && (second === 'avg' || second === 'Value');
}

/** The name and unit of `Inter Token Latency (ms)`. */
function nameOf(cell: string): { readonly name: string; readonly unit: string } {
  const [, name = '', unit = ''] = /^(.*?)(?:\s*\(([^()]*)\))?$/.exec(cell.trim().slice(0, LONGEST_NAME)) ?? [];
  return { name: name.toLowerCase().replaceAll('-', ' '), unit };
}

function metricOf(tag: string, unit: string, record: CsvRecord, head: readonly string[], name: string): PerfMetric {
  const where = `${name}:${record.line}: ${tag}`;
  const read = (title: string) => {
    const at = head.indexOf(title);
    const value = at < 0 ? null : cellNumber(record.cells[at], where);
    if (value === null || value > 0 || (value === 0 && COUNTS.includes(tag))) return value;
    throw new Fault('invalid', 'not a plausible number', { where, value, allowed: 'a number above zero' });
  };
  return { unit, average: read('avg') ?? read('Value'), median: read('p50'), where };
}

/**
 * Reads the CSV of AIPerf: a block of percentiles, a block of single values, and telemetry that is passed over. Names carry the unit.
 *
 * @param name the file, for messages
 * @throws Fault where a figure is missing or impossible, or a unit unknown
 */
export function readAiPerfCsv(records: readonly CsvRecord[], name: string): BenchRun {
  const metrics = new Map<string, PerfMetric>();
  let head: readonly string[] = [];
  for (const record of records) {
    const [first = ''] = record.cells;
    if (first === 'Metric' || first === 'Endpoint') head = record.cells;
    if (head[0] !== 'Metric') continue;
    const { name: words, unit } = nameOf(first);
    const tag = Object.hasOwn(TAGS, words) ? TAGS[words] : undefined;
    if (tag !== undefined) metrics.set(tag, metricOf(tag, unit, record, head, name));
  }
  return aiPerfRun(metrics, {
    tool: 'aiperf',
    where: name,
    model: null,
    concurrency: null,
    openLoop: false,
    date: null,
    notes: [],
  });
}
