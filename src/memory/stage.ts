import type { Architecture, Layer } from '../model/architecture.ts';
import { layersOf } from '../model/layers.ts';
import { layersOfPlacement, type TensorGroup } from '../model/tensors.ts';

/** One pipeline stage: which decoder layers it holds, and whether it is an end of the pipeline. */
export interface Stage {
  readonly index: number;
  /** Its first layer, counted from 0. */
  readonly start: number;
  readonly layers: readonly Layer[];
  readonly first: boolean;
  readonly last: boolean;
}

/**
 * How engines cut layers into stages: equal parts, the remainder to the stages before the last.
 *
 * @returns layers per stage
 * @example stageSizes(61, 4) // [15, 15, 16, 15]
 */
export function stageSizes(layers: number, stages: number): number[] {
  const sizes = Array.from({ length: stages }, () => Math.floor(layers / stages));
  for (let extra = 0; extra < layers % stages; extra++) {
    const index = (stages - 2 - extra + stages) % stages;
    sizes[index] = (sizes[index] ?? 0) + 1;
  }
  return sizes;
}

const cut = new WeakMap<Architecture, Map<number, readonly Stage[]>>();

/** The stages of a model cut into `count` parts. */
export function stagesOf(architecture: Architecture, count: number): readonly Stage[] {
  const cuts = cut.get(architecture) ?? new Map<number, readonly Stage[]>();
  cut.set(architecture, cuts);
  const known = cuts.get(count);
  if (known) return known;
  const layers = layersOf(architecture);
  let start = 0;
  const stages = stageSizes(layers.length, count).map((size, index) => {
    const stage = { index, start, layers: layers.slice(start, start + size), first: index === 0, last: index === count - 1 };
    start += size;
    return stage;
  });
  cuts.set(count, stages);
  return stages;
}

/** How often a tensor group occurs on a stage: once at an end of the pipeline, or in each layer of its placement. */
export function occurrences(
  { placement, layers }: Pick<TensorGroup, 'placement' | 'layers'>,
  stage: Stage,
  architecture: Architecture,
): number {
  if (placement === 'first') return stage.first ? 1 : 0;
  if (placement === 'last') return stage.last ? 1 : 0;
  if (placement === 'draft') return stage.last ? (architecture.draft?.layers ?? 0) : 0;
  const end = stage.start + stage.layers.length;
  return (layers ?? layersOfPlacement(placement, architecture)).filter((layer) => layer >= stage.start && layer < end).length;
}
