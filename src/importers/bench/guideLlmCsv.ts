import { Fault } from '../../faults/fault.ts';
import { type CsvRecord, cellNumber } from '../shared/csvRecords.ts';
import { BenchFields } from './benchFields.ts';
import { type BenchRun, NOTHING_STATED, type TimeSpread } from './benchRun.ts';
import { guideLlmLoad, guideLlmModel, MOST_BENCHMARKS } from './guideLlm.ts';
import { inMilliseconds } from './metricUnit.ts';

/** Rows of its header: group, name with the unit, statistic. */
const HEADER_ROWS = 3;

/** Whether CSV records are GuideLLM's, by the groups in the first row. */
export function isGuideLlmCsv(records: readonly CsvRecord[]): boolean {
  const groups = records[0]?.cells ?? [];
  return groups.includes('Run Info') && groups.includes('Request Latency') && groups.includes('Token Throughput');
}

/** One benchmark as a row below the header of three rows. */
class Row {
  readonly where: string;
  readonly #header: readonly CsvRecord[];
  readonly #cells: readonly string[];

  constructor(header: readonly CsvRecord[], record: CsvRecord, where: string) {
    this.#header = header;
    this.#cells = record.cells;
    this.where = where;
    const width = header[0]?.cells.length ?? 0;
    if (record.cells.length === width) return;
    throw new Fault('invalid', 'its columns are not those of the header, which is of the first benchmark alone', {
      where,
      value: `${record.cells.length} cells`,
      allowed: `${width} cells; the JSON report has no such limit`,
    });
  }

  /** The column of a group and a statistic whose name begins and ends as told. */
  #column(group: string, name: RegExp, statistic: string): { readonly at: number; readonly unit: string } | null {
    const [groups = [], names = [], statistics = []] = this.#header.map(({ cells }) => cells);
    const at = groups.findIndex((one, index) => one === group && name.test(names[index] ?? '') && statistics[index] === statistic);
    return at < 0 ? null : { at, unit: name.exec(names[at] ?? '')?.[1] ?? '' };
  }

  text(group: string, name: string): string {
    const found = this.#column(group, new RegExp(`^${name}$`), '');
    return found ? (this.#cells[found.at] ?? '') : '';
  }

  number(group: string, name: RegExp, statistic: string): number | null {
    const found = this.#column(group, name, statistic);
    return found ? this.#positive(found.at, `${this.where}: ${group}, ${statistic}`) : null;
  }

  count(name: string): number | null {
    const found = this.#column('Request Counts', new RegExp(`^${name}$`), '');
    return found ? cellNumber(this.#cells[found.at], `${this.where}: Request Counts, ${name}`) : null;
  }

  /** Median and mean of a time, by the unit in its name. */
  spread(group: string): TimeSpread {
    const one = (statistic: string) => {
      const found = this.#column(group, /^Successful (\S+)$/, statistic);
      if (!found) return null;
      const where = `${this.where}: ${group}, ${statistic}`;
      const value = this.#positive(found.at, where);
      return value === null ? null : inMilliseconds(value, found.unit, where);
    };
    return { median: one('Median'), mean: one('Mean') };
  }

  #positive(at: number, where: string): number | null {
    const value = cellNumber(this.#cells[at], where);
    if (value === null || value > 0) return value;
    throw new Fault('invalid', 'not a plausible number', { where, value, allowed: 'a number above zero' });
  }
}

/** The model of the backend, which stands in a cell as JSON. */
function modelIn(cell: string, where: string): string | null {
  try {
    return guideLlmModel(BenchFields.of(JSON.parse(cell), where));
  } catch {
    return null;
  }
}

function runOf(row: Row): BenchRun {
  const completed = row.count('Successful');
  const output = row.number('Token Throughput', /^Successful (Output Tokens\/Sec)$/, 'Mean');
  if (completed === 0)
    throw new Fault('invalid', 'no request was completed', {
      where: `${row.where}: Request Counts`,
      value: 0,
      allowed: 'a run with results',
    });
  if (output === null)
    throw new Fault('missing', 'it is missing', { where: `${row.where}: Token Throughput`, allowed: 'Successful Output Tokens/Sec' });
  const kind = row.text('Benchmark', 'Strategy') || null;
  return {
    tool: 'guidellm',
    where: row.where,
    stated: { ...NOTHING_STATED, model: modelIn(row.text('Run Info', 'Backend'), row.where) },
    load: guideLlmLoad(null, kind, row.number('Server Throughput', /^Successful (Concurrency)$/, 'Mean')),
    output: { tokensPerSecond: output, per: 'deployment' },
    requestsPerSecond: row.number('Server Throughput', /^Successful (Requests\/Sec)$/, 'Mean'),
    completed,
    failed: row.count('Errored'),
    inputTokens: row.number('Token Metrics', /^Successful (Input Tokens)$/, 'Mean'),
    outputTokens: row.number('Token Metrics', /^Successful (Output Tokens)$/, 'Mean'),
    nominalLengths: false,
    ttft: row.spread('Time to First Token'),
    tpot: row.spread('Inter Token Latency'),
    latency: row.spread('Request Latency'),
    date: /^\d{4}-\d{2}-\d{2}/.exec(row.text('Timings', 'Start Time'))?.[0] ?? null,
    notes: [],
  };
}

/**
 * Reads the CSV of GuideLLM, one run for each row below its header of three rows.
 *
 * @param name the file, for messages
 * @returns what reads one row after another; each may throw a Fault of its own
 * @throws Fault `missing` where there is none
 */
export function readGuideLlmCsv(records: readonly CsvRecord[], name: string): (() => BenchRun)[] {
  const header = records.slice(0, HEADER_ROWS);
  const rows = records.slice(HEADER_ROWS);
  if (rows.length === 0 || rows.length > MOST_BENCHMARKS)
    throw new Fault(rows.length === 0 ? 'missing' : 'invalid', `it holds ${rows.length} benchmarks`, {
      where: name,
      allowed: `from one to ${MOST_BENCHMARKS} rows below the header`,
    });
  return rows.map((record, index) => () => runOf(new Row(header, record, `${name}:${record.line}, benchmark ${index + 1}`)));
}
