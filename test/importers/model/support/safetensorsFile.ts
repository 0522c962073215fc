/** A tensor of a test file. */
export interface TestTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

const BITS: Readonly<Record<string, number>> = { BF16: 16, F16: 16, F32: 32, F8_E4M3: 8, U8: 8, I8: 8, I32: 32, F8_E8M0: 8 };

export function tensorBytes({ dtype, shape }: TestTensor): number {
  return (shape.reduce((product, size) => product * size, 1) * (BITS[dtype] ?? 0)) / 8;
}

export function totalBytes(tensors: readonly TestTensor[]): number {
  return tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
}

/** The header of a safetensors file as any text, with a true length before it. */
export function headerBytes(header: unknown): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text]);
}

/** A safetensors file of zeros. */
export function safetensorsFile(tensors: readonly TestTensor[]): Buffer {
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const tensor of tensors) {
    const end = at + tensorBytes(tensor);
    header[tensor.name] = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [at, end] };
    at = end;
  }
  return Buffer.concat([headerBytes(header), Buffer.alloc(at)]);
}
