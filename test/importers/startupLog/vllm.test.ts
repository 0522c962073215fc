import { describe, expect, it } from 'vitest';
import { readText, valuesOf } from './read.ts';

/** Excerpts in the wording of the releases named, with figures of our own. */
const LAUNCH = `(APIServer pid=7) INFO 03-01 10:00:00 [utils.py:300] non-default args: {'model_tag': 'acme/Tiny-8B', 'model': 'acme/Tiny-8B', 'max_model_len': 8192, 'tensor_parallel_size': 2, 'gpu_memory_utilization': 0.88, 'kv_cache_dtype': 'fp8', 'enable_expert_parallel': True, 'mm_encoder_tp_mode': 'data', 'enforce_eager': True, 'speculative_config': {'method': 'eagle3', 'model': 'acme/Draft', 'num_speculative_tokens': 3}, 'compilation_config': {'mode': <CompilationMode.NONE: 0>, 'max_cudagraph_capture_size': 12}}`;

const LOADED = '(Worker_TP0 pid=9) INFO 03-01 10:00:09 [gpu_model_runner.py:99] Model loading took 4.25 GiB memory and 3.5 seconds';

describe('flags of vLLM', () => {
  it('come from the arguments that it prints, nested ones apart', async () => {
    const { flags, model } = await readText(LAUNCH.concat('\n', LOADED));
    expect(model).toBe('acme/Tiny-8B');
    expect(flags).toMatchObject({
      tp: 2,
      maxModelLen: 8192,
      utilization: 0.88,
      kvCacheDtype: 'fp8',
      expertParallel: true,
      mmEncoder: 'data',
      enforceEager: true,
      speculativeMethod: 'eagle3',
      draftModel: 'acme/Draft',
      draftTokens: 3,
    });
    expect(flags.largestGraph).toBeUndefined();
  });

  it('come from the configuration where an engine runs without a server', async () => {
    const { flags, version, outcome } = await readText(
      [
        'INFO 11-02 11:00:00 [core.py:60] Initializing a V1 LLM engine (v0.9.1) with config: model=\'/models/tiny\', speculative_config=None, dtype=torch.float16, max_seq_len=4096, tensor_parallel_size=4, pipeline_parallel_size=2, quantization=awq_marlin, enforce_eager=False, kv_cache_dtype=auto, seed=0, compilation_config={"level":3,"use_inductor":true}',
        'INFO 11-02 11:00:40 [core.py:171] init engine (profile, create kv cache, warmup model) took 30.1 seconds',
      ].join('\n'),
    );
    expect(version).toBe('0.9.1');
    expect(flags).toEqual({ dtype: 'float16', maxModelLen: 4096, tp: 4, pp: 2, quantization: 'awq_marlin', enforceEager: false });
    expect(outcome).toEqual({ kind: 'ready', line: 2 });
  });
});

