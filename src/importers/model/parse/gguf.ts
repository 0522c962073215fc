import { Fault } from '../../../faults/fault.ts';
import type { ByteSource } from '../fetch/byteSource.ts';
import { ByteCursor } from './byteCursor.ts';
import { ggmlType } from './ggmlTypes.ts';
import { type Metadata, readMetadata } from './ggufMetadata.ts';
import type { StoredTensor } from './safetensors.ts';

/** What the header of a GGUF file says. */
export interface GgufHeader {
  readonly metadata: Metadata;
  readonly tensors: readonly StoredTensor[];
}

/** Tokens and merges of a large vocabulary come to some 20 MB. */
const LARGEST_HEADER_BYTES = 2 ** 26;
const MOST_KEYS = 65_536;
const MOST_TENSORS = 200_000;
const LONGEST_NAME = 1024;
const MOST_DIMENSIONS = 4;
const LARGEST_DIMENSION = 2 ** 32;

interface PlacedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly elements: number;
  readonly typeId: number;
  readonly offset: number;
}

function invalid(source: ByteSource, reason: string, value: unknown, allowed: string): Fault {
  return new Fault('invalid', reason, { where: source.name, value, allowed });
}

async function readTensor(cursor: ByteCursor, source: ByteSource): Promise<PlacedTensor> {
  await cursor.need(8);
  const length = cursor.u64();
  if (length > LONGEST_NAME) throw invalid(source, 'the name of a tensor', `${length} bytes`, `at most ${LONGEST_NAME} bytes`);
  await cursor.need(length + 4);
  const name = cursor.text(length);
  const dimensions = cursor.u32();
  if (dimensions > MOST_DIMENSIONS) throw invalid(source, `dimensions of ${name}`, dimensions, `at most ${MOST_DIMENSIONS}`);
  await cursor.need(8 * dimensions + 12);
  const columnsFirst = Array.from({ length: dimensions }, () => cursor.u64());
  const elements = columnsFirst.reduce((product, size) => product * size, 1);
  if (columnsFirst.some((size) => size < 1 || size > LARGEST_DIMENSION) || !Number.isSafeInteger(elements))
    throw invalid(source, `shape of ${name}`, columnsFirst.join(' x '), `each from 1 to ${LARGEST_DIMENSION}`);
  return { name, shape: columnsFirst.reverse(), elements, typeId: cursor.u32(), offset: cursor.u64() };
}

/** Bytes by type; for the types of forks, up to where the next tensor begins. */
function bytesOf(tensor: PlacedTensor, room: number, source: ByteSource): StoredTensor {
  const { name, shape, elements, typeId } = tensor;
  const type = ggmlType(typeId);
  if (!type && room < 0) throw invalid(source, `data of ${name}`, 'none: the file ends before them', 'data within the file');
  if (!type) return { name, shape, elements, dtype: `type ${typeId}`, bytes: room };
  const bytes = (elements / type.blockWeights) * type.blockBytes;
  if ((shape.at(-1) ?? 1) % type.blockWeights !== 0)
    throw invalid(source, `columns of ${name}`, shape.at(-1), `a multiple of ${type.blockWeights} for ${type.name}`);
  if (room < 0) throw invalid(source, `data of ${name}`, 'none: the file ends before them', `${bytes} bytes: the file may be cut off`);
  if (bytes > room) throw invalid(source, `data of ${name}`, `room for ${room} bytes`, `${bytes} bytes: the file may be cut off`);
  return { name, shape, elements, dtype: type.name, bytes };
}

function sized(tensors: readonly PlacedTensor[], dataBytes: number, source: ByteSource): StoredTensor[] {
  const inOrder = [...tensors].sort((a, b) => a.offset - b.offset);
  return inOrder.map((tensor, index) => bytesOf(tensor, (inOrder[index + 1]?.offset ?? dataBytes) - tensor.offset, source));
}

/**
 * The header of a GGUF file, version 2 or 3: its metadata and what it says of each tensor. Lists of the metadata such as the vocabulary
 * are counted and skipped, so the header takes little memory however long it is.
 *
 * @throws Fault `unsupported` for other versions and byte orders, `invalid` for counts, names, shapes and offsets beyond sane limits,
 * for tensors that lie outside the file, and for a header that does not end
 */
export async function readGguf(source: ByteSource): Promise<GgufHeader> {
  const cursor = new ByteCursor(source, LARGEST_HEADER_BYTES);
  await cursor.need(24);
  const magic = cursor.bytes(4).toString('latin1');
  if (magic !== 'GGUF') throw invalid(source, 'not a GGUF file', magic, 'a file that begins with GGUF');
  const version = cursor.u32();
  if (version !== 2 && version !== 3)
    throw new Fault('unsupported', 'a GGUF version', { where: source.name, value: version, allowed: '2 or 3, little endian' });
  const tensorCount = cursor.u64();
  const keyCount = cursor.u64();
  if (tensorCount > MOST_TENSORS) throw invalid(source, 'number of tensors', tensorCount, `at most ${MOST_TENSORS}`);
  if (keyCount > MOST_KEYS) throw invalid(source, 'number of keys', keyCount, `at most ${MOST_KEYS}`);
  const metadata = await readMetadata(cursor, keyCount, source.name);
  const tensors: PlacedTensor[] = [];
  for (let read = 0; read < tensorCount; read++) tensors.push(await readTensor(cursor, source));
  const alignment = metadata.has('general.alignment') ? metadata.count('general.alignment', 2 ** 20) : 32;
  const dataOffset = Math.ceil(cursor.offset / alignment) * alignment;
  return { metadata, tensors: sized(tensors, source.byteLength - dataOffset, source) };
}
