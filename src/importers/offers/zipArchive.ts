import { crc32, inflateRawSync } from 'node:zlib';
import { Fault } from '../../faults/fault.ts';

/** A file in an archive, unpacked. */
export interface ZipEntry {
  readonly name: string;
  /** ISO day on which it was last changed; null where the archive does not say. */
  readonly modified: string | null;
  readonly bytes: Uint8Array;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const FILE_SIGNATURE = 0x04034b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const FILE_SIZE = 30;
const LONGEST_COMMENT = 0xffff;
/** A size that only the extension for larger archives could say. */
const ZIP64 = 0xffffffff;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

const MOST_ENTRIES = 1000;
/** Unpacked, over all entries. */
const MOST_BYTES = 256 * 2 ** 20;

function flaw(reason: string, name: string, value?: unknown): Fault {
  return new Fault('invalid', reason, {
    where: name,
    ...(value === undefined ? {} : { value }),
    allowed: 'a whole ZIP archive, stored or deflated, of at most 1000 files and 256 MiB unpacked',
  });
}

/** Whether bytes begin as an archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** Where the directory of an archive begins, and how many entries it has. */
function directoryOf(zip: Buffer, name: string): { readonly at: number; readonly entries: number } {
  const first = Math.max(0, zip.length - END_SIZE - LONGEST_COMMENT);
  for (let at = zip.length - END_SIZE; at >= first; at--) {
    if (zip.readUInt32LE(at) !== END_SIGNATURE) continue;
    const entries = zip.readUInt16LE(at + 10);
    if (entries > MOST_ENTRIES) throw flaw('too many files in it', name, entries);
    return { at: zip.readUInt32LE(at + 16), entries };
  }
  throw flaw('the archive is cut off', name);
}

/** The day of an entry: seven bits of years since 1980, four of the month, five of the day. */
function dayOf(date: number): string | null {
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return year > 1980 && !Number.isNaN(Date.parse(text)) ? text : null;
}

/** The bytes of one entry, no more of them than are left. */
function unpacked(zip: Buffer, entry: number, name: string, left: number): Uint8Array {
  const [flags, method] = [zip.readUInt16LE(entry + 8), zip.readUInt16LE(entry + 10)];
  const [sum, packed, size, at] = [16, 20, 24, 42].map((offset) => zip.readUInt32LE(entry + offset)) as [number, number, number, number];
  if ((flags & ENCRYPTED) !== 0) throw flaw('it is encrypted', name);
  if (method !== STORED && method !== DEFLATED) throw flaw('packed in another way', name, `method ${method}`);
  if (packed === ZIP64 || size === ZIP64 || size > left) throw flaw('too large when unpacked', name, `${size} bytes`);
  if (at + FILE_SIZE > zip.length || zip.readUInt32LE(at) !== FILE_SIGNATURE) throw flaw('the archive is broken', name);
  const start = at + FILE_SIZE + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
  if (start + packed > zip.length) throw flaw('the archive is cut off', name);
  const content = zip.subarray(start, start + packed);
  const bytes = method === STORED ? content : inflated(content, size, name);
  if (bytes.length !== size || crc32(bytes) !== sum) throw flaw('the checksum is another', name);
  return bytes;
}

function inflated(content: Uint8Array, size: number, name: string): Uint8Array {
  try {
    return inflateRawSync(content, { maxOutputLength: Math.max(size, 1) });
  } catch {
    throw flaw('it cannot be unpacked', name);
  }
}

/**
 * The files of a ZIP archive, into memory: their names lead nowhere.
 *
 * @param name the archive, for messages
 * @throws Fault `invalid` where it is cut off, broken, encrypted, or larger than 256 MiB unpacked
 */
export function zipEntries(bytes: Uint8Array, name: string): ZipEntry[] {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (zip.length < END_SIZE) throw flaw('the archive is cut off', name);
  const directory = directoryOf(zip, name);
  const found: ZipEntry[] = [];
  let left = MOST_BYTES;
  for (let at = directory.at, entry = 0; entry < directory.entries; entry++) {
    if (at + ENTRY_SIZE > zip.length || zip.readUInt32LE(at) !== ENTRY_SIGNATURE) throw flaw('the archive is broken', name);
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [number, number, number];
    const inside = zip.toString('utf8', at + ENTRY_SIZE, at + ENTRY_SIZE + nameSize);
    if (!inside.endsWith('/')) {
      const content = unpacked(zip, at, `${name}/${inside}`, left);
      left -= content.length;
      found.push({ name: inside, modified: dayOf(zip.readUInt16LE(at + 14)), bytes: content });
    }
    at += ENTRY_SIZE + nameSize + extraSize + commentSize;
  }
  return found;
}
