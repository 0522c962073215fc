import { describe, expect, it } from 'vitest';
import { readText, valuesOf } from './read.ts';

const MIB = 1 / 1024;

describe('TensorRT-LLM', () => {
  it('with an engine file', async () => {
    const log = await readText(
      [
        '[TensorRT-LLM] TensorRT-LLM version: 0.17.0',
        '[TensorRT-LLM][INFO] MPI size: 2, MPI local size: 2, rank: 0',
        '[TensorRT-LLM][INFO] TRTGptModel maxSequenceLen: 4096',
        '[TensorRT-LLM][INFO] Loaded engine size: 6695 MiB',
        '[TensorRT-LLM][INFO] [MemUsageChange] Allocated 1.14 GB GPU memory for runtime buffers.',
        '[TensorRT-LLM][INFO] Memory usage when calculating max tokens in paged kv cache: total: 79.10 GiB, available: 70.48 GiB',
        '[TensorRT-LLM][INFO] Number of blocks in KV cache primary pool: 4060',
        '[TensorRT-LLM][INFO] Number of blocks in KV cache secondary pool: 0, onboard blocks to primary memory before reuse: true',
        '[TensorRT-LLM][INFO] Number of tokens per block: 64.',
        '[TensorRT-LLM][INFO] [MemUsageChange] Allocated 63.44 GiB for max tokens in paged KV cache (259840).',
        'INFO:     Application startup complete.',
      ].join('\n'),
    );
    expect(valuesOf(log)).toEqual({
      weights: 6695 * MIB,
      runtimeBuffers: 1.14,
      total: 79.1,
      freeBeforeKvCache: 70.48,
      blocks: 4060,
      blockTokens: 64,
      kvMemory: 63.44,
      kvTokens: 259_840,
    });
    expect(log).toMatchObject({ version: '0.17.0', flags: { gpus: 2, maxModelLen: 4096 }, outcome: { kind: 'ready' }, unread: [] });
  });

  it('with the PyTorch backend, which allocates a trial first', async () => {
    const log = await readText(
      [
        "[01/16/2026-06:20:00] [TRT-LLM] [I] LLM Args: model='acme/Tiny' tensor_parallel_size=8 pipeline_parallel_size=1 max_batch_size=64",
        '[01/16/2026-06:20:01] [TRT-LLM] [RANK 1] [I] Rank 1 uses 8.46 GB for model weights.',
        '[01/16/2026-06:20:01] [TRT-LLM] [RANK 0] [I] Rank 0 uses 8.50 GB for model weights.',
        '[TensorRT-LLM][INFO] [MemUsageChange] Allocated 0.56 GiB for max tokens in paged KV cache (8224).',
        '[01/16/2026-06:20:15] [TRT-LLM] [I] Memory dynamically allocated during inference (inside torch) in memory usage profiling: 0.85 GiB',
        '[01/16/2026-06:20:15] [TRT-LLM] [I] Memory used outside torch (e.g., NCCL and CUDA graphs) in memory usage profiling: 2.28 GiB',
        '[01/16/2026-06:20:17] [TRT-LLM] [I] Peak memory during memory usage profiling (torch + non-torch): 91.46 GiB, available KV cache memory when calculating max tokens: 41.11 GiB, fraction is set 0.85, kv size is 35136. device total memory 139.81 GiB, , tmp kv_mem 0.56 GiB',
        '[TensorRT-LLM][INFO] [MemUsageChange] Allocated 41.11 GiB for max tokens in paged KV cache (1256320).',
        '[01/16/2026-06:20:20] [TRT-LLM] [I] max_seq_len=131072, max_num_requests=64, max_num_tokens=8192, max_batch_size=64',
      ].join('\n'),
    );
    expect(valuesOf(log)).toEqual({
      weights: 8.5,
      activationPeak: 0.85,
      nonTorch: 2.28,
      freeBeforeKvCache: 41.11,
      kvBytesPerToken: 35_136,
      total: 139.81,
      kvMemory: 41.11,
      kvTokens: 1_256_320,
    });
    expect(log.figures.weights).toMatchObject({ ranks: 2, low: 8.46 });
    expect(log).toMatchObject({ model: 'acme/Tiny', flags: { tp: 8, maxModelLen: 131_072, maxNumSeqs: 64 } });
  });

  it('refuses a cache that holds no sequence', async () => {
    const text =
      '[TensorRT-LLM][ERROR] [TensorRT-LLM][ERROR] Assertion failed: maxTokensInPagedKvCache must be large enough to process at least 1 sequence to completion';
    expect((await readText(`[TensorRT-LLM] TensorRT-LLM version: 0.8.0\n${text}`)).outcome).toMatchObject({
      kind: 'refused',
      cause: 'one-request',
    });
  });
});
