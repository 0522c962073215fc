import { encodingOfClass } from '../model/tensors.ts';
import { type Deployment, expertTensorWays } from './deployment.ts';

/** Multiples to which an expert kernel pads the two axes of a shard: the expert's FFN columns and the hidden size. */
export interface ExpertTile {
  readonly ffn: number;
  readonly hidden: number;
  /** Whether shards are padded as they are loaded, so that they may cut through quantisation groups. */
  readonly padsGroups: boolean;
}

const NO_TILE: ExpertTile = { ffn: 1, hidden: 1, padsGroups: false };

/**
 * The tile of the expert kernel: Marlin, vLLM's INT4 kernel on NVIDIA, pads shards to 64 columns; its MXFP4 kernels for gpt-oss pad
 * shards to 128 columns and the hidden size to 256.
 */
export function expertTile({ checkpoint, gpu, release }: Deployment): ExpertTile {
  if (release.engine.id !== 'vllm') return NO_TILE;
  const encoding = encodingOfClass(checkpoint, 'routed-experts');
  if (encoding.startsWith('int4-') && gpu.vendor === 'nvidia') return { ffn: 64, hidden: 1, padsGroups: false };
  return encoding === 'mxfp4' && checkpoint.activations === undefined ? { ffn: 128, hidden: 256, padsGroups: true } : NO_TILE;
}

function padded(size: number, tile: number): number {
  return (Math.ceil(size / tile) * tile) / size;
}

/** FFN columns of an expert that one rank computes. */
export function expertShard(deployment: Deployment): number {
  return (deployment.model.architecture.experts?.expertFfnSize ?? 0) / expertTensorWays(deployment);
}

/** `ceil(shard / tile) * tile / shard` over both axes: how much the padding of the expert kernel inflates a shard; 1 without experts. */
export function expertPadding(deployment: Deployment): number {
  const { experts, hiddenSize } = deployment.model.architecture;
  if (!experts) return 1;
  const tile = expertTile(deployment);
  return padded(expertShard(deployment), tile.ffn) * padded(experts.latentSize ?? hiddenSize, tile.hidden);
}
