import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { Fault } from '../../faults/fault.ts';

/** What text is read from: a file, or what another program writes. */
export interface ByteSource {
  /** Whole path, or `-`. */
  readonly path: string;
  readonly stdin: Readable;
  /** Most bytes of text, after gzip has been undone. */
  readonly mostBytes: number;
  /** Told of the bytes that were read so far. */
  readonly progress?: (bytes: number) => void;
}

/** The path as messages say it. */
export function saidPath({ path }: ByteSource): string {
  return path === '-' ? 'standard input' : path;
}

/** Text shrinks by 1,032 at most where gzip is asked for nothing else; usage seldom shrinks by more than 50. */
const MOST_RATIO = 400;
/** Small files may shrink more: headers and rows that repeat. */
const RATIO_FROM_BYTES = 2 ** 26;

const MAGIC: readonly (readonly [magic: string, what: string, allowed: string])[] = [
  ['50415231', 'Parquet, which is read from its end', 'a plain file by its name, not compressed; CSV and JSON can be piped'],
  ['504b0304', 'a ZIP archive', 'the files in it, plain or as gzip'],
  ['28b52ffd', 'Zstandard', 'plain text or gzip'],
  ['425a68', 'bzip2', 'plain text or gzip'],
];

function unreadable(path: string, error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR')
    return new Fault('invalid', 'the gzip file is truncated; none of it was used', { where: path, allowed: 'a whole gzip file' });
  if (code.startsWith('Z_'))
    return new Fault('invalid', `the gzip file is broken (${code})`, { where: path, allowed: 'a whole gzip file' });
  return new Fault(code === 'ENOENT' ? 'missing' : 'invalid', `the file cannot be read (${code || 'unknown cause'})`, {
    where: path,
    allowed: 'a file of usage, or - for standard input',
  });
}

function checkMagic(path: string, first: Buffer): void {
  const hex = first.subarray(0, 4).toString('hex');
  const [, what, allowed] = MAGIC.find(([magic]) => hex.startsWith(magic)) ?? [];
  if (what !== undefined) throw new Fault('unsupported', `this is ${what}`, { where: path, ...(allowed === undefined ? {} : { allowed }) });
}

/** Feeds a gunzip from an iterator of parts, one part ahead at most. */
async function feed(gunzip: Gunzip, parts: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const part of parts) {
      if (gunzip.destroyed) return;
      if (!gunzip.write(part)) await new Promise<void>((resolve) => gunzip.once('drain', resolve).once('close', resolve));
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/**
 * The bytes of a text, gzip undone where the first two bytes say so, in bounded memory.
 *
 * @throws Fault where it cannot be read, is truncated, is of a kind that is no text, or grows beyond `mostBytes` or 400 times
 */
export async function* bytesOf(source: ByteSource): AsyncGenerator<Buffer> {
  const { stdin, mostBytes, progress } = source;
  const path = saidPath(source);
  const raw: AsyncIterable<Buffer> = source.path === '-' ? stdin : createReadStream(source.path, { highWaterMark: 2 ** 18 });
  let packed = 0;
  let seen = 0;
  const check = (bytes: Buffer) => {
    seen += bytes.length;
    const swollen = isGzip && seen > RATIO_FROM_BYTES && seen > packed * MOST_RATIO;
    if (seen > mostBytes || swollen)
      throw new Fault('invalid', swollen ? 'the gzip file grows suspiciously' : 'the text is too large', {
        where: path,
        value: `over ${seen} bytes`,
        allowed: swollen ? `at most ${MOST_RATIO} times its size` : `at most ${mostBytes} bytes; --most-bytes allows more`,
      });
    return bytes;
  };
  const parts = raw[Symbol.asyncIterator]();
  const counted = async function* (first: Buffer): AsyncGenerator<Buffer> {
    for (let part = first; ; ) {
      packed += part.length;
      progress?.(packed);
      yield part;
      const next = await parts.next();
      if (next.done) return;
      part = next.value;
    }
  };
  let isGzip = false;
  try {
    let first = Buffer.alloc(0);
    while (first.length < 4) {
      const next = await parts.next();
      if (next.done) break;
      first = Buffer.concat([first, next.value]);
    }
    checkMagic(path, first);
    isGzip = first[0] === 0x1f && first[1] === 0x8b;
    if (!isGzip) {
      for await (const part of counted(first)) yield check(part);
      return;
    }
    const gunzip = createGunzip({ chunkSize: 2 ** 18 });
    const fed = feed(gunzip, counted(first));
    try {
      for await (const part of gunzip) yield check(part);
    } finally {
      gunzip.destroy();
    }
    await fed;
  } catch (error) {
    throw error instanceof Fault ? error : unreadable(path, error);
  } finally {
    await parts.return?.();
  }
}
