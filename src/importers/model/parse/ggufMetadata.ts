import { Fault } from '../../../faults/fault.ts';
import type { ByteCursor } from './byteCursor.ts';
import { JsonGroup } from './jsonGroup.ts';

/** The metadata of a GGUF file; of a long list only the length is kept, under its key with `.length` behind it. */
export type Metadata = JsonGroup;

/** Longer texts, such as chat templates, are skipped. */
const LONGEST_TEXT = 1024;
/** Longer lists, such as the vocabulary, are only counted; shorter ones hold a figure per layer. */
const LONGEST_LIST = 1024;
const LONGEST_KEY = 65_535;
const DEEPEST = 4;

const [U8, I8, U16, I16, U32, I32, F32, BOOL, TEXT, LIST, U64, I64, F64] = Array.from({ length: 13 }, (_, index) => index);

/** Bytes of the types of fixed size. */
const SIZES: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

type Value = number | boolean | string | readonly Value[] | undefined;

function scalar(bytes: Buffer, type: number): number | boolean {
  switch (type) {
    case U8:
      return bytes.readUInt8();
    case I8:
      return bytes.readInt8();
    case U16:
      return bytes.readUInt16LE();
    case I16:
      return bytes.readInt16LE();
    case U32:
      return bytes.readUInt32LE();
    case I32:
      return bytes.readInt32LE();
    case F32:
      return bytes.readFloatLE();
    case U64:
      return Number(bytes.readBigUInt64LE());
    case I64:
      return Number(bytes.readBigInt64LE());
    case F64:
      return bytes.readDoubleLE();
    case BOOL:
      return bytes.readUInt8() !== 0;
    default:
      throw new Error(`no size was given for type ${type}`);
  }
}

/** Leaves out bytes of which there may be more than one chunk; each is paid for by the file, so a false length ends at its end. */
async function skip(cursor: ByteCursor, length: number): Promise<void> {
  if (!Number.isSafeInteger(length)) return cursor.fetch(length);
  if (cursor.holds(length)) return cursor.skip(length);
  cursor.skip(length);
  await cursor.fetch(0);
}

async function readText(cursor: ByteCursor): Promise<string | undefined> {
  await cursor.need(8);
  const length = cursor.u64();
  if (length > LONGEST_TEXT) {
    await skip(cursor, length);
    return undefined;
  }
  await cursor.need(length);
  return cursor.text(length);
}

async function skipTexts(cursor: ByteCursor, count: number): Promise<void> {
  for (let skipped = 0; skipped < count; skipped++) {
    if (!cursor.holds(8)) await cursor.fetch(8);
    const length = cursor.u64();
    if (cursor.holds(length)) cursor.skip(length);
    else await skip(cursor, length);
  }
}

interface Found {
  readonly value: Value;
  readonly length?: number;
}

async function readList(cursor: ByteCursor, where: string, depth: number): Promise<Found> {
  if (depth > DEEPEST) throw new Fault('invalid', 'nested too deep', { where, allowed: `at most ${DEEPEST} levels` });
  await cursor.need(12);
  const type = cursor.u32();
  const length = cursor.u64();
  const size = SIZES[type];
  if (length > LONGEST_LIST && (size !== undefined || type === TEXT)) {
    await (size === undefined ? skipTexts(cursor, length) : skip(cursor, length * size));
    return { value: undefined, length };
  }
  const values: Value[] = [];
  for (let index = 0; index < length; index++) {
    const { value } = await readValue(cursor, type, where, depth + 1);
    if (length <= LONGEST_LIST) values.push(value);
  }
  return { value: length <= LONGEST_LIST ? values : undefined, length };
}

async function readValue(cursor: ByteCursor, type: number, where: string, depth = 0): Promise<Found> {
  const size = SIZES[type];
  if (size !== undefined) {
    await cursor.need(size);
    return { value: scalar(cursor.bytes(size), type) };
  }
  if (type === TEXT) return { value: await readText(cursor) };
  if (type === LIST) return readList(cursor, where, depth);
  throw new Fault('invalid', 'no such type of value', { where, value: type, allowed: '0 to 12' });
}

/**
 * Reads the keys and values before the tensors of a GGUF file.
 *
 * @param file what faults call it
 * @throws Fault `invalid`: a type that does not exist, lists in lists beyond 4 levels, a key beyond 64 KiB, a key `__proto__`; `contradiction`: a key that
 * stands twice
 */
export async function readMetadata(cursor: ByteCursor, keyCount: number, file: string): Promise<Metadata> {
  const values = new Map<string, Value>();
  const seen = new Set<string>();
  for (let read = 0; read < keyCount; read++) {
    await cursor.need(8);
    const length = cursor.u64();
    if (length > LONGEST_KEY)
      throw new Fault('invalid', 'the length of a key', { where: file, value: length, allowed: `at most ${LONGEST_KEY}` });
    await cursor.need(length + 4);
    const key = cursor.text(length);
    const where = `${file}: ${key.slice(0, 100)}`;
    if (key === '__proto__') throw new Fault('invalid', 'a key that is not allowed', { where, value: key });
    if (seen.has(key)) throw new Fault('contradiction', 'a key stands twice', { where, value: key, allowed: 'each key once' });
    seen.add(key);
    const found = await readValue(cursor, cursor.u32(), where);
    values.set(key, found.value);
    if (found.length !== undefined) values.set(`${key}.length`, found.length);
  }
  return JsonGroup.of(Object.fromEntries(values), file);
}
