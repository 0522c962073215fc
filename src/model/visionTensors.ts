import { matrix, type Part } from './part.ts';
import type { Split } from './tensors.ts';
import type { MoonVit, StatedVision, VisionEncoder } from './vision.ts';

const part = (id: string, label: string, split: Split, rows: number, columns: number, tensors = 1): Part =>
  matrix(id, label, 'vision', split, [rows, columns, tensors]);

function moonVitParts({ layers, hiddenSize: h, ffnSize, patchSize, positionGrid, mergeSize }: MoonVit, hiddenSize: number): Part[] {
  const merged = h * mergeSize ** 2;
  return [
    part('visionQkv', 'vision qkv', 'vision', 3 * h, h, layers),
    part('visionOutput', 'vision attention output', 'vision', h, h, layers),
    part('visionFfnUp', 'vision FFN up', 'vision', ffnSize, h, layers),
    part('visionFfnDown', 'vision FFN down', 'vision', h, ffnSize, layers),
    part('visionBiases', 'vision biases', 'replicated', 1, 3 * h + h + ffnSize + h, layers),
    part('visionNorms', 'vision layer norms', 'replicated', 1, 4 * h, layers),
    part('visionPatch', 'vision patch embedding', 'replicated', h, 3 * patchSize ** 2 + 1),
    part('visionPositions', 'vision positions', 'replicated', positionGrid ** 2, h),
    part('visionFinalNorm', 'vision final norm', 'replicated', 1, 2 * h),
    part('projectorNorm', 'projector norm', 'replicated', 1, 2 * h),
    part('projectorMerge', 'projector, merge', 'replicated', merged, merged + 1),
    part('projectorOutput', 'projector, output', 'replicated', hiddenSize, merged + 1),
  ];
}

function statedParts({ parameters, splitParameters }: StatedVision): Part[] {
  return [
    part('visionMatrices', 'vision matrices', 'vision', 1, splitParameters),
    part('visionRest', 'vision, the rest', 'replicated', 1, parameters - splitParameters),
  ].filter(({ columns }) => columns > 0);
}

/** Tensors of the vision tower and its projector. */
export function visionParts(vision: VisionEncoder, hiddenSize: number): Part[] {
  return vision.kind === 'moonvit' ? moonVitParts(vision, hiddenSize) : statedParts(vision);
}
