import { loadCatalog } from '../../src/catalog/index.ts';
import type { Layout } from '../../src/layout/layout.ts';
import { traffic } from '../../src/model/traffic.ts';
import { attentionOf, type BandTable } from '../../src/throughput/band.ts';
import type { CapacityQuestion } from '../../src/throughput/capacityQuestion.ts';
import { type Knowledge, knowledgeOf } from '../../src/throughput/knowledge.ts';
import { machineOf } from '../../src/throughput/machine.ts';
import type { Measurement } from '../../src/throughput/measurement.ts';
import type { Replica } from '../../src/throughput/replica.ts';

const catalog = loadCatalog();
const VENDORS = new Map(catalog.gpus.map(({ id, vendor }) => [id, vendor]));

export const TP8: Layout = { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 };

/** Shipped coefficients and bands with these measurements alone, all of the Kimi K2 family. */
export function knowing(measurements: readonly Measurement[], bands: BandTable = catalog.speed.bands): Knowledge {
  return knowledgeOf({ measurements, fits: catalog.speed.fits, bands }, VENDORS, 'kimi-k2');
}

/** Everything that ships, of one family. */
export function shipped(family = 'kimi-k2'): Knowledge {
  return knowledgeOf(catalog.speed, VENDORS, family);
}

/** K2.7-Code in INT4 on 8×H200, served by vLLM 0.16 in April 2026, with parts replaced. */
export function replica(
  more: Partial<Replica> & { readonly gpu?: string; readonly format?: string; readonly engine?: string } = {},
): Replica {
  const { gpu: gpuId = 'h200-sxm', format = 'int4', engine = 'vllm', ...rest } = more;
  const gpu = catalog.gpus.find(({ id }) => id === gpuId);
  const model = catalog.models.find(({ id }) => id === 'kimi-k2.7-code');
  const checkpoint = model?.checkpoints.find((each) => each.format === format);
  const layout = rest.layout ?? TP8;
  const machine = gpu && machineOf(gpu, format, layout, rest.kvCacheDtype === 'fp8' ? 1 : 2);
  if (!gpu || !model || !checkpoint || !machine) throw new Error(`the catalog lacks ${gpuId} or ${format}`);
  return {
    system: { vendor: gpu.vendor, gpu: gpu.id, engine, version: '0.16', format, family: 'kimi-k2' },
    asked: engine,
    engineVersion: '0.16.0',
    layout,
    kvCacheDtype: 'bf16',
    traffic: traffic(model, checkpoint),
    machine,
    batchTokens: 8192,
    asOf: '2026-04-22',
    calibration: null,
    ...rest,
  };
}

/** The band that a situation has in the shipped data, for the attention of the replica. */
export function shippedBand(
  of: Replica,
  quantity: 'tpot' | 'ttft' | 'outputTokensPerSecond',
  situation: keyof BandTable['latent']['tpot'],
) {
  return catalog.speed.bands[attentionOf(of.traffic)][quantity][situation];
}

/** A replica that 560,000 KV tokens let hold 64 sequences of 8,704. */
export function capacityQuestion(more: Partial<CapacityQuestion> = {}): CapacityQuestion {
  return {
    replica: replica(),
    gpuName: 'H200',
    kvTokens: 560_000,
    maxSequences: 1024,
    load: { inputTokens: 8192, outputTokens: 1024, reuse: 0 },
    maxTpotMs: null,
    knowledge: shipped(),
    ...more,
  };
}
