import { type EncodingId, findEncoding } from '../../../model/encoding.ts';
import type { StoredTensor } from '../parse/safetensors.ts';

/** A weight with what belongs to it, as one module stores them. */
export interface StoredModule {
  readonly name: string;
  /** null where the way it is stored is not known. */
  readonly encoding: EncodingId | null;
  /** Weights, unpacked; scales do not count. */
  readonly parameters: number;
  readonly bytes: number;
}

type Parts = Map<string, StoredTensor>;

/** Endings of tensors that belong to a weight; the rest of the name is the module's. */
const ENDING =
  /[._](weight|weight_packed|weight_scale|weight_scale_inv|weight_scale_2|weight_shape|weight_global_scale|weight_zero_point|weight_g_idx|input_scale|input_global_scale|scale|scale_inv|qweight|qzeros|scales|g_idx|blocks|bias)$/;

/** Scales of the KV cache belong to no weight. */
const APART = /(?:^|\.)[kqv]v?_scale$/;

function rowsAndColumns({ shape }: StoredTensor): readonly [rows: number, columns: number] {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
}

const BLOCKS = [32, 64, 128, 256, 512];

function fp8(weight: StoredTensor, scale: StoredTensor | undefined): EncodingId | null {
  if (!scale || scale.shape.length === 0) return 'fp8-tensor';
  const [rows, columns] = rowsAndColumns(weight);
  const [down, across] = rowsAndColumns(scale);
  // One scale per row stands in a column, or in a list as long as the rows.
  if (rows > 1 && scale.elements === weight.elements / columns) return 'fp8-channel';
  const matrices = weight.shape.slice(0, -2).reduce((product, size) => product * size, 1);
  if (weight.shape.length > 2 && scale.elements === matrices) return 'fp8-tensor';
  const block = BLOCKS.find((size) => Math.ceil(rows / size) === down && Math.ceil(columns / size) === across);
  if (block !== undefined && scale.shape.length > 1) return `fp8-block${block}`;
  return scale.elements === 1 ? 'fp8-tensor' : null;
}

/** Four bits per weight in bytes: the type of the scales tells the two formats apart. */
function fp4(scale: StoredTensor | undefined): EncodingId | null {
  if (scale?.dtype === 'F8_E4M3') return 'nvfp4';
  return scale?.dtype === 'U8' || scale?.dtype === 'F8_E8M0' ? 'mxfp4' : null;
}

function grouped(kind: string, columns: number, groups: number): EncodingId | null {
  const id = `${kind}-g${columns / groups}`;
  return findEncoding(id) ? (id as EncodingId) : null;
}

/** Four-bit integers, eight to a word: packed along the rows' inputs, or along outputs (AWQ). */
function packedInt4(parts: Parts): { encoding: EncodingId | null; perElement: number } {
  const packed = parts.get('weight_packed');
  const scale = parts.get('weight_scale') ?? parts.get('scales');
  const q = parts.get('qweight');
  if (packed && scale) {
    const kind = parts.has('weight_zero_point') ? 'awq' : 'int4';
    return { encoding: grouped(kind, rowsAndColumns(packed)[1] * 8, rowsAndColumns(scale)[1]), perElement: 8 };
  }
  if (!q || !scale) return { encoding: null, perElement: 8 };
  const [rows, columns] = rowsAndColumns(q);
  const [groups, outputs] = rowsAndColumns(scale);
  if (columns * 8 === outputs) return { encoding: grouped('awq', rows, groups), perElement: 8 };
  return { encoding: columns === outputs ? grouped('gptq', rows * 8, groups) : null, perElement: 8 };
}

const PLAIN: Readonly<Record<string, EncodingId>> = { BF16: 'bf16', F16: 'bf16', F32: 'fp32' };

function read(weight: StoredTensor, parts: Parts): { encoding: EncodingId | null; perElement: number } {
  const scale = ['weight_scale', 'weight_scale_inv', 'scale', 'scale_inv', 'scales']
    .map((ending) => parts.get(ending))
    .find((part) => part !== undefined);
  const plain = Object.hasOwn(PLAIN, weight.dtype) ? PLAIN[weight.dtype] : undefined;
  if (plain) return { encoding: plain, perElement: 1 };
  if (weight.dtype.startsWith('F8_E')) return { encoding: fp8(weight, scale), perElement: 1 };
  if (weight.dtype === 'U8') return { encoding: fp4(scale), perElement: 2 };
  if (weight.dtype === 'I32') return packedInt4(parts);
  if (weight.dtype === 'I8') return { encoding: scale ? 'int8-channel' : null, perElement: 1 };
  return { encoding: null, perElement: 1 };
}

/** Tensors that belong together, as modules: the weight, and the scales, shapes and zero points that stand beside it. */
export function storedModules(tensors: readonly StoredTensor[]): StoredModule[] {
  const modules = new Map<string, Parts>();
  for (const tensor of tensors) {
    const [whole = '', ending = ''] = ENDING.exec(tensor.name) ?? [];
    const apart = ending === 'bias' || ending === '' || APART.test(tensor.name);
    const name = apart ? tensor.name : tensor.name.slice(0, -whole.length);
    const parts = modules.get(name) ?? new Map<string, StoredTensor>();
    modules.set(name, parts.set(apart ? 'weight' : ending, tensor));
  }
  return [...modules].map(([name, parts]) => {
    const bytes = [...parts.values()].reduce((sum, part) => sum + part.bytes, 0);
    const weight = parts.get('weight') ?? parts.get('weight_packed') ?? parts.get('qweight') ?? parts.get('blocks');
    if (!weight) return { name, encoding: null, parameters: 0, bytes };
    const { encoding, perElement } = read(weight, parts);
    return { name, encoding, parameters: weight.elements * perElement, bytes };
  });
}
