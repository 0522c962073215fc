import type { Architecture } from '../model/architecture.ts';
import type { Placement } from '../model/tensors.ts';

/** One pipeline stage: which layers it holds, and whether it is an end of the pipeline. */
export interface Stage {
  readonly index: number;
  readonly layers: number;
  readonly denseLayers: number;
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

/** The stages of a model cut into `count` parts. */
export function stagesOf({ layers, denseLayers }: Architecture, count: number): Stage[] {
  let start = 0;
  return stageSizes(layers, count).map((size, index) => {
    const dense = Math.max(0, Math.min(start + size, denseLayers) - start);
    start += size;
    return { index, layers: size, denseLayers: dense, first: index === 0, last: index === count - 1 };
  });
}

/** How often a placement occurs on a stage. */
export function occurrences(placement: Placement, stage: Stage): number {
  if (placement === 'first') return stage.first ? 1 : 0;
  if (placement === 'last') return stage.last ? 1 : 0;
  if (placement === 'dense-layers') return stage.denseLayers;
  return placement === 'expert-layers' ? stage.layers - stage.denseLayers : stage.layers;
}
