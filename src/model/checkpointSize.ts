import type { Checkpoint, Model } from './model.ts';
import { groupBytes, groupParameters, tensorGroups } from './tensors.ts';

/** Parameters and tensor bytes of a checkpoint. */
export interface CheckpointSize {
  /** Weights alone: neither group scales nor shape words nor stray buffers count as parameters. */
  readonly parameters: number;
  /** Tensor bytes without file headers and index. */
  readonly bytes: number;
}

/**
 * Size of a checkpoint: the sums over its tensor groups of `rows * columns * tensors * layers` and of their stored bytes, with the
 * bytes of its stray buffers; figures that are only stated stand in their place.
 *
 * @param model a catalog model
 * @param checkpoint one of its checkpoints
 * @returns parameters and bytes, exact; what the checkpoint omits is not in them
 * @example checkpointSize(k27, int4) // { parameters: 1026879376368, bytes: 595148192736 }
 */
export function checkpointSize({ architecture, statedParameters }: Model, checkpoint: Checkpoint): CheckpointSize {
  const groups = tensorGroups(architecture, checkpoint);
  const derived = groups.reduce((sum, group) => sum + groupBytes(group, architecture), checkpoint.stray?.bytes ?? 0);
  return {
    parameters: statedParameters?.value ?? groups.reduce((sum, group) => sum + groupParameters(group, architecture), 0),
    bytes: checkpoint.statedBytes ?? derived,
  };
}
