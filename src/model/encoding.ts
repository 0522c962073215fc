/** How the weights of one tensor are stored. */
export type EncodingId =
  | 'bf16'
  | 'fp32'
  | 'fp8-tensor'
  | 'fp8-channel'
  | `fp8-block${number}`
  | 'int8-channel'
  | `int8-g${number}`
  | `int4-g${number}`
  | `awq-g${number}`
  | `gptq-g${number}`
  | 'nvfp4'
  | 'mxfp4'
  | `gguf:${string}`;

/** Bits of weights, scales and what else a format stores for one matrix. */
export interface Encoding {
  /** Bits of one weight without its scales; for GGUF types scales are inside. */
  readonly bitsPerWeight: number;
  /** Rows and columns that share one scale, 0 meaning all of them; null where there is none. */
  readonly scaleBlock: readonly [rows: number, columns: number] | null;
  /** Bytes of one scale, with the zero point that stands beside it. */
  readonly scaleBytes: number;
  /** Bytes per column of the input, such as GPTQ's group index. */
  readonly bytesPerColumn: number;
  /** Bytes per tensor beside weights and scales. */
  readonly bytesPerTensor: number;
  /** Whether an engine keeps those per-tensor bytes on the GPU. */
  readonly tensorBytesLoaded: boolean;
}

const PLAIN = { scaleBlock: null, scaleBytes: 0, bytesPerColumn: 0, bytesPerTensor: 0, tensorBytesLoaded: true } as const;

/** Bits per weight of GGUF types: `8 * block bytes / block weights`. */
const GGUF_BITS: Readonly<Record<string, number>> = {
  f32: 32,
  f16: 16,
  bf16: 16,
  q8_0: 8.5,
  q6_k: 6.5625,
  q5_k: 5.5,
  q5_1: 6,
  q5_0: 5.5,
  q4_k: 4.5,
  q4_1: 5,
  q4_0: 4.5,
  iq4_nl: 4.5,
  mxfp4: 4.25,
  iq4_xs: 4.25,
  q3_k: 3.4375,
  iq3_s: 3.4375,
  iq3_xxs: 3.0625,
  q2_k: 2.625,
  iq2_s: 2.5625,
  iq2_xs: 2.3125,
  iq2_xxs: 2.0625,
  tq2_0: 2.0625,
  iq1_m: 1.75,
  tq1_0: 1.6875,
  iq1_s: 1.5625,
};

const NAMED: Readonly<Record<string, Encoding>> = {
  bf16: { ...PLAIN, bitsPerWeight: 16 },
  fp32: { ...PLAIN, bitsPerWeight: 32 },
  'fp8-tensor': { ...PLAIN, bitsPerWeight: 8, bytesPerTensor: 8 },
  'fp8-channel': { ...PLAIN, bitsPerWeight: 8, scaleBlock: [1, 0], scaleBytes: 2 },
  'int8-channel': { ...PLAIN, bitsPerWeight: 8, scaleBlock: [1, 0], scaleBytes: 2 },
  nvfp4: { ...PLAIN, bitsPerWeight: 4, scaleBlock: [1, 16], scaleBytes: 1, bytesPerTensor: 8 },
  mxfp4: { ...PLAIN, bitsPerWeight: 4, scaleBlock: [1, 32], scaleBytes: 1 },
};

const GROUPED: Readonly<Record<string, (size: number) => Encoding>> = {
  'fp8-block': (size) => ({ ...PLAIN, bitsPerWeight: 8, scaleBlock: [size, size], scaleBytes: 4 }),
  'int8-g': (size) => ({ ...PLAIN, bitsPerWeight: 8, scaleBlock: [1, size], scaleBytes: 2, bytesPerTensor: 8, tensorBytesLoaded: false }),
  'int4-g': (size) => ({ ...PLAIN, bitsPerWeight: 4, scaleBlock: [1, size], scaleBytes: 2, bytesPerTensor: 8, tensorBytesLoaded: false }),
  'awq-g': (size) => ({ ...PLAIN, bitsPerWeight: 4, scaleBlock: [1, size], scaleBytes: 2.5 }),
  'gptq-g': (size) => ({ ...PLAIN, bitsPerWeight: 4, scaleBlock: [1, size], scaleBytes: 2.5, bytesPerColumn: 4 }),
};

const known = new Map<string, Encoding | null>();

function read(id: string): Encoding | null {
  const named = NAMED[id];
  if (named && Object.hasOwn(NAMED, id)) return named;
  if (id.startsWith('gguf:')) {
    const type = id.slice(5);
    return Object.hasOwn(GGUF_BITS, type) ? { ...PLAIN, bitsPerWeight: GGUF_BITS[type] ?? 0 } : null;
  }
  const [, kind = '', size = ''] = /^([a-z0-9]+-(?:block|g))([1-9]\d{0,4})$/.exec(id) ?? [];
  return Object.hasOwn(GROUPED, kind) ? (GROUPED[kind]?.(Number(size)) ?? null) : null;
}

/** The encoding of a name, or null where there is none of that name. */
export function findEncoding(id: string): Encoding | null {
  let found = known.get(id);
  if (found === undefined) {
    found = read(id);
    known.set(id, found);
  }
  return found;
}

/**
 * Storage by encoding. Compressed-tensors INT4 keeps two int32 shape words per matrix in the file and drops them at load; NVFP4 keeps
 * two fp32 scalars; AWQ and GPTQ keep a 4-bit zero point beside each bf16 scale, GPTQ an int32 group index per input column.
 *
 * @example encodingOf('int4-g128').scaleBlock // [1, 128]
 */
export function encodingOf(id: EncodingId): Encoding {
  const encoding = findEncoding(id);
  if (!encoding) throw new Error(`no encoding ${id}: the schema must have refused it`);
  return encoding;
}

/** Columns that share one scale, along which a split must not cut; 1 where there is none or it covers whole rows. */
export function scaleGroup(id: EncodingId): number {
  return encodingOf(id).scaleBlock?.[1] || 1;
}

/**
 * Scales of one matrix: `ceil(rows / blockRows) * ceil(columns / blockColumns)`.
 *
 * @returns a count; 0 for an encoding without scales
 * @example scaleCount('fp8-block128', 576, 7168) // 280
 */
export function scaleCount(id: EncodingId, rows: number, columns: number): number {
  const block = encodingOf(id).scaleBlock;
  return block ? Math.ceil(rows / (block[0] || rows)) * Math.ceil(columns / (block[1] || columns)) : 0;
}

/**
 * Bytes of one matrix on disk: `rows * columns * bits / 8 + scales * scaleBytes + columns * bytesPerColumn + bytesPerTensor`.
 *
 * @param rows output features
 * @param columns input features, along which groups run
 * @returns bytes
 * @example matrixBytes('int4-g32', 2048, 7168) // 7340032 + 917504 + 8
 */
export function matrixBytes(id: EncodingId, rows: number, columns: number): number {
  const { bitsPerWeight, scaleBytes, bytesPerColumn, bytesPerTensor } = encodingOf(id);
  return (rows * columns * bitsPerWeight) / 8 + scaleCount(id, rows, columns) * scaleBytes + columns * bytesPerColumn + bytesPerTensor;
}
