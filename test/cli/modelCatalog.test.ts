import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { ErrorDocument } from '../../src/report/errorDocument.ts';
import { temporaryFolder } from '../importers/model/support/environment.ts';
import { headerBytes, tensorBytes } from '../importers/model/support/safetensorsFile.ts';
import { TOY_LLAMA, toyLlamaTensors } from '../importers/model/support/toyModels.ts';
import { cliRun } from '../support/cliRun.ts';

const document = async (words: string) => {
  const { stdout } = await cliRun([...words.split(' '), '--json']);
  return JSON.parse(stdout) as { query: Record<string, unknown>; results: readonly { format: string }[] };
};

const home = process.cwd();
afterEach(() => process.chdir(home));

describe('a repository that the catalog holds', () => {
  it.each([
    ['moonshotai/Kimi-K2.5', '', 'kimi-k2.5', 'int4'],
    ['MoonshotAI/kimi-k2.5', '', 'kimi-k2.5', 'int4'],
    ['nvidia/Kimi-K2.5-NVFP4', '', 'kimi-k2.5', 'nvfp4'],
    ['nvidia/Kimi-K2.5-NVFP4', ' --format int4', 'kimi-k2.5', 'int4'],
  ])('%s%s is its checkpoint there', async (repository, more, model, format) => {
    const byName = await document(`fit --gpu b200:8 --model ${model} --format ${format}`);
    const byRepository = await document(`fit --gpu b200:8 --model ${repository}${more}`);
    expect(byRepository).toEqual(byName);
  });
});

describe('a name of no model', () => {
  it('that a folder has suggests its path', async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/ok`);
    process.chdir(folder);
    const { code, stdout } = await cliRun(['fit', '--gpu', 'h200', '--model', 'ok', '--json']);
    const { error } = JSON.parse(stdout) as ErrorDocument;
    expect([code, error.code, error.where, error.nearest]).toEqual([2, 'unknown', '--model', ['./ok']]);
  });
});

describe('tensors of unknown use', () => {
  it('weigh on every GPU, and are named', async () => {
    const folder = temporaryFolder();
    const tower = { name: 'weird_tower.blocks.0.proj.weight', dtype: 'BF16', shape: [50_000, 40_000] };
    let at = 0;
    const entries = [...toyLlamaTensors(), tower].map((tensor) => {
      const begin = at;
      at += tensorBytes(tensor);
      return [tensor.name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, at] }];
    });
    const header = headerBytes(Object.fromEntries(entries));
    writeFileSync(`${folder}/config.json`, JSON.stringify(TOY_LLAMA));
    writeFileSync(`${folder}/model.safetensors`, header);
    truncateSync(`${folder}/model.safetensors`, header.length + at);
    const { stdout } = await cliRun(['fit', '--gpu', 'h200:2', '--tp', '2', '--model', folder, '--json']);
    const { warnings } = JSON.parse(stdout) as { warnings: readonly string[] };
    expect(Number(/"weightBytesPerGpu":\s*(\d+)/.exec(stdout)?.[1])).toBeGreaterThan(4e9);
    expect(warnings.join()).toContain('weird_tower.blocks.0.proj');
  });
});