describe('figures of vLLM by release', () => {
  it('0.6.4: one line, the peak with the weights', async () => {
    const log = await readText(
      [
        'INFO 12-06 14:55:15 model_runner.py:1077] Loading model weights took 2.0000 GB',
        'INFO 12-06 14:55:15 worker.py:232] Memory profiling results: total_gpu_memory=23.65GiB initial_memory_usage=2.4GiB peak_torch_memory=3.25GiB memory_usage_post_profile=2.5GiB non_torch_memory=0.15GiB kv_cache_size=17.88GiB gpu_memory_utilization=0.90',
        'INFO 12-06 14:55:15 gpu_executor.py:113] # GPU blocks: 11422, # CPU blocks: 7281',
        'INFO 12-06 14:55:15 gpu_executor.py:117] Maximum concurrency for 2048 tokens per request: 89.23x',
        'INFO 12-06 14:55:40 model_runner.py:1523] Graph capturing finished in 21 secs, took 0.24 GiB',
      ].join('\n'),
    );
    expect(valuesOf(log)).toEqual({
      weights: 2,
      total: 23.65,
      nonTorch: 0.15,
      kvMemory: 17.88,
      activationPeak: 1.25,
      blocks: 11_422,
      concurrencyTokens: 2048,
      concurrency: 89.23,
      graphCapture: 0.24,
    });
    expect(log.flags.utilization).toBe(0.9);
    expect(log.figures.weights?.printedUnit).toBe('GB');
  });

  it('0.6.5: a table, a row a line', async () => {
    const log = await readText(
      [
        'INFO 12-13 19:54:18 worker.py:243] total_gpu_memory \t79.22GiB',
        'INFO 12-13 19:54:18 worker.py:243] gpu_memory_utilization \t0.90',
        'INFO 12-13 19:54:18 worker.py:243] the current vLLM instance can use \t71.29GiB',
        'INFO 12-13 19:54:18 worker.py:243] model weights take \t14.96GiB',
        'INFO 12-13 19:54:18 worker.py:243] non_torch_memory \t1.79GiB',
        'INFO 12-13 19:54:18 worker.py:243] PyTorch activation peak memory \t1.26GiB',
        'INFO 12-13 19:54:18 worker.py:243] available_kv_cache_memory \t53.29GiB',
      ].join('\n'),
    );
    expect(valuesOf(log)).toEqual({ total: 79.22, budget: 71.29, weights: 14.96, nonTorch: 1.79, activationPeak: 1.26, kvMemory: 53.29 });
    expect(log.flags.utilization).toBe(0.9);
  });

  it('0.7, V0: two lines that follow one another', async () => {
    const log = await readText(
      [
        'INFO 02-01 09:00:00 worker.py:267] the current vLLM instance can use total_gpu_memory (79.11GiB) x gpu_memory_utilization (0.90) = 71.20GiB',
        'INFO 02-01 09:00:00 worker.py:267] model weights take 14.99GiB; non_torch_memory takes 0.35GiB; PyTorch activation peak memory takes 1.24GiB; the rest of the memory reserved for KV Cache is 54.62GiB.',
      ].join('\n'),
    );
    expect(valuesOf(log)).toEqual({ total: 79.11, budget: 71.2, weights: 14.99, nonTorch: 0.35, activationPeak: 1.24, kvMemory: 54.62 });
  });

  it('0.10 to 0.20: all parts in the suggestion behind the graphs', async () => {
    const log = await readText(
      `${LOADED}\n(Worker_TP0 pid=9) INFO 03-01 10:01:00 [gpu_worker.py:391] Free memory on device (78.57/79.18 GiB) on startup. Desired GPU memory utilization is (0.9, 71.26 GiB). Actual usage is 4.25 GiB for weight, 5.6 GiB for peak activation, 0.07 GiB for non-torch memory, and -0.1 GiB for CUDAGraph memory. Replace gpu_memory_utilization config with \`--kv-cache-memory=8417154969\` to fit into requested memory.`,
    );
    expect(valuesOf(log)).toEqual({
      weights: 4.25,
      freeBeforeLoad: 78.57,
      total: 79.18,
      budget: 71.26,
      activationPeak: 5.6,
      nonTorch: 0.07,
      graphCapture: -0.1,
    });
    expect(log.figures.activationPeak?.rounding).toBeCloseTo(0.005);
  });

  it('0.26 on: consumed memory in one figure, tokens and concurrency in one line, the device named', async () => {
    const log = await readText(
      [
        '(EngineCore pid=3) INFO 08-20 10:00:00 [gpu_worker.py:637] Available KV cache memory: 81.79 GiB',
        '(EngineCore pid=3) INFO 08-20 10:00:01 [kv_cache_utils.py:2315] GPU KV cache size: 7,228,559 tokens, Maximum concurrency for 131,072 tokens per request: 55.15x',
        '(EngineCore pid=3) INFO 08-20 10:00:09 [gpu_worker.py:876] Free memory on device cuda:0 (137.64/139.8 GiB) on startup. Desired GPU memory utilization is (0.9, 125.82 GiB). Actual usage is 39.98 GiB for consumed memory (weights + non-torch), 4.04 GiB for peak activation, and 1.2 GiB for CUDAGraph memory. Current kv cache memory in use is 81.79 GiB.',
      ].join('\n'),
    );
    expect(valuesOf(log)).toMatchObject({
      kvMemory: 81.79,
      kvTokens: 7_228_559,
      concurrency: 55.15,
      concurrencyTokens: 131_072,
      consumed: 39.98,
      activationPeak: 4.04,
      graphCapture: 1.2,
      total: 139.8,
    });
    expect(log.figures.nonTorch).toBeUndefined();
  });

  it('a fixed size of the KV cache', async () => {
    const log = await readText(
      'INFO [gpu_worker.py:459] Initial free memory 99.75 GiB, reserved 8.0 GiB memory for KV Cache as specified by kv_cache_memory_bytes config and skipped memory profiling.',
    );
    expect(valuesOf(log)).toEqual({ freeBeforeLoad: 99.75, kvMemory: 8 });
    expect(log.flags.kvCacheMemoryGiB).toBe(8);
  });
});

describe('ranks of vLLM', () => {
  it('are counted, with the ends where they differ', async () => {
    const lines = [12.5, 12.25, 12.75].map(
      (gib, rank) => `(Worker_TP${2 - rank} pid=${rank}) INFO [gpu_worker.py:1] Available KV cache memory: ${gib} GiB`,
    );
    expect((await readText(lines.join('\n'))).figures.kvMemory).toMatchObject({ value: 12.75, line: 3, ranks: 3, low: 12.25, high: 12.75 });
  });

  it('are counted too where writing at once has lost a prefix', async () => {
    const text =
      '(Worker pid=1) (Worker pid=2) INFO 05-15 03:31:20 [x.py:1] Model loading took 3.5 GiB memory and 1 seconds\nINFO 05-15 03:31:20 [x.py:1] Model loading took 3.5 GiB memory and 1 seconds\nINFO 05-15 03:31:20 [x.py:1] Model loading took 3.5 GiB memory and 1 seconds';
    expect((await readText(text)).figures.weights).toMatchObject({ ranks: 3, value: 3.5 });
  });

  it('a second loading of the same process is the draft', async () => {
    const log = await readText(`${LAUNCH}\n${LOADED}\n${LOADED.replace('4.25', '0.5')}`);
    expect(valuesOf(log)).toMatchObject({ weights: 4.25, draftWeights: 0.5 });
  });
});

