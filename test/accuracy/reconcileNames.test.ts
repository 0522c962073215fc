import { describe, expect, it } from 'vitest';
import { isReleased } from '../../src/accuracy/reconcile/band.ts';
import { logGpu } from '../../src/accuracy/reconcile/logGpu.ts';
import { logModel } from '../../src/accuracy/reconcile/logModel.ts';
import { catalog, readLog } from './reconcileLogs.ts';

const WEIGHTS = 'INFO 03-01 10:00:00 [x.py:1] Model loading took 4.25 GiB memory and 3.5 seconds';

async function gpuOf(...lines: readonly string[]) {
  return logGpu(await readLog([WEIGHTS, ...lines].join('\n')), catalog.gpus);
}

async function modelOf(args: string) {
  const found = logModel(await readLog(`INFO [x.py:1] non-default args: {${args}}\n${WEIGHTS}`), catalog.models);
  return found.model === null ? found.why : `${found.model.id} ${found.checkpoint === null ? found.why : found.checkpoint.format}`;
}

describe('the GPU of a log', () => {
  it.each([
    ['device_name=NVIDIA_H100_80GB_HBM3.json', 'h100-sxm'],
    ['device_name=NVIDIA_H200,dtype=fp8', 'h200-sxm'],
    ['device_name=NVIDIA_H200_NVL,dtype=fp8', 'h200-nvl'],
  ])('by the name in %s', async (line, id) => {
    expect((await gpuOf(line)).gpu?.id).toBe(id);
  });

  const free = (total: string) =>
    `ValueError: Free memory on device (6.00/${total} GiB) on startup is less than desired GPU memory utilization (0.9, 7.0 GiB).`;

  it('by the memory that the engine sees, within a third of a GiB', async () => {
    expect((await gpuOf(free('139.81'))).gpu?.id).toBe('h200-sxm');
    expect((await gpuOf(free('79.11'))).gpu?.id).toBe('h100-sxm');
    expect(await gpuOf(free('77.77'))).toMatchObject({ gpu: null, why: expect.stringContaining('77.77 GiB') });
  });

  it('is open where boards of other architectures are as near', async () => {
    expect(await gpuOf(free('79.22'))).toMatchObject({ gpu: null, why: expect.stringContaining('a100-80') });
  });

  it('names the types that memory cannot tell apart', async () => {
    expect(await gpuOf(free('139.80'))).toMatchObject({ others: ['h200-nvl'] });
  });

  const graphs = [
    '(EngineCore pid=1) INFO [x.py:1] Estimated CUDA graph memory: 4.77 GiB total',
    '(EngineCore pid=1) WARNING [x.py:1] CUDA graph memory profiling is disabled (X=0). Consider increasing --gpu-memory-utilization from 0.8650 to 0.9152.',
  ];

  it('by the graph estimate and the compute capability', async () => {
    expect(await gpuOf(...graphs)).toMatchObject({ gpu: null, why: expect.stringContaining('rtx-pro-6000-server') });
    expect((await gpuOf('Device capability 12.0 not supported', ...graphs)).gpu?.id).toBe('rtx-pro-6000-server');
  });

  it('by what is free before the load, of SGLang', async () => {
    const log = await readLog(
      [
        '[aiter] import',
        '[2026-03-01 10:00:00 TP0] Init torch distributed ends. elapsed=1 s, mem usage=3.81 GB',
        '[2026-03-01 10:00:00 TP0] Load weight begin. avail mem=187.50 GB',
      ].join('\n'),
    );
    expect(logGpu(log, catalog.gpus).gpu?.id).toBe('mi300x');
  });

  it('as the user says', async () => {
    const asked = catalog.gpus.find(({ id }) => id === 'b200-sxm');
    expect(logGpu(await readLog(WEIGHTS), catalog.gpus, asked)).toMatchObject({ gpu: { id: 'b200-sxm' }, how: 'as asked' });
  });
});

describe('the model of a log', () => {
  it.each([
    ["'model': 'openai/gpt-oss-120b'", 'gpt-oss-120b mxfp4'],
    ["'model': '/models/openai--gpt-oss-120b'", 'gpt-oss-120b mxfp4'],
    ["'model': '/cache/hub/models--openai--gpt-oss-120b/snapshots/0123abcd/'", 'gpt-oss-120b mxfp4'],
    ["'model': '/data/deepseek-r1', 'quantization': 'fp8'", 'deepseek-r1 fp8'],
    ["'model': 'DeepSeek V3 0324', 'quantization': 'fp8'", 'deepseek-v3-0324 fp8'],
    ["'model': 'meta-llama/Meta-Llama-3-8B-Instruct'", 'llama-3-8b bf16'],
    ["'model': 'acme/Llama-3.1-8B-AWQ'", 'no checkpoint of Llama 3.1 8B in awq is in the catalog'],
    ["'model': '/m/Qwen3-235B-A22B-mix-IQ3_K-00001-of-00003.gguf'", 'how it stores Qwen3 235B A22B is not in the catalog'],
    ["'model': 'acme/Unheard-9B'", 'the catalog has no model called acme/Unheard-9B: give it with --model'],
  ])('%s', async (args, expected) => {
    expect(await modelOf(args)).toContain(expected);
  });

  it('is asked for where the log names none', async () => {
    expect(logModel(await readLog(WEIGHTS), catalog.models)).toMatchObject({ model: null, why: expect.stringContaining('--model') });
  });
});

describe('builds', () => {
  it('that are releases, and that are not', () => {
    expect(['0.12.0', '0.8.5.post1', 'v0.19', '0.18.0+cu130', null].map(isReleased)).not.toContain(false);
    expect(['0.20.2rc1.dev249+ours', '0.12.0.dev3', '0.18.0+acme.2', '1.0.0rc1'].map(isReleased)).not.toContain(true);
  });
});
