import { type Deployment, expertTensorWays } from '../engine/deployment.ts';
import { type ExtraWeights, expertTileColumns, extraWeights } from '../engine/extraWeights.ts';
import { waysOf } from '../engine/spread.ts';
import type { Checkpoint, Model } from '../model/model.ts';
import { loadedBytesPerLayer, type Placement, type Split, tensorGroups } from '../model/tensors.ts';
import { occurrences, type Stage } from './stage.ts';

/** Loaded bytes of all tensors that share placement and split. */
interface ShardClass {
  readonly placement: Placement;
  readonly split: Split;
  readonly bytesPerLayer: number;
}

const classesByCheckpoint = new WeakMap<Checkpoint, readonly ShardClass[]>();

function shardClasses(model: Model, checkpoint: Checkpoint): readonly ShardClass[] {
  const known = classesByCheckpoint.get(checkpoint);
  if (known) return known;
  const classes = new Map<string, ShardClass>();
  for (const group of tensorGroups(model.architecture, checkpoint)) {
    const { placement, split } = group;
    const key = `${placement}/${split}`;
    const bytesPerLayer = (classes.get(key)?.bytesPerLayer ?? 0) + loadedBytesPerLayer(group);
    classes.set(key, { placement, split, bytesPerLayer });
  }
  const result = [...classes.values()];
  classesByCheckpoint.set(checkpoint, result);
  return result;
}

/** Bytes that an engine holds beside the tensors of the checkpoint. */
export interface ExtraBytes {
  readonly id: ExtraWeights;
  readonly label: string;
  readonly bytes: number;
  /** The arithmetic in mathjs syntax. */
  readonly formula: string;
}

/** `ceil(shard / tile) * tile / shard`: how much the padding of the expert kernel inflates a shard; 1 where it pads to no tile. */
export function expertPadding(deployment: Deployment): number {
  const tile = expertTileColumns(deployment);
  if (tile === 1) return 1;
  const shard = deployment.model.architecture.experts.expertFfnSize / expertTensorWays(deployment);
  return (Math.ceil(shard / tile) * tile) / shard;
}

function kvUpBytes({ model, layout }: Deployment, stage: Stage): Pick<ExtraBytes, 'bytes' | 'formula'> {
  const { heads, qkNopeHeadDim, valueHeadDim, kvLoraRank } = model.architecture.attention;
  const weights = heads * (qkNopeHeadDim + valueHeadDim) * kvLoraRank;
  return { bytes: (stage.layers * weights * 2) / layout.tp, formula: `${stage.layers} * ${weights} * 2 B / ${layout.tp}` };
}

const EXTRA_BYTES: Readonly<Record<ExtraWeights, (deployment: Deployment, stage: Stage) => Omit<ExtraBytes, 'id'>>> = {
  rotaryTable: ({ model }) => {
    const { maxContextTokens, attention } = model.architecture;
    return {
      label: 'rotary embedding table, fp32',
      bytes: maxContextTokens * attention.qkRopeHeadDim * 4,
      formula: `${maxContextTokens} * ${attention.qkRopeHeadDim} * 4 B`,
    };
  },
  kvUpCopies: (deployment, stage) => ({
    label: 'contiguous copies of the KV up-projection (W_UK, W_UV)',
    ...kvUpBytes(deployment, stage),
  }),
  kvUpBf16: (deployment, stage) => ({ label: 'bf16 copy of the FP8 KV up-projection', ...kvUpBytes(deployment, stage) }),
  expertIndexPlaceholders: (deployment, stage) => {
    const { experts, hiddenSize } = deployment.model.architecture;
    const local = Math.ceil(experts.experts / deployment.layout.ep);
    const columns = hiddenSize + experts.expertFfnSize / expertTensorWays(deployment);
    const layers = stage.layers - stage.denseLayers;
    return {
      label: 'index placeholders of Triton WNA16 experts, int32',
      bytes: layers * 2 * local * columns * 4,
      formula: `${layers} * 2 * ${local} * ${columns} * 4 B`,
    };
  },
};

/** Bytes on each GPU of a stage of what the engine keeps beside the checkpoint. */
export function extraBytes(deployment: Deployment, stage: Stage): ExtraBytes[] {
  return extraWeights(deployment).map((id) => ({ id, ...EXTRA_BYTES[id](deployment, stage) }));
}

/**
 * Bytes on one GPU of tensors that share placement and split: `bytesPerLayer * occurrences / ways`, experts times their kernel padding.
 *
 * @param bytesPerLayer loaded bytes per layer of the placement, before the split
 */
export function shardBytes(split: Split, bytesPerLayer: number, count: number, deployment: Deployment): number {
  const whole = bytesPerLayer * count;
  return (whole / waysOf(split, deployment).value) * (split === 'experts' ? expertPadding(deployment) : 1);
}

/**
 * Weights on one GPU of a stage: the sum of its shards and of what the engine keeps beside them.
 *
 * @returns bytes, exact up to the load noise that logs show
 */
export function stageWeightBytes(deployment: Deployment, stage: Stage): number {
  let bytes = 0;
  for (const { placement, split, bytesPerLayer } of shardClasses(deployment.model, deployment.checkpoint)) {
    bytes += shardBytes(split, bytesPerLayer, occurrences(placement, stage), deployment);
  }
  for (const extra of extraBytes(deployment, stage)) bytes += extra.bytes;
  return Math.ceil(bytes);
}
