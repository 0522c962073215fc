import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationOf } from '../../src/accuracy/reconcile/calibration.ts';
import type { ReconcileLine } from '../../src/accuracy/reconcile/line.ts';
import type { ReconcileAsk } from '../../src/accuracy/reconcile/logDeployment.ts';
import { reconcile } from '../../src/accuracy/reconcile/reconcile.ts';
import type { Reconciliation } from '../../src/accuracy/reconcile/reconciliation.ts';
import { memoryCalibrationOf } from '../../src/calibration/calibration.ts';
import { planMemory } from '../../src/memory/plan.ts';
import { judge } from '../../src/plan/judge.ts';
import { reconcileSchema } from '../../src/report/schema/reconcile.ts';
import { GIB } from '../../src/units/bytes.ts';
import { catalog, llamaOnH100, readLog, vllmLogOf, works } from './reconcileLogs.ts';

async function reconciled(text: string, ask: ReconcileAsk = {}): Promise<Reconciliation> {
  return reconcile(await readLog(text), catalog, ask).reconciliation;
}

function lineOf({ lines }: Reconciliation, id: string): ReconcileLine | undefined {
  return lines.find((line) => line.id === id);
}

const outside = ({ lines }: Reconciliation) => lines.filter(({ within }) => within === false).map(({ id }) => id);

