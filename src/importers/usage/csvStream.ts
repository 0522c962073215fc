import { CsvError, Parser } from 'csv-parse';
import { Fault } from '../../faults/fault.ts';

/** One record of a log may hold a whole conversation. */
const LARGEST_RECORD = 2 ** 24;
const DELIMITERS = [',', ';', '\t'] as const;

/** Takes the cells of a record and the line that it ends on. */
type TakeCells = (cells: readonly string[], line: number) => void;

/** The character of a few that the header has most of. */
function delimiterOf(text: string): string {
  const header = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function faultOf(error: unknown, path: string, last: number): Error {
  if (!(error instanceof CsvError)) return error instanceof Error ? error : new Error(String(error));
  const lines = Number(error['lines'] ?? last);
  const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED';
  return new Fault('invalid', isOpen ? 'a quote that is opened here is never closed' : 'not CSV', {
    where: `${path}:${isOpen ? last + 1 : lines}`,
    allowed: 'CSV with quotes in pairs and records of at most 16 MiB',
  });
}

/**
 * Hands over the records of a CSV text one after the other; comma, semicolon or tab separate its cells.
 *
 * @param path the file, for messages
 * @param text in parts
 * @throws Fault `invalid` with the line, where quotes are not in pairs or a record is longer than 16 MiB
 */
export async function readCsvStream(path: string, text: AsyncIterable<string>, take: TakeCells): Promise<void> {
  let parser: Parser | null = null;
  let last = 0;
  let failure: unknown = null;
  const began = (first: string) => {
    const made = new Parser({
      delimiter: delimiterOf(first),
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LARGEST_RECORD,
    });
    // A hook of csv-parse copies all its counts for each record, which costs as much as parsing; `data` comes while they stand at the record.
    made.on('data', (cells: string[]) => {
      const { lines } = made.info;
      last = lines;
      if (failure !== null || cells[0]?.startsWith('#')) return;
      try {
        take(cells, lines);
      } catch (error) {
        failure = error;
      }
    });
    made.on('error', (error) => {
      failure ??= error;
    });
    return made;
  };
  const settled = (work: (done: () => void) => void) => new Promise<void>((resolve) => work(resolve));
  for await (const part of text) {
    const into: Parser = parser ?? began(part);
    parser = into;
    await settled((done) => into.write(part, () => done()));
    if (failure !== null) throw faultOf(failure, path, last);
  }
  const open = parser;
  if (open) await settled((done) => open.once('error', done).once('end', done).end());
  if (failure !== null) throw faultOf(failure, path, last);
}
