import { type FileHandle, open } from 'node:fs/promises';
import { type Compressors, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { Fault } from '../../faults/fault.ts';
import type { ByteSource } from './byteStream.ts';
import { parsers, plainValue } from './parquetValues.ts';
import type { Fields, UsageRecord } from './usageFormat.ts';

/** What a row group may hold in the columns that are read, undone, and in rows: writers make a million at most unless told otherwise. */
const LARGEST_GROUP = 2 ** 30;
const MOST_GROUP_ROWS = 2 ** 24;
/** Descriptions of thousands of row groups and columns are smaller. */
const LARGEST_FOOTER = 2 ** 26;
const TAIL = 8;
/** Codecs that hyparquet undoes by itself. */
const OWN_CODECS: readonly string[] = ['UNCOMPRESSED', 'SNAPPY'];

/** What becomes of the rows. */
interface Taking {
  /** Told the columns and how to read them; false where they are of no known format. */
  readonly open: (names: readonly string[], fields: Omit<Fields, 'zones'>) => boolean;
  readonly unknown: (names: readonly string[]) => Fault;
  /** The columns that must be read whatever was asked for. */
  readonly needs: () => readonly string[];
  readonly take: (record: UsageRecord, row: number) => void;
}

function broken(where: string): Fault {
  return new Fault('invalid', 'the Parquet file is broken or truncated; none of it was used', {
    where,
    allowed: 'a whole Parquet file',
  });
}

function tooLarge(where: string, reason: string, value: string, allowed: string): Fault {
  return new Fault('invalid', reason, { where, value, allowed });
}

async function bytesAt(file: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new Error('the file ends early');
    done += bytesRead;
  }
  return bytes.buffer;
}

async function compressorsOf({ row_groups: groups }: FileMetaData, where: string): Promise<Compressors> {
  const codecs = new Set(groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec ?? 'UNCOMPRESSED')));
  if ([...codecs].every((codec) => OWN_CODECS.includes(codec))) return {};
  const { compressors, decompressZstd } = await import('hyparquet-compressors');
  const known = [...OWN_CODECS, ...Object.keys(compressors)];
  const other = [...codecs].find((codec) => !known.includes(codec));
  if (other !== undefined)
    throw new Fault('unsupported', 'no such codec can be undone', { where, value: other, allowed: known.join(', ') });
  return { ...compressors, ZSTD: (input, length) => decompressZstd(input, new Uint8Array(length)) };
}

/** The bytes of a row group in some columns: as they are in the file, and undone. */
function sizeOf(
  group: FileMetaData['row_groups'][number],
  columns: ReadonlySet<string>,
): { readonly packed: number; readonly undone: number } {
  const read = group.columns.flatMap(({ meta_data }) => (meta_data && columns.has(meta_data.path_in_schema[0] ?? '') ? [meta_data] : []));
  return {
    packed: read.reduce((sum, { total_compressed_size }) => sum + Number(total_compressed_size), 0),
    undone: read.reduce((sum, { total_uncompressed_size }) => sum + Number(total_uncompressed_size), 0),
  };
}

/**
 * Hands over the rows of a Parquet file, one row group after the other and only the columns that are asked for.
 *
 * @param source a plain file
 * @throws Fault `invalid` where it is broken or truncated, where its columns undone are beyond `mostBytes` or a row group is too large,
 *   `unsupported` for a codec that cannot be undone
 */
export async function readParquet({ path, mostBytes, progress }: ByteSource, name: string, taking: Taking): Promise<void> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const footer = size < 2 * TAIL ? null : new DataView(await bytesAt(handle, size - TAIL, size)).getUint32(0, true);
    if (footer === null || footer > size - TAIL) throw broken(name);
    if (footer > LARGEST_FOOTER) throw tooLarge(name, 'its description is too large', `${footer} bytes`, `at most ${LARGEST_FOOTER} bytes`);
    const file = { byteLength: size, slice: (start: number, end = size) => bytesAt(handle, start, end) };
    const decoded = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        throw error instanceof Fault ? error : broken(name);
      }
    };
    const metadata = await decoded(() => parquetMetadataAsync(file, { geoparquet: false }));
    const { names, local } = columnsOf(metadata);
    const asked = new Set<string>();
    const fields = {
      has: (column: string) => names.includes(column),
      field: (column: string) => {
        asked.add(column);
        return (record: UsageRecord) => (Object.hasOwn(record, column) ? (record as Readonly<Record<string, unknown>>)[column] : undefined);
      },
    };
    if (!taking.open(names, fields)) throw taking.unknown(names);
    const columns = names.filter((column) => asked.has(column) || taking.needs().includes(column));
    const compressors = await compressorsOf(metadata, name);
    let [row, packed, undone] = [0, 0, 0];
    for (const group of metadata.row_groups) {
      const bytes = sizeOf(group, new Set(columns));
      const rows = Number(group.num_rows);
      packed += bytes.packed;
      undone += bytes.undone;
      if (undone > mostBytes)
        throw tooLarge(name, 'its columns are too large', `over ${undone} bytes`, `at most ${mostBytes} bytes; --most-bytes allows more`);
      if (bytes.undone > LARGEST_GROUP || rows > MOST_GROUP_ROWS)
        throw tooLarge(
          name,
          'a row group is too large',
          `${rows} rows, ${bytes.undone} bytes`,
          `row groups of at most ${MOST_GROUP_ROWS} rows and ${LARGEST_GROUP} bytes`,
        );
      const records = await decoded(() =>
        parquetReadObjects({ file, metadata, columns, rowStart: row, rowEnd: row + rows, compressors, parsers }),
      );
      if (records.length !== rows) throw broken(name);
      for (const record of records) taking.take(plainRecord(record, local), ++row);
      progress?.(packed);
    }
  } finally {
    await handle.close();
  }
}

/** Names of the columns, and those whose times name no zone. */
function columnsOf({ schema }: FileMetaData): { readonly names: readonly string[]; readonly local: ReadonlySet<string> } {
  const names: string[] = [];
  const local = new Set<string>();
  for (let at = 1; at < schema.length; ) {
    const element = schema[at];
    if (!element) break;
    names.push(element.name);
    const { logical_type: type } = element;
    if (type?.type === 'TIMESTAMP' && !type.isAdjustedToUTC) local.add(element.name);
    for (let left = 1; left > 0 && at < schema.length; at++) left += (schema[at]?.num_children ?? 0) - 1;
  }
  return { names, local };
}

function plainRecord(record: Readonly<Record<string, unknown>>, local: ReadonlySet<string>): UsageRecord {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    const found = plainValue(value);
    plain[name] = local.has(name) && typeof found === 'string' ? found.replace(/Z$/, '') : found;
  }
  return plain;
}