describe('a log as kplan would have it', () => {
  it('is explained line by line', async () => {
    const result = await reconciled(vllmLogOf(llamaOnH100()));
    expect(outside(result)).toEqual([]);
    expect(result.lines.map(({ id }) => id)).toEqual([
      'weights',
      'overhead',
      'kv-tokens',
      'kv-bytes-per-token',
      'concurrency',
      'kv-memory',
      'kv-tokens-predicted',
      'log-concurrency',
    ]);
    for (const id of ['weights', 'overhead', 'kv-memory']) expect(Math.abs(lineOf(result, id)?.residual ?? 1), id).toBeLessThan(0.02);
    expect(result.verdict).toMatchObject({ predicted: 'fits', logged: 'ready', agrees: true });
    expect(result.recognised).toEqual(['Llama 3.1 8B bf16', expect.stringContaining('H100')]);
    expect(result.assumed).toEqual([]);
    expect(result.answer).toMatch(/^7 of 7 figures are as kplan predicts, to within their tolerance; 1 of 1 sums within the log agree/);
  });

  it('names the line of the log that each figure stands in', async () => {
    const result = await reconciled(vllmLogOf(llamaOnH100()));
    expect([lineOf(result, 'weights')?.line, lineOf(result, 'kv-memory')?.line, lineOf(result, 'kv-tokens')?.line]).toEqual([4, 5, 6]);
  });

  it('is so for any flags', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          utilization: fc.integer({ min: 60, max: 95 }).map((percent) => percent / 100),
          maxNumSeqs: fc.constantFrom(16, 64, 256),
          contextTokens: fc.constantFrom(4096, 8192, 32_768),
          batchTokens: fc.constantFrom(2048, 8192),
        }),
        async (flags) => {
          const deployment = llamaOnH100(flags);
          fc.pre(works(deployment));
          const result = await reconciled(vllmLogOf(deployment));
          expect(outside(result)).toEqual([]);
          expect(lineOf(result, 'kv-memory')?.residual).toBeCloseTo(0, 1);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('gives a document as its schema says', async () => {
    const result = await reconciled(vllmLogOf(llamaOnH100()));
    expect(reconcileSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });
});

describe('residuals', () => {
  it('are predicted less logged, and the memory that is left has those of its parts with opposite sign', async () => {
    const result = await reconciled(vllmLogOf(llamaOnH100(), { weights: 1.5, overhead: -0.75 }));
    expect(lineOf(result, 'weights')?.residual).toBeCloseTo(-1.5, 2);
    expect(lineOf(result, 'overhead')?.residual).toBeCloseTo(0.75, 1);
    expect(lineOf(result, 'kv-memory')?.residual).toBeCloseTo(0.75, 1);
    expect(outside(result)).toEqual(['weights']);
    expect(result.answer).toContain('not weights per GPU');
  });

  it('beyond the band of overhead say so, with the parts', async () => {
    const result = await reconciled(vllmLogOf(llamaOnH100(), { overhead: 6 }));
    expect(outside(result)).toEqual(['overhead', 'kv-memory', 'kv-tokens-predicted']);
    expect(lineOf(result, 'overhead')?.explanation).toMatch(/more than in nine of ten logs; GiB of activations \d+\.\d+, non-torch/);
  });

  it('of a build that is no release are held against the band of all logs', async () => {
    const text = vllmLogOf(llamaOnH100(), { overhead: 3 });
    expect(outside(await reconciled(text))).toContain('overhead');
    const fork = await reconciled(text.replace('version 0.12.0', 'version 0.12.1.dev7+ours'));
    expect(outside(fork)).toEqual([]);
    expect(lineOf(fork, 'overhead')?.explanation).toContain('0.12.1.dev7+ours is no release');
  });

  it('of tokens show a KV cache that is stored otherwise', async () => {
    const result = await reconciled(vllmLogOf(llamaOnH100()).replace("'max_num_seqs'", "'kv_cache_dtype': 'fp8', 'max_num_seqs'"));
    expect(outside(result)).toEqual(expect.arrayContaining(['kv-tokens', 'kv-bytes-per-token', 'concurrency']));
    expect(lineOf(result, 'kv-bytes-per-token')).toMatchObject({ predicted: 65_536, unit: 'B/token' });
  });
});

describe('what a log does not tell', () => {
  const text = vllmLogOf(llamaOnH100());
  const withoutGpu = text.replace(/.*device_name.*\n/, '');

  it('of the GPU is said with each figure that needs it', async () => {
    const result = await reconciled(withoutGpu);
    expect(lineOf(result, 'kv-memory')).toMatchObject({ predicted: null, within: null, explanation: expect.stringContaining('--gpu') });
    expect(lineOf(result, 'weights')?.within).toBe(true);
    expect(lineOf(result, 'kv-tokens')?.within).toBe(true);
    expect(result.verdict).toMatchObject({ predicted: null, agrees: null });
  });

  it('can be asked for', async () => {
    const gpu = catalog.gpus.find(({ id }) => id === 'h100-sxm');
    expect(outside(await reconciled(withoutGpu, gpu ? { gpu } : {}))).toEqual([]);
  });

  it('of the model leaves what the log says of itself', async () => {
    const result = await reconciled(text.replaceAll('meta-llama/Llama-3.1-8B', 'acme/Unheard-9B'));
    expect(lineOf(result, 'weights')).toMatchObject({ predicted: null, explanation: expect.stringContaining('acme/Unheard-9B') });
    expect(lineOf(result, 'log-concurrency')?.within).toBe(true);
    expect(result.lines.filter(({ within }) => within !== null)).toHaveLength(1);
    expect(result.answer).toBe(
      'No figure of this log can be held against kplan: each has its reason below; 1 of 1 sums within the log agree.',
    );
  });

  it('of the memory follows from tokens', async () => {
    const result = await reconciled(text.replace(/.*Available KV cache memory.*\n/, ''));
    expect(outside(result)).toEqual([]);
    expect(lineOf(result, 'kv-memory')?.explanation).toContain('the log prints tokens alone');
  });

  it('a draft of unknown layers is said', async () => {
    const draft = `'speculative_config': {'model': 'acme/Draft', 'method': 'dflash'}, 'max_num_seqs'`;
    const result = await reconciled(text.replace("'max_num_seqs'", draft));
    expect(lineOf(result, 'weights')).toMatchObject({ predicted: null, explanation: expect.stringContaining('acme/Draft') });
  });

  it('weights that are offloaded are not held against those on the GPU', async () => {
    const result = await reconciled(text.replace("'max_num_seqs'", "'cpu_offload_gb': 4, 'max_num_seqs'"));
    expect(lineOf(result, 'weights')?.explanation).toContain('offloaded');
  });
});

describe('the verdict against what became of a start', () => {
  const refusal = (need: string) =>
    `ValueError: To serve at least one request with the model's max seq len (131072), (${need} GiB KV cache is needed, which is larger than the available KV cache memory (2.00 GiB). Based on the available memory, the estimated maximum model length is 16368. Try`;

  it('agrees with a refusal that kplan sees too, and with what one request needs', async () => {
    const deployment = llamaOnH100({ contextTokens: 131_072, utilization: 0.25 });
    const text = vllmLogOf(deployment)
      .replace(/.*KV cache memory.*\n.*tokens\n.*request.*\n/, '')
      .replace(/.*startup complete.*/, refusal('16.00'));
    const result = await reconciled(text);
    expect(result.verdict).toMatchObject({ predicted: 'does-not-fit', logged: 'refused', agrees: true });
    expect(lineOf(result, 'request-memory')).toMatchObject({ predicted: 16, logged: 16, within: true });
    expect(lineOf(result, 'longest-request')).toMatchObject({ logged: 16_368, within: true });
  });

  it('does not agree with one that kplan does not see', async () => {
    const text = vllmLogOf(llamaOnH100({ contextTokens: 131_072 })).replace(/.*startup complete.*/, refusal('16.00'));
    expect((await reconciled(text)).verdict).toMatchObject({ predicted: 'fits', logged: 'refused', agrees: false });
  });

  it.each([
    ['while it loads', /.*Model loading[\s\S]*/, 'while loading'],
    ['after the start', /$/, 'after the start'],
  ])('is open where memory ran out at a peak: %s', async (_, place, why) => {
    const oom = '\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.\n';
    const text = `${vllmLogOf(llamaOnH100())}`.replace(place, oom);
    expect((await reconciled(text, { gpu: llamaOnH100().gpu })).verdict).toMatchObject({
      logged: 'out-of-memory',
      agrees: null,
      explanation: expect.stringContaining(why),
    });
  });

  it('is open where kplan leaves both ends open', async () => {
    const shares = Array.from({ length: 80 }, (_, index) => 0.2 + index / 200);
    const edge = shares
      .map((utilization) => llamaOnH100({ contextTokens: 131_072, utilization }))
      .find((deployment) => judge(deployment).verdict === 'marginal');
    expect(edge).toBeDefined();
    if (!edge) return;
    expect((await reconciled(vllmLogOf(edge))).verdict).toMatchObject({ predicted: 'marginal', logged: 'ready', agrees: null });
  });

  it('is open where a start ends without a word', async () => {
    const text = vllmLogOf(llamaOnH100()).replace(/.*startup complete.*/, '');
    expect((await reconciled(text)).verdict).toMatchObject({ logged: 'died', agrees: null });
  });
});

describe('engines without a budget of kplan’s', () => {
  it('TensorRT-LLM: memory and tokens, and the dtype that they imply', async () => {
    const text = [
      '[TensorRT-LLM] TensorRT-LLM version: 1.0.0',
      "[TRT-LLM] [I] LLM Args: model='meta-llama/Llama-3.1-8B' tensor_parallel_size=1",
      '[TensorRT-LLM][INFO] Memory usage when calculating max tokens in paged kv cache: total: 79.18 GiB, available: 40.00 GiB',
      '[TensorRT-LLM][INFO] Number of blocks in KV cache primary pool: 18432',
      '[TensorRT-LLM][INFO] Number of tokens per block: 32.',
      '[TensorRT-LLM][INFO] [MemUsageChange] Allocated 36.00 GiB for max tokens in paged KV cache (589824).',
    ].join('\n');
    const result = await reconciled(text);
    expect(result.assumed).toEqual([expect.stringContaining('fp8')]);
    expect(outside(result)).toEqual([]);
    expect(lineOf(result, 'kv-tokens')).toMatchObject({
      predicted: 589_824,
      within: true,
      explanation: expect.stringContaining('chosen by this figure'),
    });
    expect(lineOf(result, 'log-free-fraction')).toMatchObject({ predicted: 36, within: true });
  });

  it('llama.cpp: the KV cache by cells, and buffers against the file', async () => {
    const text = [
      'build_info: b9000-abcdef012',
      'llama_model_loader: loaded meta data with 30 key-value pairs and 291 tensors from /m/Llama-3.1-8B-Q8_0.gguf (version GGUF V3 (latest))',
      'print_info: file size   = 7.95 GiB (8.50 BPW)',
      'load_tensors:   CPU_Mapped model buffer size =   532.00 MiB',
      'load_tensors:        CUDA0 model buffer size =  7608.80 MiB',
      'llama_context: n_ctx         = 16384',
      'llama_kv_cache: size = 1088.00 MiB ( 16384 cells,  32 layers,  1/1 seqs), K (q8_0):  544.00 MiB, V (q8_0):  544.00 MiB',
    ].join('\n');
    const result = await reconciled(text);
    expect(lineOf(result, 'kv-memory')).toMatchObject({ predicted: 1.0625, within: true });
    expect(lineOf(result, 'log-buffers')?.within).toBe(true);
    expect(outside(result)).toEqual([]);
  });

  it.each([
    ['the file', [532, 7608.8], true, 'rounding'],
    ['the file, and on a device once more what the host holds', [532, 8140.8], true, 'embeddings'],
    ['neither', [532, 8600], false, 'neither'],
    ['more than the file, without a host', [0, 8600], false, 'neither'],
  ])('llama.cpp: buffers that hold %s', async (_, [host, device], within, explanation) => {
    const text = [
      'build_info: b9000-abcdef012',
      'print_info: file size   = 7.95 GiB (8.50 BPW)',
      ...(host ? [`load_tensors:   CPU_Mapped model buffer size =   ${host}.00 MiB`] : []),
      `load_tensors:        CUDA0 model buffer size =  ${device} MiB`,
    ].join('\n');
    const line = lineOf(await reconciled(text), 'log-buffers');
    expect(line).toMatchObject({ source: 'log', within, explanation: expect.stringContaining(explanation) });
  });

  it('SGLang: KV memory by its static fraction', async () => {
    const rank = (text: string) => `[2026-03-01 10:00:00 TP0] ${text}`;
    const text = [
      "[2026-03-01 10:00:00] server_args=ServerArgs(model_path='meta-llama/Llama-3.1-8B', mem_fraction_static=0.8, tp_size=1, context_length=8192)",
      rank('Load weight begin. avail mem=78.00 GB'),
      rank('Load weight end. elapsed=1.00 s, type=LlamaForCausalLM, avail mem=63.00 GB, mem usage=15.00 GB.'),
      rank('KV Cache is allocated. #tokens: 388300, K size: 23.70 GB, V size: 23.70 GB'),
    ].join('\n');
    const result = await reconciled(text);
    expect(lineOf(result, 'log-static-fraction')).toMatchObject({ predicted: expect.closeTo(47.4, 6), within: true });
    expect(result.assumed).toEqual([expect.stringContaining('SGLang')]);
  });
});

describe('a calibration made of a log', () => {
  const origin = { file: 'serve.log', sha256: '0'.repeat(64), date: '2026-09-30' };

  it('moves a plan onto the log', async () => {
    const deployment = llamaOnH100();
    const log = await readLog(vllmLogOf(deployment, { weights: 0.5, overhead: 1.25 }));
    const calibration = calibrationOf(reconcile(log, catalog), origin);
    expect(calibration).toMatchObject({ model: 'llama-3.1-8b', gpu: 'h100-sxm', engine: 'vllm', engineVersion: '0.12.0', format: 'bf16' });
    const plan = planMemory({ ...deployment, calibration: memoryCalibrationOf(calibration) });
    expect(plan.weightBytesPerGpu / GIB).toBeCloseTo(log.figures.weights?.value ?? 0, 3);
    expect(plan.kvMemoryBytesPerGpu.value / GIB).toBeCloseTo(log.figures.kvMemory?.value ?? 0, 2);
    expect(plan.kvMemoryBytesPerGpu.basis).toBe('calibrated');
  });

  it('is refused where the log says too little, with the reason', async () => {
    const log = await readLog(vllmLogOf(llamaOnH100()).replace(/.*device_name.*\n/, ''));
    expect(() => calibrationOf(reconcile(log, catalog), origin)).toThrow(/--gpu/);
    const short = await readLog(vllmLogOf(llamaOnH100()).replace(/.*KV cache.*\n.*KV cache.*\n/, ''));
    expect(() => calibrationOf(reconcile(short, catalog), origin)).toThrow(/KV memory/);
  });
});
