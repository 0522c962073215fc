import type { Architecture } from '../../src/model/architecture.ts';
import { scaleCount } from '../../src/model/encoding.ts';
import type { Checkpoint, StoredType } from '../../src/model/model.ts';
import { groupLayers, groupParameters, tensorGroups } from '../../src/model/tensors.ts';

type Counts = Partial<Record<StoredType, number>>;

/** The type in which safetensors hold the weights of an encoding, and that of its scales. */
const TYPES: readonly (readonly [encoding: RegExp, weights: StoredType, scales: StoredType])[] = [
  [/^bf16$/, 'BF16', 'BF16'],
  [/^fp32$/, 'F32', 'F32'],
  [/^fp8-block/, 'F8_E4M3', 'F32'],
  [/^fp8-/, 'F8_E4M3', 'BF16'],
  [/^int4-g/, 'I32', 'BF16'],
  [/^nvfp4$/, 'U8', 'F8_E4M3'],
  [/^mxfp4$/, 'U8', 'U8'],
];

/** Elements of a checkpoint by type, packed weights one by one: the weights, and the scales of quantised ones. */
export function storedElements(architecture: Architecture, checkpoint: Checkpoint): { weights: Counts; scales: Counts } {
  const weights: Counts = {};
  const scales: Counts = {};
  const add = (counts: Counts, type: StoredType, count: number) => {
    counts[type] = (counts[type] ?? 0) + count;
  };
  for (const group of tensorGroups(architecture, checkpoint)) {
    const [, weightType, scaleType] = TYPES.find(([pattern]) => pattern.test(group.encoding)) ?? [];
    if (!weightType || !scaleType) throw new Error(`no safetensors type for ${group.encoding}`);
    add(weights, weightType, groupParameters(group, architecture));
    const tensors = group.tensors * groupLayers(group, architecture);
    add(scales, scaleType, scaleCount(group.encoding, group.rows, group.columns) * tensors);
  }
  return { weights, scales };
}
