import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Fault } from '../faults/fault.ts';

/** Size in MiB after which a file is refused. */
const LARGEST_INPUT = 256;

const PART = 2 ** 22;

/** A file of somebody else as it lies on disk. */
export interface InputFile {
  readonly bytes: Uint8Array;
  /** ISO day on which it was last changed. */
  readonly modified: string;
}

/** What a path is expected to lead to, for messages. */
export interface ExpectedFile {
  /** Such as `a result file of a benchmark`. */
  readonly kind: string;
  /** How one that is too large becomes smaller. */
  readonly remedy: string;
  /** Where files of the kind are smaller than others. */
  readonly mostMiB?: number;
}

/** Refuses what is larger than anything of its kind. */
export function tooLarge(name: string, seen: number | string, mostBytes: number): Fault {
  return new Fault('invalid', 'the file is too large', { where: name, value: `${seen} bytes`, allowed: `at most ${mostBytes} bytes` });
}

function read(handle: number, path: string, { remedy, mostMiB = LARGEST_INPUT }: ExpectedFile): Uint8Array {
  const parts: Buffer[] = [];
  for (let size = 0; ; ) {
    const part = Buffer.allocUnsafe(PART);
    const length = readSync(handle, part);
    if (length === 0) return Buffer.concat(parts, size);
    size += length;
    if (size > mostMiB * 2 ** 20)
      throw new Fault('invalid', 'the file is too large', { where: path, allowed: `at most ${mostMiB} MiB; ${remedy}` });
    parts.push(part.subarray(0, length));
  }
}

/**
 * Reads a file up to the size that is taken at all, so that neither a huge file nor an endless device fills the memory.
 *
 * @param expected what the path should lead to
 * @throws Fault `missing` where there is none, `invalid` where it cannot be read or is too large
 */
export function readInputFile(path: string, expected: ExpectedFile): InputFile {
  let handle: number | null = null;
  try {
    handle = openSync(path, 'r');
    const { mtime } = fstatSync(handle);
    return { bytes: read(handle, path, expected), modified: mtime.toISOString().slice(0, 10) };
  } catch (error) {
    if (error instanceof Fault || !(error instanceof Error) || !('code' in error)) throw error;
    const code = String(error.code);
    throw new Fault(code === 'ENOENT' ? 'missing' : 'invalid', `the file cannot be read (${code})`, {
      where: path,
      allowed: expected.kind,
    });
  } finally {
    if (handle !== null) closeSync(handle);
  }
}
