import { Fault } from '../../../faults/fault.ts';
import { readJson } from '../../shared/jsonDocument.ts';
import type { ByteSource } from '../fetch/byteSource.ts';
import { JsonGroup } from './jsonGroup.ts';

/** A tensor as a file stores it. */
export interface StoredTensor {
  readonly name: string;
  /** `BF16`, `F8_E4M3`, `I32` … in safetensors; a type such as `q4_k` in GGUF. */
  readonly dtype: string;
  /** Rows first. */
  readonly shape: readonly number[];
  readonly elements: number;
  readonly bytes: number;
}

/** Bits of one element. */
const DTYPE_BITS: Readonly<Record<string, number>> = {
  ...{ F4: 4, F6_E2M3: 6, F6_E3M2: 6 },
  ...{ BOOL: 8, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E5M2FNUZ: 8, F8_E4M3FNUZ: 8 },
  ...{ I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32, I64: 64, U64: 64, F64: 64, C64: 64 },
};

/** The format's own limit. */
const LARGEST_HEADER_BYTES = 100_000_000;
const MOST_DIMENSIONS = 16;
const LARGEST_OFFSET = Number.MAX_SAFE_INTEGER;

interface PlacedTensor extends StoredTensor {
  readonly begin: number;
}

function tensorOf(name: string, entry: JsonGroup): PlacedTensor {
  const dtype = entry.text('dtype');
  const bits = Object.hasOwn(DTYPE_BITS, dtype) ? DTYPE_BITS[dtype] : undefined;
  if (bits === undefined) throw entry.refused('dtype', Object.keys(DTYPE_BITS).join(', '));
  const shape = entry.wholes('shape', MOST_DIMENSIONS, LARGEST_OFFSET);
  const [begin = -1, end = -1, ...more] = entry.wholes('data_offsets', 2, LARGEST_OFFSET);
  const elements = shape.reduce((product, size) => product * size, 1);
  const bytes = (elements * bits) / 8;
  if (more.length > 0 || end < begin || end - begin !== bytes)
    throw entry.refused('data_offsets', `begin and end, ${bytes} bytes apart: ${dtype} of shape ${shape.join(' x ') || 'one element'}`);
  return { name, dtype, shape, elements, bytes, begin };
}

/** Tensors must cover the data behind the header without gap or overlap, to the last byte of the file. */
function checkCoverage(tensors: readonly PlacedTensor[], dataBytes: number, where: string): void {
  let end = 0;
  for (const { name, begin, bytes } of [...tensors].sort((a, b) => a.begin - b.begin || a.bytes - b.bytes)) {
    if (begin !== end)
      throw new Fault('invalid', 'tensors overlap or leave a gap', {
        where: `${where}: ${name}`,
        value: begin,
        allowed: `an offset of ${end}`,
      });
    end += bytes;
  }
  if (end !== dataBytes)
    throw new Fault('invalid', 'the file is not as long as its header says', {
      where,
      value: `${dataBytes} bytes of data`,
      allowed: `${end} bytes: it may be cut off`,
    });
}

/**
 * The tensors of a safetensors file, read from its header alone: eight bytes of length, then JSON.
 *
 * @throws Fault `invalid`: a header beyond 100 MB or the file, unknown types, shapes and offsets that do not fit each other or the file
 */
export async function readSafetensors(source: ByteSource): Promise<readonly StoredTensor[]> {
  const first = await source.read(0, 8);
  const headerBytes = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true));
  const most = Math.min(LARGEST_HEADER_BYTES, source.byteLength - 8);
  if (headerBytes < 2 || headerBytes > most)
    throw new Fault('invalid', 'not a safetensors header', {
      where: source.name,
      value: `${headerBytes} bytes`,
      allowed: `2 to ${most} bytes`,
    });
  const header = JsonGroup.of(
    readJson(await source.read(8, 8 + headerBytes), { name: source.name, mostBytes: LARGEST_HEADER_BYTES }),
    source.name,
  );
  const names = header.keys().filter((name) => name !== '__metadata__');
  const tensors = names.map((name) => tensorOf(name, header.group(name)));
  checkCoverage(tensors, source.byteLength - 8 - headerBytes, source.name);
  return tensors.map(({ begin: _, ...tensor }) => tensor);
}
