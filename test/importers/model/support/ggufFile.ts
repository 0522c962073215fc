/** A value of GGUF metadata, as its type and bytes. */
type Written = readonly [type: number, bytes: Buffer];

export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function ggufText(text: string): Buffer {
  return Buffer.concat([u64(Buffer.byteLength(text)), Buffer.from(text)]);
}

function written(value: unknown): Written {
  if (typeof value === 'number') return [4, u32(value)];
  if (typeof value === 'boolean') return [7, Buffer.from([value ? 1 : 0])];
  if (typeof value === 'string') return [8, ggufText(value)];
  const items = (value as unknown[]).map(written);
  return [9, Buffer.concat([u32(items[0]?.[0] ?? 4), u64(items.length), ...items.map(([, bytes]) => bytes)])];
}

export interface GgufTensor {
  readonly name: string;
  /** Rows first. */
  readonly shape: readonly number[];
  readonly type: number;
}

/** Blocks of the types that tests use: weights and bytes. */
const BLOCKS: Readonly<Record<number, readonly [number, number]>> = {
  0: [1, 4],
  1: [1, 2],
  8: [32, 34],
  12: [256, 144],
  14: [256, 210],
  30: [1, 2],
};

export function ggufTensorBytes({ shape, type }: GgufTensor): number {
  const [weights, bytes] = BLOCKS[type] ?? [1, 1];
  return (shape.reduce((product, size) => product * size, 1) / weights) * bytes;
}

/** A GGUF file whose data are zeros. */
export function ggufFile(metadata: Readonly<Record<string, unknown>>, tensors: readonly GgufTensor[] = []): Buffer {
  const keys = Object.entries(metadata).map(([key, value]) => {
    const [type, bytes] = written(value);
    return Buffer.concat([ggufText(key), u32(type), bytes]);
  });
  let offset = 0;
  const infos = tensors.map((tensor) => {
    const dimensions = [...tensor.shape].reverse();
    const info = Buffer.concat([ggufText(tensor.name), u32(dimensions.length), ...dimensions.map(u64), u32(tensor.type), u64(offset)]);
    offset += Math.ceil(ggufTensorBytes(tensor) / 32) * 32;
    return info;
  });
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(keys.length), ...keys, ...infos]);
  return Buffer.concat([head, Buffer.alloc((32 - (head.length % 32)) % 32), Buffer.alloc(offset)]);
}
