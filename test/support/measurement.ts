import type { Measurement } from '../../src/throughput/measurement.ts';

/** A row like those of InferenceX on 8×H200; the latencies are absent unless given. */
export function measurement(more: Partial<Measurement> = {}): Measurement {
  return {
    id: 'row',
    family: 'kimi-k2',
    model: 'kimi-k2.5',
    format: 'int4',
    kvCacheDtype: '',
    engine: 'vllm',
    engineVersion: '0.16.0',
    gpu: 'h200-sxm',
    gpus: 8,
    tp: 8,
    pp: 1,
    ep: 1,
    attentionDp: 1,
    dcp: 1,
    prefillGpus: 0,
    speculation: 'none',
    inputTokens: 8192,
    outputTokens: 1024,
    concurrency: 4,
    reuse: 0,
    outputTokensPerSecond: null,
    ttftMs: null,
    tpotMs: null,
    statistic: 'median',
    date: '2026-03-27',
    source: 'test',
    ...more,
  };
}
