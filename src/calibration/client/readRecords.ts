import { createReadStream } from 'node:fs';
import { checked } from '../../catalog/check.ts';
import { Fault } from '../../faults/fault.ts';
import { peaksBySteps, type StepPeaks } from '../metrics/serverPeaks.ts';
import type { RecordedAsk, RequestRecord } from './record.ts';
import { lineSchema, type PeaksLine, type RunLine } from './runLine.ts';

export const RUN_SCHEMA = 'kplan/calibration-run@1';

/** The first line of a file of records: what the run was asked, as its maker wrote it. */
export interface RunHeader {
  readonly schema: typeof RUN_SCHEMA;
  readonly [field: string]: unknown;
}

/** What an earlier part of a run did. */
export interface HeldRun {
  readonly records: readonly RequestRecord[];
  /** Sent, and never ended: the process was killed meanwhile. */
  readonly unanswered: readonly RecordedAsk[];
  readonly peaks: readonly StepPeaks[];
}

/** Nothing was done before. */
export const NOTHING_HELD: HeldRun = { records: [], unanswered: [], peaks: [] };

/** What a file of records holds. */
export interface RunRecords extends HeldRun {
  readonly header: RunHeader;
  /** What the user should know, such as a torn line. */
  readonly notices: readonly string[];
  /** Length up to the last whole line. */
  readonly bytes: number;
}

/** No record comes near: a million chunks have 50 MB. */
const LONGEST_LINE = 2 ** 26;
const NEWLINE = 10;

/**
 * Reads a file of records. A last line without its end was being written when the run was killed: it is left out, with a notice.
 *
 * @throws Fault `missing` where there is no file, `invalid` at `file:line` where it is none of kplan's or a line is none of its records
 */
export async function readRecords(path: string): Promise<RunRecords> {
  const lines: RunLine[] = [];
  let header: RunHeader | null = null;
  let line = 0;
  let bytes = 0;
  let rest = 0;
  for await (const { text, length, whole } of linesOf(path)) {
    if (!whole) {
      rest = length;
      break;
    }
    line++;
    if (header === null) header = headerIn(text, path);
    else lines.push(lineIn(text, `${path}:${line}`));
    bytes += length;
  }
  if (header === null) throw foreign(path);
  const notices = rest === 0 ? [] : [`${path}: the last line was cut off while it was written; its ${rest} bytes are left out`];
  const records = lines.filter((each) => each.schema === 'kplan/request@1');
  const sent = lines.flatMap((each) => (each.schema === 'kplan/sent@1' ? [each.ask] : []));
  const peaks = lines.flatMap((each) => (each.schema === 'kplan/step-peaks@1' ? [withoutSchema(each)] : []));
  return { header, records, unanswered: unansweredOf(sent, records), peaks: peaksBySteps(peaks), notices, bytes };
}

interface Line {
  readonly text: string;
  /** With its line end. */
  readonly length: number;
  readonly whole: boolean;
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  let pending: Buffer[] = [];
  let held = 0;
  for await (const chunk of chunksOf(path)) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const bytes = Buffer.concat([...pending, chunk.subarray(from, end)]);
      yield { text: bytes.toString('utf8'), length: bytes.length + 1, whole: true };
      pending = [];
      held = 0;
      from = end + 1;
    }
    pending.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > LONGEST_LINE) throw foreign(path);
  }
  if (held > 0) yield { text: Buffer.concat(pending).toString('utf8'), length: held, whole: false };
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause';
    throw new Fault(code === 'ENOENT' ? 'missing' : 'invalid', `the records cannot be read (${code})`, { where: path, allowed: EXPECTED });
  }
}

function headerIn(text: string, path: string): RunHeader {
  const value = jsonIn(text);
  const fields = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  if (fields['schema'] !== RUN_SCHEMA) throw foreign(path);
  return { ...fields, schema: RUN_SCHEMA };
}

function lineIn(text: string, where: string): RunLine {
  const faults: Fault[] = [];
  const value = jsonIn(text);
  if (value === undefined) throw new Fault('invalid', 'this line is no JSON', { where, value: text, allowed: EXPECTED });
  const line = checked(lineSchema(value), { file: where, value, where: () => where }, faults);
  if (line) return line;
  throw faults[0] ?? new Fault('invalid', 'this is no record of a request', { where, allowed: EXPECTED });
}

function withoutSchema({ schema: _, ...peaks }: PeaksLine): StepPeaks {
  return peaks;
}

/** Of what was sent, that which has no record; older files do not tell what was sent. */
function unansweredOf(sent: readonly RecordedAsk[], records: readonly RequestRecord[]): RecordedAsk[] {
  const name = ({ step, number }: RecordedAsk) => `${step} ${number}`;
  const answers = new Map<string, number>();
  for (const { ask } of records) answers.set(name(ask), (answers.get(name(ask)) ?? 0) + 1);
  return sent.filter((ask) => {
    const left = answers.get(name(ask)) ?? 0;
    answers.set(name(ask), left - 1);
    return left <= 0;
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const EXPECTED = 'a file of records that `kplan calibrate` wrote';

function foreign(path: string): Fault {
  return new Fault('invalid', 'this is no file of records of kplan', { where: path, allowed: EXPECTED });
}
