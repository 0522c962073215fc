import { type Deployment, expertTensorWays } from '../engine/deployment.ts';
import { ENCODINGS, matrixBytes } from '../model/encoding.ts';
import type { Checkpoint, Model } from '../model/model.ts';
import { type Placement, type Split, type TensorGroup, tensorGroups } from '../model/tensors.ts';
import { splitWays } from './sharding.ts';
import { occurrences, type Stage } from './stage.ts';

/** Bytes of one tensor group that an engine puts on the GPU, per layer of its placement and before any split. */
export function loadedBytesPerLayer(group: TensorGroup): number {
  const { bytesPerTensor, tensorBytesLoaded } = ENCODINGS[group.encoding];
  const dropped = tensorBytesLoaded ? 0 : bytesPerTensor;
  return (matrixBytes(group.encoding, group.rows, group.columns) - dropped) * group.tensors;
}

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
  readonly id: string;
  readonly label: string;
  readonly bytes: number;
  /** The arithmetic in mathjs syntax. */
  readonly formula: string;
}

const MARLIN_TILE = 64;

/** `ceil(shard / 64) * 64 / shard`: how much Marlin's padding inflates an INT4 expert shard; 1 elsewhere. */
export function expertPadding(deployment: Deployment): number {
  const { checkpoint, gpu, release, model } = deployment;
  if (checkpoint.encoding !== 'int4-g32' || gpu.vendor !== 'nvidia' || release.engine.id !== 'vllm') return 1;
  const shard = model.architecture.experts.expertFfnSize / expertTensorWays(deployment);
  return (Math.ceil(shard / MARLIN_TILE) * MARLIN_TILE) / shard;
}

/**
 * What an engine keeps on each GPU of a stage beside the checkpoint: the rotary table, SGLang's copies of the KV up-projection and
 * its ROCm index placeholders, vLLM's bf16 copy of an FP8 KV up-projection.
 */
export function extraBytes(deployment: Deployment, stage: Stage): ExtraBytes[] {
  const { model, checkpoint, release, gpu, layout } = deployment;
  const { attention: a, experts: e, hiddenSize, maxContextTokens } = model.architecture;
  const extras: ExtraBytes[] = [
    {
      id: 'rotaryTable',
      label: 'rotary embedding table, fp32',
      bytes: maxContextTokens * a.qkRopeHeadDim * 4,
      formula: `${maxContextTokens} * ${a.qkRopeHeadDim} * 4 B`,
    },
  ];
  const kvUpWeights = a.heads * (a.qkNopeHeadDim + a.valueHeadDim) * a.kvLoraRank;
  const kvUpCopy = (id: string, label: string): ExtraBytes => ({
    id,
    label,
    bytes: (stage.layers * kvUpWeights * 2) / layout.tp,
    formula: `${stage.layers} * ${kvUpWeights} * 2 B / ${layout.tp}`,
  });
  if (release.engine.id === 'sglang') extras.push(kvUpCopy('kvUpCopies', 'contiguous copies of the KV up-projection (W_UK, W_UV)'));
  else if (checkpoint.encoding === 'fp8-block128') extras.push(kvUpCopy('kvUpBf16', 'bf16 copy of the FP8 KV up-projection'));
  if (release.engine.id === 'sglang' && gpu.vendor === 'amd' && checkpoint.encoding === 'int4-g32') {
    const local = Math.ceil(e.experts / layout.ep);
    const columns = hiddenSize + e.expertFfnSize / expertTensorWays(deployment);
    const layers = stage.layers - stage.denseLayers;
    extras.push({
      id: 'expertIndexPlaceholders',
      label: 'index placeholders of Triton WNA16 experts, int32',
      bytes: layers * 2 * local * columns * 4,
      formula: `${layers} * 2 * ${local} * ${columns} * 4 B`,
    });
  }
  return extras;
}

/**
 * Weights on one GPU of a stage: `sum(bytesPerLayer * occurrences / ways) + extras`, experts times their kernel padding.
 *
 * @returns bytes, exact up to the load noise of 0.03 to 0.3 GiB that logs show
 */
export function stageWeightBytes(deployment: Deployment, stage: Stage): number {
  const ways = splitWays(deployment);
  const padding = expertPadding(deployment);
  let bytes = 0;
  for (const { placement, split, bytesPerLayer } of shardClasses(deployment.model, deployment.checkpoint)) {
    bytes += ((bytesPerLayer * occurrences(placement, stage)) / ways[split]) * (split === 'experts' ? padding : 1);
  }
  for (const extra of extraBytes(deployment, stage)) bytes += extra.bytes;
  return Math.ceil(bytes);
}
