import type { Catalog } from '../../plan/catalog.ts';
import { witnessOf } from '../../plan/speed/witness.ts';
import { isConsistent, isSaturated } from '../../throughput/curve.ts';
import type { Witness } from '../../throughput/fitting/speedFit.ts';
import type { Measurement } from '../../throughput/measurement.ts';
import { formatNamed, gpuNamed, modelNamed } from '../observed/catalogNames.ts';
import type { ThroughputRow } from './throughputRow.ts';

const ENGINES: Readonly<Record<string, string>> = { trt: 'trtllm', 'tensorrt-llm': 'trtllm' };

/** Names of models in files of measurements that are no repository or alias: their geometry is that of another. */
const SAME_GEOMETRY: Readonly<Record<string, string>> = {
  'deepseek-v3.1-terminus': 'deepseek-v3',
  'deepseek-v3.1': 'deepseek-v3',
  'kimi-k2': 'kimi-k2-instruct',
  'zhipuai/glm-5': 'glm-5',
  'minimaxai/minimax-m2.5': 'minimax-m2.5',
};

/** Reads measurements of the catalog and of files as the model explains them. */
export class Witnesses {
  constructor(private readonly catalog: Catalog) {}

  /** All measurements of the catalog that the model can explain. */
  shipped(): Witness[] {
    return this.catalog.speed.measurements.map((row) => witnessOf(row, this.catalog)).filter((witness) => witness !== null);
  }

  /** A row of a file as a measurement of the catalog, or the reason why it is none. */
  observed(row: ThroughputRow): Witness | string {
    const { models, gpus, speed } = this.catalog;
    const contaminated = speed.contaminated[row.id];
    if (contaminated !== undefined) return contaminated;
    if (row.disaggregated) return 'prefill and decode on separate GPUs';
    if (!['none', 'unknown'].includes(row.speculation)) return `speculative decoding (${row.speculation})`;
    if (/(^|; )layout_mismatch/.test(row.notes)) return 'the layout that its source states contradicts the name of the run';
    if (/(^|; )wip\b/.test(row.notes)) return 'marked as work in progress by its source';
    const name = SAME_GEOMETRY[row.model.toLowerCase()] ?? row.model;
    const found = modelNamed(models, name);
    if (!found) return `model ${row.model} is not in the catalog`;
    const gpu = gpuNamed(gpus, row.gpu);
    if (!gpu) return `GPU ${row.gpu} is not in the catalog`;
    const format = measuredFormat(row.format, found.model.id, gpu.vendor, found.model.checkpoints);
    const { tp, attentionDp } = ways(row);
    if (tp * attentionDp * row.pp !== row.gpus) return `TP ${tp} × PP ${row.pp} × attention DP ${attentionDp} is not ${row.gpus} GPUs`;
    const { model } = found;
    const measurement: Measurement = {
      ...row,
      model: model.id,
      family: model.family,
      format,
      engine: ENGINES[row.engine] ?? row.engine,
      gpu: gpu.id,
      tp,
      attentionDp,
      ep: Math.min(row.ep, row.gpus),
      dcp: 1,
      prefillGpus: 0,
      source: row.id,
    };
    if (!isConsistent(measurement)) return 'rate, TTFT and TPOT contradict each other by more than 10 %';
    if (isSaturated(measurement)) return 'saturated: it waited longer for first tokens than for all others';
    return (
      witnessOf(measurement, this.catalog) ??
      `${model.name} in ${format || 'a format that is not stated'} on ${gpu.name} is not in the catalog`
    );
  }
}

/** `FP4` is a vendor's own variant; a format that is not stated is the one of the repository, or 16 bits. */
function measuredFormat(stated: string, model: string, vendor: string, checkpoints: readonly { readonly format: string }[]): string {
  const only = checkpoints.length === 1 ? checkpoints[0]?.format : undefined;
  if (only !== undefined && /^(fp4|mxfp4|fp8)?$/i.test(stated) && model.startsWith('gpt-oss')) return only;
  if (/^fp4$/i.test(stated)) return vendor === 'amd' ? 'mxfp4' : 'nvfp4';
  if (stated === '') return 'bf16';
  return formatNamed(stated) ?? stated.toLowerCase();
}

/** Attention DP as kplan counts it: engines state TP over all ranks, groups of which share their attention. */
function ways({ gpus, tp, attentionDp, pp }: ThroughputRow): { readonly tp: number; readonly attentionDp: number } {
  const ranks = tp ?? gpus / pp;
  const groups = attentionDp === true ? ranks : attentionDp;
  return groups > 1 ? { tp: Math.max(1, Math.floor(gpus / pp / groups)), attentionDp: groups } : { tp: ranks, attentionDp: 1 };
}
