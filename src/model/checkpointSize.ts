import type { Checkpoint, Model } from './model.ts';
import { groupBytes, groupParameters, tensorGroups } from './tensors.ts';

/** Parameters and tensor bytes of a checkpoint. */
export interface CheckpointSize {
  /** Weights alone: neither group scales nor shape words nor stray buffers count as parameters. */
  readonly parameters: number;
  /** Tensor bytes without file headers and index. */
  readonly bytes: number;
}

function derivedBytes({ architecture }: Pick<Model, 'architecture'>, checkpoint: Checkpoint): number {
  return tensorGroups(architecture, checkpoint).reduce((sum, group) => sum + groupBytes(group, architecture), 0);
}

/**
 * Size of a checkpoint: the sums over its tensor groups of `rows * columns * tensors * layers` and of their stored bytes, with the
 * bytes of its stray buffers; a total that is only stated stands in their place.
 *
 * @param model a catalog model
 * @param checkpoint one of its checkpoints
 * @returns parameters and bytes, exact; what the checkpoint omits is not in them
 * @example checkpointSize(k27, int4) // { parameters: 1026879376368, bytes: 595148192736 }
 */
export function checkpointSize(model: Pick<Model, 'architecture'>, checkpoint: Checkpoint): CheckpointSize {
  const { architecture } = model;
  return {
    parameters: tensorGroups(architecture, checkpoint).reduce((sum, group) => sum + groupParameters(group, architecture), 0),
    bytes: checkpoint.statedBytes ?? derivedBytes(model, checkpoint) + (checkpoint.stray?.bytes ?? 0),
  };
}

/**
 * By how much the tensors of a checkpoint outweigh what its shapes and encodings come to: 1, or `stated / derived` where the bytes of
 * the files are stated.
 */
export function statedScale(model: Pick<Model, 'architecture'>, checkpoint: Checkpoint): number {
  if (checkpoint.statedBytes === undefined) return 1;
  return (checkpoint.statedBytes - (checkpoint.stray?.bytes ?? 0)) / derivedBytes(model, checkpoint);
}
