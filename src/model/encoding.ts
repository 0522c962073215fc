/** How the weights of one tensor are stored. */
export type EncodingId = 'bf16' | 'fp32' | 'fp8-block128' | 'int4-g32' | 'nvfp4' | 'mxfp4';

interface Encoding {
  /** Bits of one weight without its scales. */
  readonly bitsPerWeight: number;
  /** Rows and columns that share one scale; null where there is none. */
  readonly scaleBlock: readonly [rows: number, columns: number] | null;
  readonly scaleBytes: number;
  /** Bytes per tensor beside weights and scales. */
  readonly bytesPerTensor: number;
  /** Whether an engine keeps those per-tensor bytes on the GPU. */
  readonly tensorBytesLoaded: boolean;
}

/**
 * Storage by encoding. INT4 group 32 keeps two int32 shape words per matrix in the file and drops them at load;
 * NVFP4 keeps two fp32 scalars.
 */
export const ENCODINGS: Readonly<Record<EncodingId, Encoding>> = {
  bf16: { bitsPerWeight: 16, scaleBlock: null, scaleBytes: 0, bytesPerTensor: 0, tensorBytesLoaded: true },
  fp32: { bitsPerWeight: 32, scaleBlock: null, scaleBytes: 0, bytesPerTensor: 0, tensorBytesLoaded: true },
  'fp8-block128': { bitsPerWeight: 8, scaleBlock: [128, 128], scaleBytes: 4, bytesPerTensor: 0, tensorBytesLoaded: true },
  'int4-g32': { bitsPerWeight: 4, scaleBlock: [1, 32], scaleBytes: 2, bytesPerTensor: 8, tensorBytesLoaded: false },
  nvfp4: { bitsPerWeight: 4, scaleBlock: [1, 16], scaleBytes: 1, bytesPerTensor: 8, tensorBytesLoaded: true },
  mxfp4: { bitsPerWeight: 4, scaleBlock: [1, 32], scaleBytes: 1, bytesPerTensor: 0, tensorBytesLoaded: true },
};

/**
 * Scales of one matrix: `ceil(rows / blockRows) * ceil(columns / blockColumns)`.
 *
 * @returns a count; 0 for an encoding without scales
 */
export function scaleCount(encoding: EncodingId, rows: number, columns: number): number {
  const block = ENCODINGS[encoding].scaleBlock;
  return block ? Math.ceil(rows / block[0]) * Math.ceil(columns / block[1]) : 0;
}

/**
 * Bytes of one matrix on disk: `rows * columns * bits / 8 + scales * scaleBytes + bytesPerTensor`.
 *
 * @param rows output features
 * @param columns input features, along which groups run
 * @returns bytes
 * @example matrixBytes('int4-g32', 2048, 7168) // 7340032 + 917504 + 8
 */
export function matrixBytes(encoding: EncodingId, rows: number, columns: number): number {
  const { bitsPerWeight, scaleBytes, bytesPerTensor } = ENCODINGS[encoding];
  return (rows * columns * bitsPerWeight) / 8 + scaleCount(encoding, rows, columns) * scaleBytes + bytesPerTensor;
}
