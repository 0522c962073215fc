import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { filledFromHere } from '../../src/cli/here.ts';
import { runOffload } from '../../src/cli/offloadCommand.ts';
import { offloadQueryOf } from '../../src/cli/offloadQuery.ts';
import type { Machine } from '../../src/importers/machine/machine.ts';
import { findGpus } from '../../src/plan/lookup.ts';
import { offloadSchema } from '../../src/report/schema/offload.ts';

const catalog = loadCatalog();

async function run(options: Parameters<typeof runOffload>[0]): Promise<{ code: number; stdout: string }> {
  let stdout = '';
  const write = (text: string) => {
    stdout += text;
  };
  const io = { write, warn: () => undefined, width: 120, color: false };
  return { code: await runOffload(options, catalog, [], io), stdout };
}

describe('kplan fit --engine llama.cpp|ktransformers', () => {
  it('reads the words of the command line', () => {
    const words = {
      engine: 'ktransformers',
      gpu: 'l40s:2',
      ram: '600GB',
      disk: '2TB',
      ctx: '32k',
      gpuExperts: '8',
      prefill: 'hybrid',
      prefillChunk: '16k',
      sequences: '2',
    };
    expect(offloadQueryOf(words)).toEqual({
      engine: 'ktransformers',
      gpu: ['l40s:2'],
      ramBytes: 600e9,
      diskBytes: 2e12,
      contextTokens: 32_768,
      gpuExperts: 8,
      prefill: 'hybrid',
      prefillChunkTokens: 16_384,
      sequences: 2,
    });
  });

  it('takes --gpu none for a host without GPUs, and --format all for all files', () => {
    expect(offloadQueryOf({ engine: 'llama.cpp', gpu: 'none', format: 'all', ram: '1TB' })).toEqual({
      engine: 'llama.cpp',
      ramBytes: 1e12,
    });
  });

  it.each([
    [{ tp: '8' }, /^contradiction --tp: llama.cpp has no such option .*allowed: --tp with --engine vllm or sglang/],
    [{ utilization: '0.9' }, /^contradiction --utilization/],
    [{ rules: true }, /^contradiction --rules/],
    [{ ram: '512' }, /^invalid --ram: a size needs its unit/],
    [{ ctx: '32k..64k' }, /^invalid --ctx/],
    [{ gpuExperts: '-1' }, /^invalid --gpu-experts/],
  ])('refuses %j', (more, message) => {
    expect(() => offloadQueryOf({ engine: 'llama.cpp', ram: '512GB', ...more })).toThrow(message);
  });

  it('prints one document, and exits with 3 under --fail where nothing fits', async () => {
    const words = { engine: 'llama.cpp', gpu: 'rtx-4090:2', model: 'kimi-k2.6', format: 'ud-q2_k_xl', json: true, fail: true };
    const good = await run({ ...words, ram: '512GB' });
    expect(good.code).toBe(0);
    expect(offloadSchema.parse(JSON.parse(good.stdout)).results[0]?.verdict).toBe('fits');
    expect((await run({ ...words, ram: '64GB' })).code).toBe(3);
  });

  it('prints a report, Markdown and CSV', async () => {
    const words = { engine: 'ktransformers', gpu: 'l40s:2', ram: '700GB' };
    expect((await run(words)).stdout).toContain('experts of each layer on the GPUs');
    expect((await run({ ...words, markdown: true })).stdout).toContain('**Kimi K2.7 Code at 32k tokens with KTransformers');
    expect((await run({ ...words, csv: true })).stdout).toContain('ktransformers/l40s/2/int4');
  });
});

describe('--here', () => {
  const machine: Machine = {
    gpus: findGpus(catalog, ['rtx-4090', 'l40s']).map(({ gpu }) => ({ gpu, count: 2, driverMiB: 24_564 })),
    ramBytes: 540_123_456_789,
    freeDiskBytes: 3e12,
    notes: ['read from nvidia-smi'],
  };
  const detect = async () => machine;

  it('changes nothing where it is not asked', async () => {
    expect(await filledFromHere({ gpu: 'h200' }, catalog.gpus, true, detect)).toEqual({ options: { gpu: 'h200' }, notes: [] });
  });

  it('fills GPUs, and RAM and disk for engines that serve from them', async () => {
    expect(await filledFromHere({ here: true }, catalog.gpus, false, detect)).toEqual({
      options: { here: true, gpu: 'rtx-4090:2,l40s:2' },
      notes: ['read from nvidia-smi'],
    });
    expect((await filledFromHere({ here: true, ram: '64GB' }, catalog.gpus, true, detect)).options).toEqual({
      here: true,
      gpu: 'rtx-4090:2,l40s:2',
      ram: '64GB',
      disk: '3000000MB',
    });
    expect((await filledFromHere({ here: true }, catalog.gpus, true, async () => ({ ...machine, freeDiskBytes: null }))).options).toEqual({
      here: true,
      gpu: 'rtx-4090:2,l40s:2',
      ram: '540123MB',
    });
  });

  it('answers for what is installed', async () => {
    const { options } = await filledFromHere(
      { here: true, engine: 'llama.cpp', model: 'kimi-k2.6', json: true },
      catalog.gpus,
      true,
      detect,
    );
    const { stdout } = await run(options);
    expect(new Set(offloadSchema.parse(JSON.parse(stdout)).results.map(({ gpu }) => gpu))).toEqual(new Set(['rtx-4090', 'l40s']));
  });

  it('refuses GPUs that are named too', async () => {
    await expect(filledFromHere({ here: true, gpu: 'h200' }, catalog.gpus, true, detect)).rejects.toThrow(
      /^contradiction --gpu: --here looks for the GPUs itself/,
    );
  });
});
