import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prefixSource } from '../../../src/importers/model/fetch/byteSource.ts';
import { importModel } from '../../../src/importers/model/index.ts';
import { readGguf } from '../../../src/importers/model/parse/gguf.ts';
import { faultOf, temporaryFolder, testEnvironment } from './support/environment.ts';
import { ggufFile, ggufText, u32, u64 } from './support/ggufFile.ts';
import { safetensorsFile, type TestTensor } from './support/safetensorsFile.ts';
import { TOY_DEEPSEEK, TOY_LLAMA, toyDeepseekTensors, toyLlamaTensors } from './support/toyModels.ts';

function folderOf(files: Readonly<Record<string, Buffer>>): string {
  const folder = join(temporaryFolder(), 'toy');
  mkdirSync(folder);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
  return folder;
}

const imported = (config: Readonly<Record<string, unknown>>, tensors: readonly TestTensor[]) =>
  importModel(
    folderOf({ 'config.json': Buffer.from(JSON.stringify(config)), 'model.safetensors': safetensorsFile(tensors) }),
    testEnvironment(),
  );

describe('a config that the tensors contradict', () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly TestTensor[], string, string]>([
    [
      'lost layers',
      TOY_LLAMA,
      toyLlamaTensors().filter(({ name }) => !/layers\.[12]\./.test(name)),
      'num_hidden_layers',
      'it says 3 decoder layers, the tensors of the files say 1: layers 1 to 2 missing',
    ],
    [
      'surplus layers',
      { ...TOY_LLAMA, num_hidden_layers: 2 },
      toyLlamaTensors(),
      'num_hidden_layers',
      'it says 2 decoder layers, the tensors of the files say 3: layer 2 beyond them',
    ],
    [
      'another hidden size',
      { ...TOY_LLAMA, hidden_size: 128 },
      toyLlamaTensors(),
      'hidden_size',
      'it says 128, the tensors of the files say 64',
    ],
    ['another FFN', { ...TOY_LLAMA, intermediate_size: 512 }, toyLlamaTensors(), 'intermediate_size', '294912 of them in dense-ffn'],
    [
      'more experts',
      { ...TOY_DEEPSEEK, n_routed_experts: 32 },
      toyDeepseekTensors(),
      'moe_intermediate_size',
      'the tensors of the files say',
    ],
    ['no tensors', TOY_LLAMA, [], 'num_hidden_layers', 'layers 0 to 2 missing'],
  ])('is refused for %s', async (_, config, tensors, field, words) => {
    const { code, message, details } = await faultOf(imported(config, tensors));
    expect([code, details.where]).toEqual(['contradiction', `config.json: ${field}`]);
    expect(message).toContain(words);
  });

  it('is read where draft layers are more than it names', async () => {
    const { model } = await imported({ ...TOY_DEEPSEEK, num_nextn_predict_layers: 0 }, toyDeepseekTensors());
    expect(model.architecture.draft).toBeNull();
  });
});

describe('a GGUF file', () => {
  const metadata = {
    'general.architecture': 'llama',
    ...{ 'llama.block_count': 64, 'llama.context_length': 4096, 'llama.embedding_length': 64, 'llama.feed_forward_length': 64 },
    ...{ 'llama.attention.head_count': 2, 'llama.vocab_size': 32 },
  };
  const block = ['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down'];
  const tensors = [
    { name: 'token_embd.weight', shape: [32, 64], type: 0 },
    ...Array.from({ length: 32 }, (_, layer) =>
      block.map((name) => ({ name: `blk.${layer}.${name}.weight`, shape: [64, 64], type: 0 })),
    ).flat(),
  ];

  it('with fewer blocks than its metadata say is refused', async () => {
    const { code, message, details } = await faultOf(importModel(folderOf({ 'a.gguf': ggufFile(metadata, tensors) }), testEnvironment()));
    expect([code, details.where.endsWith('a.gguf: llama.block_count')]).toEqual(['contradiction', true]);
    expect(message).toContain('it says 64 decoder layers, the tensors of the files say 32: layers 32 to 63 missing');
  });

  it('without tensors is refused', async () => {
    const { code, message } = await faultOf(importModel(folderOf({ 'a.gguf': ggufFile(metadata) }), testEnvironment()));
    expect([code, message.includes('it holds no tensors')]).toEqual(['missing', true]);
  });

  it('with a key that stands twice is refused', async () => {
    const key = (value: number) => Buffer.concat([ggufText('llama.block_count'), u32(4), u32(value)]);
    const file = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(2), key(1), key(2)]);
    const { code, details } = await faultOf(readGguf(prefixSource('a.gguf', file, file.length)));
    expect([code, details.where]).toEqual(['contradiction', 'a.gguf: llama.block_count']);
  });
});
