import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checked } from '../../../src/catalog/check.ts';
import { wholeModelFile } from '../../../src/catalog/modelFile.ts';
import { parseYaml } from '../../../src/catalog/yamlFile.ts';
import type { Fault } from '../../../src/faults/fault.ts';
import { modelId, modelName } from '../../../src/importers/model/importedModel.ts';
import { importModel, modelYaml } from '../../../src/importers/model/index.ts';
import { checkpointSize } from '../../../src/model/checkpointSize.ts';
import type { Model } from '../../../src/model/model.ts';
import { faultOf, filesBelow, TOKEN, temporaryFolder, testEnvironment } from './support/environment.ts';
import { fieldsOf } from './support/fieldSets.ts';
import { safetensorsFile, totalBytes } from './support/safetensorsFile.ts';
import { fileHandler, startServer, type TestServer } from './support/server.ts';
import { fp8Block, replaced, TOY_DEEPSEEK, TOY_LLAMA, toyDeepseekTensors, toyLlamaTensors } from './support/toyModels.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

function folderOf(files: Readonly<Record<string, Buffer>>, name = 'Toy_Model'): string {
  const folder = join(temporaryFolder(), name);
  mkdirSync(folder);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
  return folder;
}

function bytesOf(model: Model): number {
  const [checkpoint] = model.checkpoints;
  return checkpoint ? checkpointSize(model, checkpoint).bytes : 0;
}

const FP8 = replaced(toyDeepseekTensors(), /_proj(?:_with_mqa)?\.weight$/, (tensor) =>
  tensor.name.includes('eh_proj') ? [tensor] : fp8Block(tensor),
);
const CUT = 40;
const INDEX = {
  metadata: {},
  weight_map: Object.fromEntries(FP8.map(({ name }, index) => [name, `m-${index < CUT ? 1 : 2}.safetensors`])),
};
const DEEPSEEK = {
  'config.json': json({ ...TOY_DEEPSEEK, quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] } }),
  'model.safetensors.index.json': json(INDEX),
  'm-1.safetensors': safetensorsFile(FP8.slice(0, CUT)),
  'm-2.safetensors': safetensorsFile(FP8.slice(CUT)),
};

