import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readStartupLog } from '../../../src/importers/startupLog/readStartupLog.ts';
import type { FigureName, LoggedFlags, StartOutcome, StartupLog } from '../../../src/importers/startupLog/startupLog.ts';

/** Real logs of public repositories; they are not part of the repository. */
const LOGS = fileURLToPath(new URL('../../../../shared/logs/', import.meta.url));

interface Row {
  readonly file: string;
  readonly engine: string;
  readonly version: string | null;
  readonly figures: Partial<Record<FigureName, number>>;
  readonly flags?: Partial<LoggedFlags>;
  readonly outcome: Partial<StartOutcome>;
  /** Ranks that state the weights. */
  readonly ranks?: number;
}

const MIB = 1 / 1024;

/** The table "Figures that a reader should extract" of the collection's README, in its order; memory in GiB. */
const TABLE: readonly Row[] = [
  {
    file: 'vllm-0.8.5-r1-distill-14b.log',
    engine: 'vllm',
    version: '0.8.5.post1',
    figures: { weights: 27.5916, kvTokens: 32_832, concurrency: 1, concurrencyTokens: 32_768, graphCapture: 0.7 },
    flags: { utilization: 0.9, tp: 1 },
    outcome: { kind: 'ready' },
  },
  {
    file: 'vllm-0.10.2-qwen3-30b-h100.log',
    engine: 'vllm',
    version: '0.10.2',
    figures: { weights: 56.9342, kvMemory: 8.68, kvTokens: 94_784, concurrency: 15.43, concurrencyTokens: 6_144, graphCapture: 0.69 },
    flags: { gpu: 'NVIDIA H100 80GB HBM3', dtype: 'bfloat16' },
    outcome: { kind: 'ready' },
  },
  {
    file: 'vllm-0.11.2-llama3-8b-h200.log',
    engine: 'vllm',
    version: '0.11.2',
    figures: { weights: 14.9596, kvMemory: 105.97, kvTokens: 868_080, concurrency: 847.73, concurrencyTokens: 1_024, graphCapture: -0.41 },
    flags: { maxNumBatchedTokens: 8192 },
    outcome: { kind: 'ready' },
  },
  {
    file: 'vllm-0.17.0-qwen2.5-7b-rocm.log',
    engine: 'vllm',
    version: '0.17.0',
    figures: { weights: 14.37, kvMemory: 41.81, kvTokens: 782_800, concurrency: 191.11, concurrencyTokens: 4_096, graphCapture: 3.19 },
    flags: { dtype: 'float16' },
    outcome: { kind: 'ready' },
  },
  {
    file: 'vllm-0.22.0-gptoss120b-h200-tp1.log',
    engine: 'vllm',
    version: '0.22.0',
    figures: { weights: 66.14, kvMemory: 57.24, kvTokens: 886_768, concurrency: 93.62, concurrencyTokens: 9_472, graphCapture: 0.97 },
    flags: { maxNumSeqs: 4, utilization: 0.9, quantization: 'gpt_oss_mxfp4' },
    outcome: { kind: 'ready' },
  },
  {
    file: 'vllm-0.22.1-gptoss120b-h200-tp8.log',
    engine: 'vllm',
    version: '0.22.1',
    figures: {
      weights: 8.66,
      kvMemory: 114.84,
      kvTokens: 13_251_688,
      concurrency: 6407.97,
      concurrencyTokens: 2_068,
      graphCapture: 1.01,
      graphEstimate: 1.01,
    },
    flags: { tp: 8, maxNumSeqs: 64, graphProfiling: true },
    outcome: { kind: 'ready' },
  },
  {
    file: 'vllm-fork-glm5.1-rtxpro6000-tp8-dcp1.log',
    engine: 'vllm',
    version: '0.20.2rc1.dev249+glmkimirebase20260514',
    figures: { weights: 55.67, kvMemory: 19.55, kvTokens: 341_504, concurrency: 1.68, concurrencyTokens: 202_752, graphCapture: 1.22 },
    flags: { utilization: 0.865, kvCacheDtype: 'fp8_ds_mla', tp: 8, dcp: 1, graphProfiling: false, quantization: 'modelopt_fp4' },
    outcome: { kind: 'ready' },
  },
  {
    file: 'vllm-0.25.1-qwen3.6-35b-nvfp4-spark.log',
    engine: 'vllm',
    version: '0.25.1',
    figures: { weights: 23.45, kvMemory: 74.22, kvTokens: 3_366_051, concurrency: 12.84, concurrencyTokens: 262_144, graphCapture: 0.73 },
    flags: { utilization: 0.85, speculativeMethod: 'mtp', draftTokens: 3 },
    outcome: { kind: 'ready' },
  },
  {
    file: 'vllm-0.25.1-laguna-int4-spark-refused.log',
    engine: 'vllm',
    version: '0.25.1',
    figures: { weights: 95.46, kvMemory: 8.72 },
    flags: { utilization: 0.89, maxModelLen: 262_144, draftModel: 'poolside/Laguna-S-2.1-DFlash-INT4' },
    outcome: { kind: 'refused', cause: 'one-request', needGiB: 18.35, availableGiB: 8.72, estimatedMaxTokens: 121_840 },
  },
  {
    file: 'sglang-0.5.8-kimi-k2.5-mi355x-tp8.log',
    engine: 'sglang',
    version: null,
    figures: { weights: 73.58, kvMemory: 160.63, kvTokens: 2_454_421, freeBeforeLoad: 283.56 },
    flags: { staticFraction: 0.826_040_585_937_5, tp: 8 },
    outcome: { kind: 'died', during: 'graph-capture', error: 'TypeError: cannot unpack non-iterable ForwardMetadata object' },
    ranks: 8,
  },
  {
    file: 'sglang-0.5.12-deepseek-r1-h200-tp8.log',
    engine: 'sglang',
    version: null,
    figures: { weights: 79.8, kvMemory: 33.32, kvTokens: 509_157, maxSequences: 512, graphCapture: 1.85 + 1.04, freeWhenReady: 18.61 },
    flags: { staticFraction: 0.82, gpu: 'NVIDIA H200', quantization: 'fp8' },
    outcome: { kind: 'ready' },
    ranks: 8,
  },
  {
    file: 'sglang-laguna-nvfp4-spark-killed.log',
    engine: 'sglang',
    version: null,
    figures: { weights: 93.16, draftWeights: 2.71, kvMemory: 2 * 1.81 + 2 * 0.76, kvTokens: 32_997 },
    flags: { staticFraction: 0.88 },
    outcome: { kind: 'died', during: 'graph-capture', error: null },
  },
  {
    file: 'sglang-npu-qwen3-480b-dp.log',
    engine: 'sglang',
    version: null,
    figures: { weights: 33.25, kvMemory: 2 * 4.64, kvTokens: 156_800, maxSequences: 24, freeWhenReady: 9.1 },
    flags: { staticFraction: 0.7, tp: 4, attentionDp: 4, dp: 1, ep: 16 },
    outcome: { kind: 'ready' },
    ranks: 8,
  },
  {
    file: 'trtllm-1.0.0rc1-llama2-70b-tp1.log',
    engine: 'tensorrt-llm',
    version: '1.0.0rc1',
    figures: {
      weights: 37_803 * MIB,
      kvMemory: 122.61,
      kvTokens: 803_520,
      freeBeforeKvCache: 136.23,
      total: 178.36,
      blocks: 25_110,
      blockTokens: 32,
    },
    flags: { quantization: 'nvfp4' },
    outcome: { kind: 'ready' },
  },
  {
    file: 'ik_llama-deepseek-v3-iq4-4090.log',
    engine: 'ik_llama.cpp',
    version: '3762',
    figures: { kvMemory: 1166.62 * MIB, kvTokens: 32_768, checkpoint: 386.183 },
    flags: { kvCacheDtype: 'q8_0', gpu: 'NVIDIA GeForce RTX 4090' },
    outcome: { kind: 'ready' },
  },
  {
    file: 'ik_llama-qwen3-235b-2x3090-oom.log',
    engine: 'ik_llama.cpp',
    version: '3728',
    figures: { kvMemory: 3196 * MIB, kvTokens: 32_768 },
    flags: { kvCacheDtype: 'q8_0', gpus: 2 },
    outcome: { kind: 'out-of-memory', where: 'compute-buffer', askedGiB: 360_757.13 * MIB },
  },
  {
    file: 'llamacpp-b8680-gemma4-metal.log',
    engine: 'llama.cpp',
    version: 'b8680',
    figures: { kvMemory: (1024 + 40) * MIB, kvTokens: 65_536, projected: 9379 * MIB, free: 12_123 * MIB },
    flags: { maxNumSeqs: 1, gpu: 'Apple M4' },
    outcome: { kind: 'ready' },
  },
];

