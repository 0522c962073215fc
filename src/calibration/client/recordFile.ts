import { type FileHandle, open } from 'node:fs/promises';
import { Fault } from '../../faults/fault.ts';
import { RUN_SCHEMA, type RunHeader, type RunRecords, readRecords } from './readRecords.ts';
import type { RunLine } from './runLine.ts';
import { type Redact, redacted } from './secrets.ts';

/** A file of records that grows: a line is handed to the system in one write, before a request is sent and when it has ended. */
export interface RecordFile {
  readonly path: string;
  /**
   * Adds a line after those before it.
   *
   * @throws Fault `unwritable` where it cannot be written whole; what stood before stays, and nothing follows
   */
  append(line: RunLine): Promise<void>;
  /** Waits for what is being written and for the disk. */
  close(): Promise<void>;
}

/** Records are never replaced. */
export function thereAlready(path: string): Fault {
  return new Fault('exists', 'there is a file already', { where: path, allowed: 'a new file, or --resume to go on with it' });
}

/**
 * Begins a file of records with its header. A killed process loses nothing that was appended.
 *
 * @param redact takes the keys of the run out of every text
 * @throws Fault `exists` where there is a file already, `unwritable` where none can be made
 */
export async function createRecordFile(path: string, header: Omit<RunHeader, 'schema'>, redact: Redact): Promise<RecordFile> {
  const handle = await open(path, 'wx').catch((error: unknown) => {
    const code = codeOf(error);
    throw code === 'EEXIST' ? thereAlready(path) : unwritable(path, code);
  });
  const file = growing(path, handle, 0, redact);
  try {
    await file.write({ schema: RUN_SCHEMA, ...header });
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}

/** A file that is gone on with, and what it held. */
export interface ResumedFile {
  readonly file: RecordFile;
  readonly held: RunRecords;
}

/**
 * Goes on with a file of records after its last whole line; a torn one is cut off.
 *
 * @throws Fault as `readRecords`, or `unwritable`
 */
export async function resumeRecordFile(path: string, redact: Redact): Promise<ResumedFile> {
  const held = await readRecords(path);
  const handle = await open(path, 'r+').catch((error: unknown) => {
    throw unwritable(path, codeOf(error));
  });
  await handle.truncate(held.bytes);
  return { file: growing(path, handle, held.bytes, redact), held };
}

function growing(path: string, handle: FileHandle, from: number, redact: Redact): RecordFile & { write(value: unknown): Promise<void> } {
  let length = from;
  let broken: Fault | null = null;
  let last: Promise<void> = Promise.resolve();
  const put = async (line: Buffer) => {
    if (broken) throw broken;
    try {
      for (let at = 0; at < line.length; ) at += (await handle.write(line, at, line.length - at, length + at)).bytesWritten;
      length += line.length;
    } catch (error) {
      await handle.truncate(length).catch(() => undefined);
      broken = unwritable(path, codeOf(error));
      throw broken;
    }
  };
  const write = (value: unknown) => {
    const line = Buffer.from(`${JSON.stringify(redacted(value, redact))}\n`);
    const written = last.then(() => put(line));
    last = written.catch(() => undefined);
    return written;
  };
  return {
    path,
    write,
    append: write,
    async close() {
      await last;
      await handle.datasync().catch(() => undefined);
      await handle.close();
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause';
}

function unwritable(path: string, code: string): Fault {
  return new Fault('unwritable', `the records cannot be written (${code}); those before are kept`, {
    where: path,
    allowed: 'a file on a disk with room',
  });
}
