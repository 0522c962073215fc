import { describe, expect, it } from 'vitest';
import { readText, valuesOf } from './read.ts';

const MIB = 1 / 1024;

const LOAD = (file: string) =>
  `llama_model_loader: loaded meta data with 40 key-value pairs and 700 tensors from ${file} (version GGUF V3 (latest))`;

describe('llama.cpp', () => {
  it('2024: one cache of all layers, a build number', async () => {
    const log = await readText(
      [
        'build: 4589 (eb7cf15a) with cc for x86_64-linux-gnu',
        'ggml_cuda_init: found 2 CUDA devices:',
        '  Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes',
        LOAD('/models/tiny-Q4_K_M.gguf'),
        'llm_load_print_meta: model ftype      = Q4_K - Medium',
        'llm_load_print_meta: model size       = 4.58 GiB (4.89 BPW) ',
        'llm_load_tensors: offloaded 33/33 layers to GPU',
        'llm_load_tensors:   CPU_Mapped model buffer size =   281.81 MiB',
        'llm_load_tensors:        CUDA0 model buffer size =  2300.00 MiB',
        'llama_new_context_with_model: n_ctx         = 8192',
        'llama_kv_cache_init:      CUDA0 KV buffer size =   512.00 MiB',
        'llama_new_context_with_model: KV self size  = 1024.00 MiB, K (f16):  512.00 MiB, V (f16):  512.00 MiB',
        'llama_new_context_with_model:      CUDA0 compute buffer size =   560.00 MiB',
        'main: server is listening on http://127.0.0.1:8080 - starting the main loop',
      ].join('\n'),
    );
    expect(valuesOf(log)).toEqual({ checkpoint: 4.58, kvMemory: 1, kvTokens: 8192 });
    expect(log).toMatchObject({
      engine: 'llama.cpp',
      version: '4589',
      model: '/models/tiny-Q4_K_M.gguf',
      flags: { gpus: 2, gpu: 'NVIDIA GeForce RTX 3090', quantization: 'Q4_K', gpuLayers: 33, layers: 33, kvCacheDtype: 'f16' },
      pools: [{ of: 'target', tokens: 8192, keyGiB: 0.5, valueGiB: 0.5, dtype: 'f16' }],
      outcome: { kind: 'ready' },
      unread: [],
    });
    expect(log.buffers.map(({ device, use, gib }) => [device, use, gib])).toEqual([
      ['CPU_Mapped', 'model', 281.81 * MIB],
      ['CUDA0', 'model', 2300 * MIB],
      ['CUDA0', 'kv', 0.5],
      ['CUDA0', 'compute', 560 * MIB],
    ]);
  });

  it('2026: a state of linear layers, and a draft behind the target', async () => {
    const log = await readText(
      [
        '0.00.926.100 I load_tensors:        CUDA0 model buffer size =  4861.36 MiB',
        LOAD('/models/next.gguf'),
        '0.11.813.100 I llama_kv_cache: size =  512.00 MiB ( 16384 cells,  16 layers,  1/1 seqs), K (q8_0):  256.00 MiB, V (q8_0):  256.00 MiB',
        '0.11.814.100 I llama_memory_recurrent: size =  150.00 MiB (     1 cells,  64 layers,  1 seqs), R (f32):    6.00 MiB, S (f32):  144.00 MiB',
        LOAD('/models/draft.gguf'),
        '0.12.813.100 I llama_kv_cache: size =   64.00 MiB ( 16384 cells,   2 layers,  1/1 seqs), K (f16):   32.00 MiB, V (f16):   32.00 MiB',
      ].join('\n'),
    );
    expect(log.pools).toMatchObject([
      { of: 'target', layers: 16, gib: 0.5, dtype: 'q8_0' },
      { of: 'state', tokens: 1, gib: 150 * MIB },
      { of: 'draft', layers: 2, gib: 64 * MIB },
    ]);
    expect(log.figures.kvMemory?.value).toBe(0.5);
    expect(log.flags.draftModel).toBe('/models/draft.gguf');
  });

  it.each([
    ['llama_model_load: error loading model: unable to allocate CUDA0 buffer', 'load'],
    ['llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache', 'kv-cache'],
    ['graph_reserve: failed to allocate compute buffers', 'compute-buffer'],
  ])('runs out of memory: %s', async (line, where) => {
    const text = `${LOAD('/m/t.gguf')}\nggml_backend_cuda_buffer_type_alloc_buffer: allocating 2048.00 MiB on device 0: cudaMalloc failed: out of memory\n${line}`;
    expect((await readText(text)).outcome).toMatchObject({ kind: 'out-of-memory', where, askedGiB: 2 });
  });

  it('ik_llama.cpp is told by settings of its own', async () => {
    const text = `${LOAD('/m/t.gguf')}\nllama_new_context_with_model: mla_attn   = 3\nllama_new_context_with_model: KV self size  = 64.00 MiB, c^KV (q8_0): 64.00 MiB, kv^T: not used`;
    const { engine, pools } = await readText(text);
    expect(engine).toBe('ik_llama.cpp');
    expect(pools).toMatchObject([{ gib: 64 * MIB, keyGiB: 64 * MIB, valueGiB: null, dtype: 'q8_0' }]);
  });

  it('the table at the end says what a device has', async () => {
    const text = [
      'llama_memory_breakdown_print: | memory breakdown [MiB] | total   free     self   model   context   compute    unaccounted |',
      'llama_memory_breakdown_print: |   - CUDA0 (RTX 4090)   | 24077 =  945 + (19187 = 17904 +     384 +     898) +        3945 |',
      'llama_memory_breakdown_print: |   - Host               |                 58271 = 58259 +       0 +      12                |',
    ].join('\n');
    const log = await readText(text);
    expect(valuesOf(log)).toEqual({ total: 24_077 * MIB });
    expect(log.unread).toEqual([]);
  });
});
