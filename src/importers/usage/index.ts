import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Fault } from '../../faults/fault.ts';
import { parseNumber } from '../../units/number.ts';
import { BadRowCount } from './badRows.ts';
import { mappedFormat } from './formats/mapped.ts';
import { importedWorkload } from './importedWorkload.ts';
import { SummaryTally } from './sql/summaryTally.ts';
import { readUsageFile, type UsageFile } from './usageFile.ts';
import type { UsageFormat } from './usageFormat.ts';
import type { UsageRow } from './usageRow.ts';
import { UsageTally } from './usageTally.ts';
import type { WorkloadDocument } from './workloadDocument.ts';

export { type WorkloadDocument, workloadDocument } from './workloadDocument.ts';

/** The options of `kplan import workload` as typed. */
export interface UsageWords {
  readonly columns?: string;
  readonly cacheWrites?: string;
  readonly requests?: string;
  readonly sessionsPerHour?: string;
  readonly mostBytes?: string;
  readonly strict?: boolean;
}

/** The world around an import. */
export interface UsageEnvironment {
  readonly stdin: Readable;
  /** Told of the file and the bytes that were read of it so far. */
  readonly progress?: (path: string, bytes: number) => void;
  /** Takes each row before it is counted; false leaves it out. */
  readonly row?: (row: UsageRow, format: UsageFormat) => boolean;
  /** At which sessions with clocks of their own begin where nobody says it; without it nothing is said of how they overlap. */
  readonly sessionsPerHour?: number;
}

/** Text of a month of a busy service; endless input ends here. */
const MOST_BYTES = 64e9;

function cacheWritesIn(word: string | undefined): 'inside' | 'beside' {
  if (word === undefined || word === 'inside' || word === 'beside') return word ?? 'inside';
  throw new Fault('unknown', 'no such place', { where: '--cache-writes', value: word, allowed: 'inside, beside' });
}

/**
 * Reads usage exports, billing files and traces as one workload; what they are is told by their fields.
 *
 * @param paths files, plain, gzip or Parquet; `-` is standard input
 * @param words the options as typed
 * @returns means, lengths, arrivals, reuse and what was paid, with all that was left out
 * @throws Fault for an option that cannot be read, for a file that is no usage or broken, and where no row can be used
 */
export async function importUsage(
  paths: readonly string[],
  words: UsageWords,
  { stdin, progress, row, sessionsPerHour: usual }: UsageEnvironment,
): Promise<WorkloadDocument> {
  const named = words.columns === undefined ? null : mappedFormat(words.columns);
  const requests = words.requests === undefined ? null : parseNumber(words.requests, '--requests', { min: 1, integer: true });
  const sessionsPerHour =
    words.sessionsPerHour === undefined ? null : parseNumber(words.sessionsPerHour, '--sessions-per-hour', { above: 0, max: 1e6 });
  const mostBytes = words.mostBytes === undefined ? MOST_BYTES : parseNumber(words.mostBytes, '--most-bytes', { min: 1 });
  const whole = paths.map((path) => (path === '-' ? path : resolve(path)));
  const double = paths.find((_, index) => whole.indexOf(whole[index] ?? '') !== index);
  if (double !== undefined)
    throw new Fault('contradiction', 'a file is named twice', { where: 'FILE', value: double, allowed: 'each file once' });
  const [bad, tally, summary] = [new BadRowCount(), new UsageTally(), new SummaryTally()];
  const reading = {
    flags: { cacheWrites: cacheWritesIn(words.cacheWrites) },
    named,
    strict: words.strict === true,
    bad,
    take: (one: UsageRow, format: UsageFormat) => {
      if (row?.(one, format) !== false) tally.add(one, format);
    },
    takeSums: summary.add.bind(summary),
  };
  const files: UsageFile[] = [];
  for (const path of paths) {
    const told = progress ? { progress: (bytes: number) => progress(path, bytes) } : {};
    files.push(await readUsageFile({ path, stdin, mostBytes, ...told }, reading));
    checkClocks(files);
    checkAlone(files);
  }
  if (sessionsPerHour !== null && !tally.conversations.isApart)
    throw new Fault('contradiction', 'it says when sessions begin whose times count from their own start, and there are none', {
      where: '--sessions-per-hour',
      value: words.sessionsPerHour,
      allowed: 'with files of coding sessions',
    });
  const begun = sessionsPerHour ?? (tally.conversations.isApart ? (usual ?? null) : null);
  const [first] = files;
  if (first?.format.isSummary !== true) return importedWorkload(files, tally, bad, { requests, sessionsPerHour: begun });
  const rows = summary.into(tally, bad, first.name, reading.strict);
  return importedWorkload([{ ...first, rows }], tally, bad, { requests, sessionsPerHour: begun });
}

/** A summary holds no rows that could be counted together with those of other files. */
function checkAlone(files: readonly UsageFile[]): void {
  const summary = files.find(({ format }) => format.isSummary);
  if (summary === undefined || files.length < 2) return;
  throw new Fault('contradiction', 'it is a summary of all of its requests', {
    where: summary.name,
    value: `${files.length} files`,
    allowed: 'a summary alone',
  });
}

/** Times since a file began and times of the world cannot be put in one order, nor those of two files that each began by itself. */
function checkClocks(files: readonly UsageFile[]): void {
  const own = files.find(({ format }) => format.clock === 'file');
  if (own === undefined || files.length < 2) return;
  throw new Fault('contradiction', 'its times count from its own beginning', {
    where: own.name,
    value: `${files.length} files`,
    allowed: 'such a trace alone',
  });
}
