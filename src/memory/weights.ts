import type { Deployment } from '../engine/deployment.ts';
import { expertPadding } from '../engine/expertKernel.ts';
import { type ExtraWeights, extraWeights } from '../engine/extraWeights.ts';
import { waysOf } from '../engine/spread.ts';
import { statedScale } from '../model/checkpointSize.ts';
import { attentions } from '../model/layers.ts';
import type { MlaAttention } from '../model/mixer.ts';
import type { Checkpoint, Model } from '../model/model.ts';
import { loadedBytesPerLayer, type TensorGroup, tensorGroups } from '../model/tensors.ts';
import { eagleGroups } from './eagleDraft.ts';
import { occurrences, type Stage, stagesOf } from './stage.ts';

/** Loaded bytes of all tensors of a stage that are split alike. */
interface ShardClass extends Pick<TensorGroup, 'split' | 'kvHeads'> {
  readonly bytes: number;
  /** Loaded only where the built-in draft is asked for. */
  readonly draft: boolean;
}

function shardClasses(model: Model, checkpoint: Checkpoint, stage: Stage): readonly ShardClass[] {
  const scale = statedScale(model, checkpoint);
  const classes = new Map<string, ShardClass>();
  for (const group of tensorGroups(model.architecture, checkpoint)) {
    const count = occurrences(group, stage, model.architecture);
    if (count === 0) continue;
    const { split, kvHeads, placement } = group;
    const draft = placement === 'draft';
    const key = `${split}/${kvHeads ?? ''}/${draft}`;
    const bytes = (classes.get(key)?.bytes ?? 0) + loadedBytesPerLayer(group) * count * scale;
    classes.set(key, { split, ...(kvHeads === undefined ? {} : { kvHeads }), bytes, draft });
  }
  return [...classes.values()];
}

const known = new WeakMap<Checkpoint, Map<number, readonly (readonly ShardClass[])[]>>();

/** The shard classes of every stage, kept by checkpoint and number of stages. */
function classesByStage({ model, checkpoint, layout }: Deployment): readonly (readonly ShardClass[])[] {
  const byCount = known.get(checkpoint) ?? new Map<number, readonly (readonly ShardClass[])[]>();
  known.set(checkpoint, byCount);
  let stages = byCount.get(layout.pp);
  if (!stages) {
    stages = stagesOf(model.architecture, layout.pp).map((stage) => shardClasses(model, checkpoint, stage));
    byCount.set(layout.pp, stages);
  }
  return stages;
}

/** Bytes that an engine holds beside the tensors of the checkpoint. */
export interface ExtraBytes {
  readonly id: ExtraWeights;
  readonly label: string;
  readonly bytes: number;
  /** The arithmetic in mathjs syntax. */
  readonly formula: string;
}

/** Layers of a stage with latent attention, by the attention that they share. */
function latentLayers({ model }: Deployment, stage: Stage): { attention: MlaAttention; layers: number }[] {
  return Object.entries(model.architecture.mixers).flatMap(([name, mixer]) =>
    mixer.kind === 'mla' ? [{ attention: mixer, layers: stage.layers.filter((layer) => layer.mixer === name).length }] : [],
  );
}

function kvUpBytes(deployment: Deployment, stage: Stage): Pick<ExtraBytes, 'bytes' | 'formula'> {
  const { tp } = deployment.layout;
  const weights = latentLayers(deployment, stage).map(({ attention: { heads, qkNopeHeadDim, valueHeadDim, kvLoraRank }, layers }) => ({
    layers,
    each: heads * (qkNopeHeadDim + valueHeadDim) * kvLoraRank,
  }));
  return {
    bytes: weights.reduce((sum, { layers, each }) => sum + (layers * each * 2) / tp, 0),
    formula: weights.map(({ layers, each }) => `${layers} * ${each} * 2 B / ${tp}`).join(' + '),
  };
}

/** Bytes per position of the rotary tables, one to each width: fp32 over the rotary part of MLA, 16 bits over a head of grouped-query attention. */
function rotaryBytes({ model }: Deployment): number[] {
  const tables = attentions(model.architecture).map((attention) =>
    attention.kind === 'mla' ? attention.qkRopeHeadDim * 4 : attention.headDim * 2,
  );
  return [...new Set(tables)];
}