describe('a model of this machine', () => {
  it('is read from its folder: shape by the config, storage by the headers', async () => {
    const { model, sources, notes } = await importModel(folderOf(DEEPSEEK), testEnvironment());
    expect([model.id, model.name, model.family, model.defaultFormat]).toEqual(['toy-model', 'Toy_Model', 'toy-model', 'fp8']);
    expect([bytesOf(model), notes]).toEqual([totalBytes(FP8), []]);
    expect(sources).toEqual({
      'models/toy-model#config': { ref: 'folder Toy_Model config.json', date: '2026-11-22', kind: 'spec' },
      'models/toy-model#weights': { ref: 'folder Toy_Model safetensors headers', date: '2026-11-22', kind: 'spec' },
    });
    expect([model.architectureSource, model.checkpoints[0]?.source]).toEqual(Object.keys(sources));
  });

  it('is the same whichever of its weight files is named', async () => {
    const folder = folderOf(DEEPSEEK);
    for (const file of ['model.safetensors.index.json', 'm-1.safetensors'])
      expect(bytesOf((await importModel(join(folder, file), testEnvironment())).model)).toBe(totalBytes(FP8));
  });

  it('is read from its config alone where that is named, and says so', async () => {
    const { model, notes } = await importModel(join(folderOf(DEEPSEEK), 'config.json'), testEnvironment());
    expect([model.name, bytesOf(model)]).toEqual(['Toy_Model', totalBytes(FP8)]);
    expect(notes).toEqual([expect.stringContaining('The draft layers (MTP)'), expect.stringContaining('Only the config was read')]);
  });

  it('takes its name from a file that carries it', async () => {
    const folder = folderOf({ 'zai-org__GLM-5.json': json(fieldsOf('zai-org/GLM-5')) });
    const { model, sources } = await importModel(join(folder, 'zai-org__GLM-5.json'), testEnvironment());
    expect([model.name, model.id, sources['models/glm-5#config']?.ref]).toEqual(['GLM-5', 'glm-5', 'file zai-org__GLM-5.json']);
  });

  it('takes its name from the copy that the hub’s own client keeps', async () => {
    const folder = join(temporaryFolder(), 'models--toys--Toy-Llama', 'snapshots', '0123abcd');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config.json'), json(TOY_LLAMA));
    expect((await importModel(folder, testEnvironment())).model.checkpoints[0]?.repository).toBe('toys/Toy-Llama');
  });

  it('reads ModelOpt’s file beside the config', async () => {
    const files = {
      'config.json': json(TOY_LLAMA),
      'hf_quant_config.json': json({ quantization: { quant_algo: 'NVFP4', exclude_modules: ['lm_head'], kv_cache_quant_algo: 'FP8' } }),
    };
    const { model, notes } = await importModel(folderOf(files), testEnvironment());
    expect([model.defaultFormat, notes.join().includes('--kv-cache-dtype')]).toEqual(['nvfp4', true]);
  });

  it('is only read, never written to', async () => {
    const folder = folderOf(DEEPSEEK);
    const env = testEnvironment();
    await importModel(folder, env);
    expect(filesBelow(folder).length).toBe(Object.keys(DEEPSEEK).length);
    expect(() => filesBelow(env.cacheFolder)).toThrow();
  });

  it.each<[string, Readonly<Record<string, Buffer>>, string, string]>([
    ['an empty folder', {}, '', 'missing'],
    ['weights without a config', { 'model.safetensors': safetensorsFile(toyLlamaTensors()) }, '', 'missing'],
    ['a config that is no JSON', { 'config.json': Buffer.from('model_type: llama') }, '', 'invalid'],
    ['a config that is a list', { 'config.json': Buffer.from('[]') }, 'config.json', 'invalid'],
    ['a config that nests', { 'config.json': Buffer.from('{"a":'.repeat(100_000)) }, 'config.json', 'invalid'],
    ['a config with __proto__', { 'config.json': Buffer.from('{"__proto__": {"model_type": "llama"}}') }, 'config.json', 'invalid'],
    [
      'a config of 3 MB',
      { 'config.json': Buffer.from(JSON.stringify({ ...TOY_LLAMA, note: 'x'.repeat(3_000_000) })) },
      'config.json',
      'invalid',
    ],
    ['a shard cut short', { ...DEEPSEEK, 'm-2.safetensors': DEEPSEEK['m-2.safetensors'].subarray(0, -1) }, '', 'invalid'],
    ['a shard that is a web page', { ...DEEPSEEK, 'm-2.safetensors': Buffer.from('<html>'.repeat(20)) }, '', 'invalid'],
    [
      'sizes that multiply beyond any model',
      { 'config.json': json({ ...TOY_LLAMA, hidden_size: 1_048_576, intermediate_size: 1_048_576, num_hidden_layers: 1000 }) },
      'config.json',
      'invalid',
    ],
  ])('is refused for %s', async (_, files, named, code) => {
    expect((await faultOf(importModel(join(folderOf(files), named), testEnvironment()))).code).toBe(code);
  });

  it('with a config of 500 MB on one line is refused unread', async () => {
    const folder = folderOf({ 'config.json': Buffer.from('{"a": "') });
    truncateSync(join(folder, 'config.json'), 500_000_000);
    const before = process.memoryUsage().rss;
    expect((await faultOf(importModel(folder, testEnvironment()))).code).toBe('invalid');
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
});

describe('a model at an address', () => {
  const serve = async (files: Readonly<Record<string, Buffer>>) => {
    const server = await startServer(fileHandler(files));
    servers.push(server);
    return server;
  };
  const under = (path: string) => Object.fromEntries(Object.entries(DEEPSEEK).map(([name, bytes]) => [path + name, bytes]));

  it('is read from its folder by ranges, without the token', async () => {
    const server = await serve(under('/models/toy/'));
    const env = testEnvironment({ variables: { HF_TOKEN: TOKEN } });
    const { model, sources } = await importModel(`${server.address}/models/toy`, env);
    expect([model.id, bytesOf(model)]).toEqual(['toy', totalBytes(FP8)]);
    expect(sources['models/toy#config']?.ref).toBe(`${server.address.slice(7)}/models/toy/ config.json`);
    expect(new Set(server.authorizations)).toEqual(new Set([undefined]));
    expect(server.requests.filter((request) => request.includes('.safetensors ')).every((request) => request.includes('bytes='))).toBe(
      true,
    );
  });

  it('is read from its config alone where that is named', async () => {
    const server = await serve(under('/models/toy/'));
    expect((await importModel(`${server.address}/models/toy/config.json?download=true`, testEnvironment())).model.id).toBe('toy');
    expect(server.requests).toEqual(['/models/toy/config.json?download=true']);
  });

  it('is missing where there is none', async () => {
    const server = await serve({});
    expect((await faultOf(importModel(`${server.address}/models/toy`, testEnvironment()))).code).toBe('missing');
  });

  it('without an index is one file', async () => {
    const server = await serve({ '/m/config.json': json(TOY_LLAMA), '/m/model.safetensors': safetensorsFile(toyLlamaTensors()) });
    expect(bytesOf((await importModel(`${server.address}/m/`, testEnvironment())).model)).toBe(totalBytes(toyLlamaTensors()));
  });
});

describe('the catalog entry of a model', () => {
  const entryOf = async (files: Readonly<Record<string, Buffer>>) => {
    const found = await importModel(folderOf(files), testEnvironment());
    return { found, yaml: modelYaml(found) };
  };

  it('is one that the catalog takes, and says the same', async () => {
    for (const files of [
      DEEPSEEK,
      { 'config.json': json(TOY_LLAMA) },
      { 'config.json': json(fieldsOf('moonshotai/Kimi-Linear-48B-A3B-Instruct')) },
      { 'config.json': json(fieldsOf('nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16')) },
      { 'config.json': json(fieldsOf('moonshotai/Kimi-K2.5')) },
    ]) {
      const { found, yaml } = await entryOf(files);
      const faults: Fault[] = [];
      const entry = checked(wholeModelFile, parseYaml('models/toy.yaml', yaml), faults);
      expect(faults.map(({ message }) => message)).toEqual([]);
      expect(entry?.architecture).toEqual(found.model.architecture);
      expect(entry?.checkpoints[0]).toEqual({ ...found.model.checkpoints[0], source: found.model.checkpoints[0]?.source.split('#')[1] });
      expect(Object.keys(entry?.sources ?? {}).map((key) => `models/${found.model.id}#${key}`)).toEqual(Object.keys(found.sources));
    }
  });

  it('has what is to be reviewed above it', async () => {
    const { yaml } = await entryOf({ 'config.json': json(TOY_DEEPSEEK) });
    const comments = yaml.split('\n').filter((line) => line.startsWith('#'));
    expect(comments[0]).toBe('# yaml-language-server: $schema=../../dist/schemas/model.schema.json');
    expect(comments.slice(1).every((line) => line.startsWith('# To be reviewed: '))).toBe(true);
    expect(comments.length).toBe(3);
  });

  it('keeps short groups on one line', async () => {
    const { yaml } = await entryOf({ 'config.json': json(TOY_LLAMA) });
    expect(yaml).toContain('    attention: { kind: gqa, heads: 4, kvHeads: 2, headDim: 16 }\n');
    expect(yaml).toContain('- { mixer: attention, ffn: dense }');
  });
});

describe('the name of a model', () => {
  it.each([
    ['moonshotai/Kimi-K2.5', 'Kimi-K2.5', 'kimi-k2.5'],
    ['zai-org/GLM-5', 'GLM-5', 'glm-5'],
    ['My model (v2)', 'My model (v2)', 'my-model-v2'],
    ['__', '__', 'model'],
    ['\u001b[2J', '?[2J', '2j'],
  ])('%j', (repository, name, id) => {
    expect([modelName(repository), modelId(name)]).toEqual([name, id]);
  });
});
