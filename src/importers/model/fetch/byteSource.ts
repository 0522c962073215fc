import { open, stat } from 'node:fs/promises';
import { tooLarge } from '../../../catalog/inputFile.ts';
import { Fault } from '../../../faults/fault.ts';

/** A file of which parts can be read, wherever it lies. */
export interface ByteSource {
  /** What faults call it. */
  readonly name: string;
  readonly byteLength: number;
  /**
   * The bytes from `start` to before `end`.
   *
   * @throws Fault `invalid` where the file does not hold all of them, `unavailable` where they cannot be had
   */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Refuses a range that a file does not hold. */
export function checkRange({ name, byteLength }: Pick<ByteSource, 'name' | 'byteLength'>, start: number, end: number): void {
  if (start >= 0 && start <= end && end <= byteLength) return;
  throw new Fault('invalid', 'the file ends too early', {
    where: name,
    value: `${byteLength} bytes`,
    allowed: `at least ${end} bytes: it is cut off or not of this format`,
  });
}

/** The beginning of a file whose whole length is known. */
export function prefixSource(name: string, prefix: Uint8Array, byteLength: number): ByteSource {
  return {
    name,
    byteLength,
    read: async (start, end) => {
      checkRange({ name, byteLength }, start, end);
      checkRange({ name: `${name} (stored part)`, byteLength: prefix.length }, start, end);
      return prefix.subarray(start, end);
    },
  };
}

/** A source that also keeps the beginning of the file as far as it was read, in `prefix()`. */
export function recorded(source: ByteSource): ByteSource & { readonly prefix: () => Uint8Array } {
  const parts: Uint8Array[] = [];
  let length = 0;
  return {
    name: source.name,
    byteLength: source.byteLength,
    prefix: () => Buffer.concat(parts),
    read: async (start, end) => {
      // What was skipped is read too, so that the beginning has no gap.
      const from = Math.min(start, length);
      const bytes = await source.read(from, end);
      if (end > length) {
        parts.push(bytes.subarray(length - from));
        length = end;
      }
      return bytes.subarray(start - from);
    },
  };
}

/** Why a path of this machine cannot be read. */
export function unreadable(name: string, error: unknown): Fault {
  const { code = 'unknown' } = error as { code?: string };
  if (code === 'ENOENT' || code === 'ENOTDIR') return new Fault('missing', 'no such file', { where: name });
  return new Fault('unavailable', `the file cannot be read: ${code}`, { where: name });
}

async function readFully(path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  const file = await open(path, 'r');
  try {
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
      if (bytesRead === 0) checkRange({ name: path, byteLength: start + done }, start, end);
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes;
}

/**
 * A file of this machine.
 *
 * @throws Fault `missing`, `invalid` for what is no regular file (a device has no end), `unavailable` where it may not be read
 */
export async function fileSource(path: string): Promise<ByteSource> {
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!found.isFile()) throw new Fault('invalid', 'not a regular file', { where: path });
  return {
    name: path,
    byteLength: found.size,
    read: async (start, end) => {
      checkRange({ name: path, byteLength: found.size }, start, end);
      return readFully(path, start, end).catch((error: unknown) => {
        throw error instanceof Fault ? error : unreadable(path, error);
      });
    },
  };
}

/** All bytes of a source, refused where they are more than `mostBytes`. */
export async function wholeOf(source: ByteSource, mostBytes: number): Promise<Uint8Array> {
  if (source.byteLength > mostBytes) throw tooLarge(source.name, source.byteLength, mostBytes);
  return source.read(0, source.byteLength);
}
