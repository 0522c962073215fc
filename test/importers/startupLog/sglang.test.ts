import { describe, expect, it } from 'vitest';
import { readText, valuesOf } from './read.ts';

const at = (rank: string, text: string) => `[2026-03-01 10:00:00${rank === '' ? '' : ` ${rank}`}] ${text}`;

describe('SGLang', () => {
  it('says its flags in one line; under DP attention its tp counts the ranks of all groups', async () => {
    const { engine, model, flags } = await readText(
      at(
        '',
        "server_args=ServerArgs(model_path='acme/Tiny-MoE', dtype='auto', quantization='fp8', kv_cache_dtype='fp8_e4m3', mem_fraction_static=0.83, max_running_requests=None, chunked_prefill_size=4096, tp_size=16, pp_size=1, dp_size=8, ep_size=16, enable_dp_attention=True, context_length=32768, mm_enable_dp_encoder=True, disable_cuda_graph=True, speculative_algorithm='EAGLE', speculative_draft_model_path='acme/Draft')",
      ),
    );
    expect({ engine, model }).toEqual({ engine: 'sglang', model: 'acme/Tiny-MoE' });
    expect(flags).toEqual({
      quantization: 'fp8',
      kvCacheDtype: 'fp8_e4m3',
      staticFraction: 0.83,
      maxNumBatchedTokens: 4096,
      tp: 2,
      pp: 1,
      dp: 1,
      attentionDp: 8,
      ep: 16,
      maxModelLen: 32_768,
      mmEncoder: 'data',
      enforceEager: true,
      speculativeMethod: 'EAGLE',
      draftModel: 'acme/Draft',
    });
  });

  it('0.4: weights from what is free before and after, the cache without a count', async () => {
    const log = await readText(
      [
        at('TP0', 'Load weight begin. avail mem=78.50 GB'),
        at('TP0', 'Load weight end. type=TinyForCausalLM, dtype=torch.bfloat16, avail mem=63.25 GB'),
        at('TP0', 'KV Cache is allocated. K size: 2.82 GB, V size: 2.82 GB.'),
        at('TP0', 'Memory pool end. avail mem=1.68 GB'),
      ].join('\n'),
    );
    expect(valuesOf(log)).toEqual({
      freeBeforeLoad: 78.5,
      weights: 15.25,
      freeAfterWeights: 63.25,
      kvMemory: 5.64,
      freeAfterKvCache: 1.68,
    });
    expect(log.flags.architecture).toBe('TinyForCausalLM');
  });

  it('0.5: parts by rank, graphs in phases, tokens when ready', async () => {
    const rank = (tp: number, free: number) => [
      at(`TP${tp}`, 'Init torch distributed ends. elapsed=1.00 s, mem usage=1.25 GB'),
      at(`TP${tp}`, `Load weight begin. avail mem=${free} GB`),
      at(`TP${tp}`, 'Load weight end. elapsed=9.00 s, type=Tiny, quant=fp8, avail mem=60.00 GB, mem usage=20.00 GB.'),
      at(`TP${tp}`, 'KV Cache is allocated. #tokens: 1000, KV size: 30.00 GB'),
      at(`TP${tp}`, 'Memory pool end. avail mem=25.00 GB'),
      at(`TP${tp}`, 'Capture cuda graph end. Time elapsed: 9.00 s. mem usage=1.50 GB. avail mem=23.50 GB.'),
      `Capturing: 100%|##| 2/2 [00:01<00:00, 2.00it/s]${at(`TP${tp}`, 'Capture piecewise CUDA graph end. Time elapsed: 9.00 s. mem usage=0.25 GB. avail mem=23.25 GB.')}`,
    ];
    const log = await readText(
      [
        ...rank(1, 80.5),
        ...rank(0, 80.25),
        at(
          'TP0',
          'max_total_num_tokens=1000, chunked_prefill_size=8192, max_prefill_tokens=16384, max_running_requests=7, context_len=4096, available_gpu_mem=23.25 GB',
        ),
        at('', 'The server is fired up and ready to roll!'),
      ].join('\n'),
    );
    expect(valuesOf(log)).toEqual({
      communication: 1.25,
      freeBeforeLoad: 80.25,
      weights: 20,
      freeAfterWeights: 60,
      kvMemory: 30,
      kvTokens: 1000,
      freeAfterKvCache: 25,
      graphCapture: 1.75,
      maxSequences: 7,
      freeWhenReady: 23.25,
    });
    expect(log.figures.graphCapture).toMatchObject({ ranks: 2, low: 1.75, high: 1.75 });
    expect(log.pools).toHaveLength(1);
    expect(log.outcome).toEqual({ kind: 'ready', line: 16 });
  });

  it('the state of linear layers is a pool of its own', async () => {
    const { pools, figures } = await readText(
      [
        at('TP0', 'Mamba Cache is allocated. max_mamba_cache_size: 38, conv_state size: 0.03GB, ssm_state size: 2.75GB'),
        at('TP0', 'KV Cache is allocated. #tokens: 399740, K size: 1.50 GB, V size: 1.50 GB'),
      ].join('\n'),
    );
    expect(pools).toMatchObject([
      { of: 'state', tokens: 38, gib: 2.78 },
      { of: 'target', tokens: 399_740, gib: 3 },
    ]);
    expect(figures.kvMemory?.value).toBe(3);
  });

  it.each([
    ['Not enough memory. Please try to increase --mem-fraction-static. Current value: mem_fraction_static=0.5', { cause: 'no-kv-memory' }],
    [
      'The memory capacity is unbalanced. Some GPUs may be occupied by other processes. pre_model_load_memory=19.25, local_gpu_memory=30.5, local_gpu_memory * 0.9=27.45',
      { cause: 'free-memory', availableGiB: 19.25, needGiB: 27.45 },
    ],
  ])('refuses: %s', async (text, expected) => {
    expect((await readText(`${at('', 'server_args=ServerArgs(tp_size=2)')}\nRuntimeError: ${text}`)).outcome).toMatchObject({
      kind: 'refused',
      ...expected,
    });
  });

  it('runs out of memory while it captures graphs', async () => {
    const text = [
      at('TP0', 'Memory pool end. avail mem=1.25 GB'),
      at('TP0', 'Capture cuda graph begin. This can take up to several minutes. avail mem=1.00 GB'),
      'Exception: Capture cuda graph failed: CUDA out of memory. Tried to allocate 256.00 MiB.',
    ].join('\n');
    expect((await readText(text)).outcome).toMatchObject({ kind: 'out-of-memory', where: 'graph-capture' });
  });

  it('a log that ends in the middle is no start that is ready', async () => {
    expect((await readText(at('', 'Load weight begin. avail mem=78.50 GB'))).outcome).toEqual({
      kind: 'died',
      during: 'load',
      error: null,
      line: null,
    });
  });
});
