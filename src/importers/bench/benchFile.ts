import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Fault } from '../../faults/fault.ts';

/** Bytes after which a result file is refused. */
const LARGEST_RESULT = 256 * 2 ** 20;

const PART = 2 ** 22;

/** A result file as it lies on disk. */
export interface BenchFile {
  readonly bytes: Uint8Array;
  /** ISO day on which it was last changed. */
  readonly modified: string;
}

function read(handle: number, path: string): Uint8Array {
  const parts: Buffer[] = [];
  for (let size = 0; ; ) {
    const part = Buffer.allocUnsafe(PART);
    const length = readSync(handle, part);
    if (length === 0) return Buffer.concat(parts, size);
    size += length;
    if (size > LARGEST_RESULT)
      throw new Fault('invalid', 'the file is too large', {
        where: path,
        allowed: 'at most 256 MiB; leave out what a client saves of each request',
      });
    parts.push(part.subarray(0, length));
  }
}

/**
 * Reads a result file up to the size that is taken at all, so that neither a huge file nor an endless device fills the memory.
 *
 * @throws Fault `missing` where there is none, `invalid` where it cannot be read or is larger than 256 MiB
 */
export function readBenchFile(path: string): BenchFile {
  let handle: number | null = null;
  try {
    handle = openSync(path, 'r');
    const { mtime } = fstatSync(handle);
    return { bytes: read(handle, path), modified: mtime.toISOString().slice(0, 10) };
  } catch (error) {
    if (error instanceof Fault || !(error instanceof Error) || !('code' in error)) throw error;
    const code = String(error.code);
    throw new Fault(code === 'ENOENT' ? 'missing' : 'invalid', `the file cannot be read (${code})`, {
      where: path,
      allowed: 'a result file of a benchmark',
    });
  } finally {
    if (handle !== null) closeSync(handle);
  }
}