describe.skipIf(!existsSync(LOGS))('the reader against real logs', () => {
  const logs = new Map<string, StartupLog>();

  beforeAll(async () => {
    for (const file of readdirSync(LOGS).filter((name) => name.endsWith('.log')))
      logs.set(file, await readStartupLog(createReadStream(LOGS + file), file));
  });

  const logOf = (file: string) => logs.get(file) as StartupLog;
  const buffersOf = (file: string) => logOf(file).buffers.map(({ device, use, gib }) => `${device} ${use} ${(gib / MIB).toFixed(2)}`);

  it('knows every log of the collection', () => {
    expect([...logs.keys()].sort()).toEqual(TABLE.map(({ file }) => file).sort());
  });

  it.each(TABLE)('$file', ({ file, engine, version, figures, flags = {}, outcome, ranks = 1 }) => {
    const log = logOf(file);
    expect({ engine: log.engine, version: log.version }).toEqual({ engine, version });
    for (const [name, value] of Object.entries(figures)) expect(log.figures[name as FigureName]?.value, name).toBeCloseTo(value, 9);
    expect(log.flags).toMatchObject(flags);
    expect(log.outcome).toMatchObject(outcome);
    if (log.figures.weights) expect(log.figures.weights.ranks).toBe(ranks);
  });

  it.each([...TABLE])('$file: no line that looks like memory is left unread', ({ file }) => {
    expect(logOf(file).unread).toEqual([]);
  });

  it('keeps the ends over ranks where they differ', () => {
    const { freeBeforeLoad } = logOf('sglang-0.5.12-deepseek-r1-h200-tp8.log').figures;
    expect(freeBeforeLoad).toMatchObject({ value: 138.02, low: 137.97, high: 138.2, ranks: 8 });
  });

  it('tells the pools of a sliding window and of a draft apart', () => {
    expect(
      logOf('sglang-laguna-nvfp4-spark-killed.log').pools.map(({ of, tokens, keyGiB, valueGiB }) => [of, tokens, keyGiB, valueGiB]),
    ).toEqual([
      ['window', 26_397, 1.81, 1.81],
      ['target', 32_997, 0.76, 0.76],
      ['draft', 32_997, 0.38, 0.38],
    ]);
  });

  it('works out the memory of the GPU from the graph estimate', () => {
    const { totalFromGraphEstimate } = logOf('vllm-fork-glm5.1-rtxpro6000-tp8-dcp1.log').figures;
    expect(Math.abs((totalFromGraphEstimate?.value ?? 0) - 94.97)).toBeLessThan(totalFromGraphEstimate?.rounding ?? 0);
  });

  it('reads the buffers of llama.cpp by device', () => {
    expect(buffersOf('ik_llama-deepseek-v3-iq4-4090.log')).toEqual(
      expect.arrayContaining(['CPU model 376768.00', 'CUDA0 model 17744.02', 'CUDA0 compute 3425.00', 'CUDA0 kv 1166.65']),
    );
    expect(buffersOf('ik_llama-qwen3-235b-2x3090-oom.log')).toEqual(
      expect.arrayContaining(['CUDA0 model 15831.98', 'CUDA1 model 3221.75', 'CPU model 89709.28']),
    );
    expect(buffersOf('llamacpp-b8680-gemma4-metal.log')).toEqual(
      expect.arrayContaining([
        'MTL0_Mapped model 7798.32',
        'CPU_Mapped model 680.00',
        'MTL0 compute 517.50',
        'CPU compute 140.02',
        'MTL0 vision 101.27',
        'CPU vision 6.77',
      ]),
    );
    expect(logOf('llamacpp-b8680-gemma4-metal.log').pools).toMatchObject([
      { tokens: 65_536, layers: 4, gib: 1 },
      { tokens: 1_024, layers: 20, gib: 40 * MIB },
    ]);
  });
});