describe('refusals of vLLM', () => {
  const kv = '(EngineCore pid=3) INFO 08-20 10:00:00 [gpu_worker.py:637] Available KV cache memory: 0.64 GiB';

  it.each([
    [
      "ValueError: To serve at least one request with the models's max seq len (16384), (1.07 GiB KV cache is needed, which is larger than the available KV cache memory (0.64 GiB). Based on the available memory, the estimated maximum model length is 9664. Try increasing",
      { cause: 'one-request', needGiB: 1.07, availableGiB: 0.64, estimatedMaxTokens: 9664 },
    ],
    [
      "ValueError: To serve at least one request with the model's max seq len (131072), 3.79 GiB KV cache is needed, which is larger than the available KV cache memory (0.64 GiB).",
      { cause: 'one-request', needGiB: 3.79, availableGiB: 0.64, estimatedMaxTokens: null },
    ],
    [
      "ValueError: The model's max seq len (29000) is larger than the maximum number of tokens that can be stored in KV cache (20512). Try increasing `gpu_memory_utilization`",
      { cause: 'one-request', needGiB: null, availableGiB: null, estimatedMaxTokens: 20_512 },
    ],
    [
      'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`',
      { cause: 'no-kv-memory', availableGiB: 0.64 },
    ],
    [
      'ValueError: Free memory on device (6.93/8.0 GiB) on startup is less than desired GPU memory utilization (0.9, 7.2 GiB). Decrease GPU memory utilization',
      { cause: 'free-memory', needGiB: 7.2, availableGiB: 6.93 },
    ],
  ])('%s', async (line, expected) => {
    const { outcome } = await readText(`${kv}\n(EngineCore pid=3) ERROR 08-20 10:00:01 [core.py:700] ${line}\n(EngineCore pid=3) ${line}`);
    expect(outcome).toMatchObject({ kind: 'refused', line: 2, ...expected });
  });

  it('a negative amount is read as such', async () => {
    expect(valuesOf(await readText(kv.replace('0.64', '-3.32')))).toEqual({ kvMemory: -3.32 });
  });
});

describe('memory that runs out in vLLM', () => {
  const OOM =
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 512.00 MiB. GPU 0 has a total capacity of 79.10 GiB of which 17.88 MiB is free.';
  const starting = '(EngineCore pid=3) INFO [gpu_model_runner.py:1] Starting to load model acme/Tiny-8B...';

  it.each([
    ['while it loads', [starting], 'load'],
    ['while it profiles', [starting, LOADED], 'profile'],
    [
      'while it captures graphs',
      [starting, LOADED, 'INFO [gpu_worker.py:1] Available KV cache memory: 1.0 GiB', 'Capturing CUDA graphs (decode, FULL):   0%'],
      'graph-capture',
    ],
    ['when it serves', [starting, LOADED, 'INFO:     Application startup complete.'], 'after-start'],
  ])('%s', async (_, before, where) => {
    const { outcome, figures } = await readText([...before, `(EngineCore pid=3) ERROR [core.py:1] ${OOM}`].join('\n'));
    expect(outcome).toMatchObject({ kind: 'out-of-memory', where, askedGiB: 0.5 });
    expect(figures.total?.value).toBe(79.1);
  });

  it('in the warm-up of the sampler, with the amount of the error behind it', async () => {
    const text = `${starting}\n${LOADED}\n${OOM}\nRuntimeError: CUDA out of memory occurred when warming up sampler with 1024 dummy requests. Please try lowering \`max_num_seqs\``;
    expect((await readText(text)).outcome).toMatchObject({ kind: 'out-of-memory', where: 'sampler-warm-up', askedGiB: 0.5 });
  });

  it('on ROCm', async () => {
    const text = `${starting}\ntorch.OutOfMemoryError: HIP out of memory. Tried to allocate 2.00 GiB. GPU 3 has a total capacty of 191.98 GiB of which 1.2 GiB is free.`;
    const log = await readText(text);
    expect(log.outcome).toMatchObject({ where: 'load', askedGiB: 2 });
    expect(valuesOf(log)).toEqual({ total: 191.98 });
  });
});

describe('several starts in one log', () => {
  it('the last one counts', async () => {
    const start = (gib: number) => `INFO [api_server.py:1] vLLM API server version 0.12.0\n${LOADED.replace('4.25', String(gib))}`;
    const log = await readText(`${start(4.25)}\nINFO:     Application startup complete.\n${start(5.5)}\nKilled`);
    expect(log).toMatchObject({
      starts: 2,
      figures: { weights: { value: 5.5 } },
      outcome: { kind: 'died', during: 'profile', error: 'Killed' },
    });
  });
});