/** Key projections that an engine loads a second time, as value projections. */
function keysTwice({ model, layout }: Deployment, stage: Stage): Pick<ExtraBytes, 'bytes' | 'formula'> {
  const { mixers, hiddenSize } = model.architecture;
  const copies = Object.entries(mixers).flatMap(([name, mixer]) => {
    if (mixer.kind !== 'gqa' || !mixer.keysAreValues) return [];
    const layers = stage.layers.filter((layer) => layer.mixer === name).length;
    return [{ weights: layers * mixer.kvHeads * mixer.headDim * hiddenSize, ways: Math.min(layout.tp, mixer.kvHeads) }];
  });
  return {
    bytes: copies.reduce((sum, { weights, ways }) => sum + (weights * 2) / ways, 0),
    formula: copies.map(({ weights, ways }) => `${weights} * 2 B / ${ways}`).join(' + '),
  };
}

const EXTRA_BYTES: Readonly<Record<ExtraWeights, (deployment: Deployment, stage: Stage) => Omit<ExtraBytes, 'id'>>> = {
  rotaryTable: (deployment) => {
    const { maxContextTokens } = deployment.model.architecture;
    const tables = rotaryBytes(deployment);
    return {
      label: 'rotary embedding tables',
      bytes: maxContextTokens * tables.reduce((sum, bytes) => sum + bytes, 0),
      formula: `${maxContextTokens} * (${tables.join(' + ') || '0'}) B`,
    };
  },
  keysAsValues: (deployment, stage) => ({ label: 'keys that serve as values, loaded a second time', ...keysTwice(deployment, stage) }),
  kvUpCopies: (deployment, stage) => ({
    label: 'contiguous copies of the KV up-projection (W_UK, W_UV)',
    ...kvUpBytes(deployment, stage),
  }),
  kvUpBf16: (deployment, stage) => ({ label: 'bf16 copy of the quantised KV up-projection', ...kvUpBytes(deployment, stage) }),
  expertIndexPlaceholders: ({ model, layout }, stage) => {
    const { hiddenSize, experts } = model.architecture;
    const { experts: count = 0, expertFfnSize = 0 } = experts ?? {};
    const local = Math.ceil(count / layout.ep);
    const columns = hiddenSize + expertFfnSize / ((layout.tp * layout.attentionDp) / layout.ep);
    const layers = occurrences({ placement: 'expert-layers' }, stage, model.architecture);
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
 * Bytes on one GPU of tensors that are split alike: `bytes / ways`, experts times their kernel padding.
 *
 * @param bytes loaded bytes on the stage, before the split
 */
export function shardBytes(tensor: Pick<TensorGroup, 'split' | 'kvHeads'>, bytes: number, deployment: Deployment): number {
  return (bytes / waysOf(tensor, deployment).value) * (tensor.split === 'experts' ? expertPadding(deployment) : 1);
}

/** The tensor groups that a deployment loads: those of the checkpoint, its draft module only where it speculates, or an external draft. */
export function loadedGroups(deployment: Deployment): TensorGroup[] {
  const { model, checkpoint, draft } = deployment;
  const groups = tensorGroups(model.architecture, checkpoint).filter(({ placement }) => placement !== 'draft' || draft === 'mtp');
  return draft === 'eagle3' ? [...groups, ...eagleGroups(model.architecture)] : groups;
}

/**
 * Weights on one GPU of a stage: the sum of its shards, of what the engine keeps beside them, and of what a calibration adds.
 *
 * @returns bytes, exact up to the load noise that logs show
 */
export function stageWeightBytes(deployment: Deployment, stage: Stage): number {
  let bytes = deployment.calibration?.weightOffsetBytes ?? 0;
  for (const shard of classesByStage(deployment)[stage.index] ?? []) {
    if (!shard.draft || deployment.draft === 'mtp') bytes += shardBytes(shard, shard.bytes, deployment);
  }
  if (deployment.draft === 'eagle3' && stage.last) {
    for (const group of eagleGroups(deployment.model.architecture)) bytes += shardBytes(group, loadedBytesPerLayer(group), deployment);
  }
  for (const extra of extraBytes(deployment, stage)) bytes += extra.bytes;
  return Math.ceil(bytes);
}
