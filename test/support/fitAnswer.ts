import type { FitAnswer, FitResult } from '../../src/plan/fit/fitAnswer.ts';

const a100x8: FitResult = {
  key: 'a100-80-sxm/8/tp8',
  gpu: 'a100-80-sxm',
  gpuName: 'A100 80GB SXM',
  gpus: 8,
  nodes: 1,
  engine: 'vllm',
  engineVersion: '0.25.0',
  layout: { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 },
  format: 'int4',
  kvCacheDtype: 'bf16',
  contextTokens: 131_072,
  verdict: 'does-not-fit',
  binding: {
    code: 'kv-memory',
    message: 'one sequence of 131,072 tokens needs 8.58 GiB of KV cache; at most 0.0 GiB are left',
    source: 'gpus/a100-80-sxm#torch',
  },
  remedy: { code: 'more-gpus', message: '16 GPUs as TP8×PP2 hold it', change: { gpus: 16, pp: 2 }, verdict: 'fits' },
  notes: ['Marlin kernels run INT4 weights on A100.'],
  weightBytesPerGpu: 76_472_616_928,
  budgetBytesPerGpu: 78_174_000_000,
  overheadBytesPerGpu: { low: 1_825_361_100, value: 4_724_464_025, high: 8_482_560_409, basis: 'measured' },
  kvMemoryBytesPerGpu: { low: -6_781_177_337, value: -3_023_080_953, high: -123_978_028, basis: 'measured' },
  kvBytesPerToken: 70_272,
  kvTokens: { low: 0, value: 0, high: 0, basis: 'measured' },
  sequences: { low: 0, value: 0, high: 0, basis: 'measured' },
  rules: [{ rule: 'tp-divides-heads', outcome: 'pass', message: '64 heads over 8 ranks', source: 'vllm/config/model.py' }],
  terms: [
    { kind: 'input', id: 'weights', label: 'weights on one GPU', unit: 'B', value: 76_472_616_928, source: 'models/kimi-k2.7-code' },
    { kind: 'input', id: 'budget', label: 'memory that vLLM may use', unit: 'B', value: 78_174_000_000, source: 'gpus/a100-80-sxm#torch' },
    { kind: 'formula', id: 'left', label: 'budget less weights', unit: 'B', value: 1_701_383_072, formula: 'budget - weights' },
  ],
};

const invalid: FitResult = {
  ...a100x8,
  key: 'a100-80-sxm/8/tp1-ep8',
  layout: { ...a100x8.layout, tp: 1, ep: 8 },
  verdict: 'invalid',
  binding: { code: 'ep-exceeds-ranks', message: 'expert parallelism of 8 needs 8 ranks in a stage', source: 'vllm/config/parallel.py' },
  remedy: null,
  notes: [],
  weightBytesPerGpu: null,
  budgetBytesPerGpu: null,
  overheadBytesPerGpu: null,
  kvMemoryBytesPerGpu: null,
  kvBytesPerToken: null,
  kvTokens: null,
  sequences: null,
};

const a100x16: FitResult = {
  ...a100x8,
  key: 'a100-80-sxm/16/tp8-pp2',
  gpus: 16,
  nodes: 2,
  layout: { ...a100x8.layout, pp: 2 },
  verdict: 'fits',
  binding: { code: 'kv-memory', message: 'KV memory holds 7 to 9 sequences', source: 'gpus/a100-80-sxm#torch' },
  remedy: null,
  weightBytesPerGpu: 39_000_000_000,
  kvMemoryBytesPerGpu: { low: 30_691_439_591, value: 34_449_535_975, high: 37_348_638_900, basis: 'measured' },
  kvTokens: { low: 873_504, value: 980_464, high: 1_062_976, basis: 'measured' },
  sequences: { low: 6.66, value: 7.48, high: 8.1, basis: 'measured' },
};

/** Kimi-K2.7-Code on A100: eight do not hold it, sixteen do. */
export const fitAnswer: FitAnswer = {
  schema: 'kplan/fit@1',
  query: { model: 'kimi-k2.7-code', gpu: ['a100-80-sxm'], contextTokens: 131_072 },
  answer: 'Kimi-K2.7-Code does not fit on 8× A100 80GB SXM at 131,072 tokens; it fits on 16 as TP8×PP2.',
  results: [a100x8, invalid, a100x16],
  assumptions: [{ code: 'engine-default', text: 'vLLM 0.25.0 with its default memory fraction of 0.92', source: 'kplan' }],
  warnings: [],
  sources: { 'gpus/a100-80-sxm#torch': { ref: 'vLLM start-up log of 2026-04-02', date: '2026-04-02', kind: 'measured' } },
  dataAge: { asOf: '2026-11-22', oldestPrice: null, oldestMeasurement: null },
};

/** The same question for a range of contexts. */
export const contextAnswer: FitAnswer = {
  ...fitAnswer,
  contextMap: [65_536, 131_072].flatMap((contextTokens) =>
    (['bf16', 'fp8'] as const).map((kvCacheDtype) => ({
      gpu: 'a100-80-sxm',
      gpus: 16,
      layout: a100x16.layout,
      contextTokens,
      kvCacheDtype,
      verdict: kvCacheDtype === 'fp8' ? ('invalid' as const) : ('fits' as const),
      sequences:
        kvCacheDtype === 'fp8'
          ? null
          : { low: 873_504 / contextTokens, value: 980_464 / contextTokens, high: 1_062_976 / contextTokens, basis: 'measured' as const },
    })),
  ),
};
