import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, prefixSource } from '../../../src/importers/model/fetch/byteSource.ts';
import { readGguf } from '../../../src/importers/model/parse/gguf.ts';
import { ggufModelsOf, ggufShards } from '../../../src/importers/model/parse/ggufFiles.ts';
import { faultOf } from './support/environment.ts';
import { ggufFile, ggufTensorBytes, ggufText, u32, u64 } from './support/ggufFile.ts';

const read = (bytes: Buffer) => readGguf(prefixSource('a.gguf', bytes, bytes.length));
const head = (version: number, tensors: number | bigint, keys: number | bigint, ...rest: readonly Buffer[]) =>
  Buffer.concat([Buffer.from('GGUF'), u32(version), u64(tensors), u64(keys), ...rest]);

describe('a GGUF header', () => {
  const tensors = [
    { name: 'token_embd.weight', shape: [10, 64], type: 8 },
    { name: 'blk.0.ffn_up.weight', shape: [16, 256], type: 12 },
    { name: 'output_norm.weight', shape: [64], type: 0 },
  ];
  const metadata = {
    'general.architecture': 'llama',
    'llama.block_count': 1,
    'llama.attention.head_count_kv': [8, 8, 4],
    'tokenizer.ggml.tokens': Array.from({ length: 3000 }, (_, index) => `token ${index}`),
    'tokenizer.ggml.token_type': Array.from({ length: 3000 }, () => 1),
    'tokenizer.chat_template': 'x'.repeat(3_000_000),
    'general.flag': true,
  };

  it('tells metadata and tensors, rows first', async () => {
    const { metadata: found, tensors: stored } = await read(ggufFile(metadata, tensors));
    expect(found.text('general.architecture')).toBe('llama');
    expect(found.wholes('llama.attention.head_count_kv', 3, 8)).toEqual([8, 8, 4]);
    expect([found.flag('general.flag'), found.has('tokenizer.chat_template')]).toEqual([true, false]);
    expect(stored.map(({ name, dtype, shape, bytes }) => [name, dtype, shape, bytes])).toEqual([
      ['token_embd.weight', 'q8_0', [10, 64], 680],
      ['blk.0.ffn_up.weight', 'q4_k', [16, 256], 2304],
      ['output_norm.weight', 'f32', [64], 256],
    ]);
  });

  it('counts the vocabulary and skips it', async () => {
    const { metadata: found } = await read(ggufFile(metadata, tensors));
    expect([found.count('tokenizer.ggml.tokens.length', 1e6), found.has('tokenizer.ggml.tokens')]).toEqual([3000, false]);
    expect(found.count('tokenizer.ggml.token_type.length', 1e6)).toBe(3000);
  });

  it('is read in pieces that hold no more than a chunk of it', async () => {
    const file = ggufFile(metadata, tensors);
    const reads: number[] = [];
    const source: ByteSource = {
      name: 'a.gguf',
      byteLength: file.length,
      read: async (start, end) => {
        reads.push(end - start);
        return file.subarray(start, end);
      },
    };
    await readGguf(source);
    expect(Math.max(...reads)).toBeLessThanOrEqual(2 ** 20);
    expect(reads.reduce((sum, each) => sum + each, 0)).toBeLessThan(file.length);
  });

  it('gives each tensor its bytes whatever its shape', async () => {
    const tensor = fc.record({ type: fc.constantFrom(0, 1, 8, 12, 14, 30), rows: fc.integer({ min: 1, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(tensor, { maxLength: 6 }), async (list) => {
        const all = list.map(({ type, rows }, index) => ({ name: `t${index}`, shape: [rows, 256], type }));
        const { tensors: stored } = await read(ggufFile({}, all));
        expect(stored.map(({ bytes }) => bytes)).toEqual(all.map(ggufTensorBytes));
      }),
    );
  });

  it('sizes the types of forks by where the next tensor begins', async () => {
    const file = ggufFile({}, [
      { name: 'a', shape: [64], type: 144 },
      { name: 'b', shape: [8], type: 0 },
    ]);
    expect((await read(file)).tensors.map(({ dtype, bytes }) => [dtype, bytes])).toEqual([
      ['type 144', 64],
      ['f32', 32],
    ]);
  });

  const info = (name: string, dimensions: readonly (number | bigint)[], type: number, offset: number | bigint) =>
    Buffer.concat([ggufText(name), u32(dimensions.length), ...dimensions.map(u64), u32(type), u64(offset)]);

  it.each([
    ['another format', Buffer.from('GGML'.padEnd(64)), 'invalid'],
    ['an empty file', Buffer.alloc(0), 'invalid'],
    ['version 1', head(1, 0, 0), 'unsupported'],
    ['big endian', Buffer.concat([Buffer.from('GGUF'), Buffer.from([0, 0, 0, 3]), Buffer.alloc(16)]), 'unsupported'],
    ['2^63 tensors', head(3, 2n ** 63n, 0), 'invalid'],
    ['2^63 keys', head(3, 0, 2n ** 63n), 'invalid'],
    ['tensors that are not there', head(3, 3, 0), 'invalid'],
    ['keys that are not there', head(3, 0, 3), 'invalid'],
    ['a key of 2^60 bytes', head(3, 0, 1, u64(2n ** 60n)), 'invalid'],
    ['a text of 2^60 bytes', head(3, 0, 1, ggufText('k'), u32(8), u64(2n ** 60n)), 'invalid'],
    ['a list of 2^60 numbers', head(3, 0, 1, ggufText('k'), u32(9), u32(10), u64(2n ** 60n)), 'invalid'],
    ['a list of 2^60 texts', head(3, 0, 1, ggufText('k'), u32(9), u32(8), u64(2n ** 60n), Buffer.alloc(4000)), 'invalid'],
    ['a list of an unknown type', head(3, 0, 1, ggufText('k'), u32(9), u32(77), u64(2)), 'invalid'],
    ['an unknown type', head(3, 0, 1, ggufText('k'), u32(13)), 'invalid'],
    ['lists within lists', head(3, 0, 1, ggufText('k'), u32(9), ...Array.from({ length: 9 }, () => [u32(9), u64(1)]).flat()), 'invalid'],
    ['a key __proto__', head(3, 0, 1, ggufText('__proto__'), u32(4), u32(1)), 'invalid'],
    [
      'a tensor of 9 dimensions',
      head(
        3,
        1,
        0,
        info(
          'a',
          Array.from({ length: 9 }, () => 1),
          0,
          0,
        ),
      ),
      'invalid',
    ],
    ['a tensor of 2^63 columns', head(3, 1, 0, info('a', [2n ** 63n], 0, 0)), 'invalid'],
    ['a tensor of no rows', head(3, 1, 0, info('a', [0], 0, 0)), 'invalid'],
    ['sizes that overflow', head(3, 1, 0, info('a', [2 ** 31, 2 ** 31], 0, 0)), 'invalid'],
    ['data beyond the file', head(3, 1, 0, info('a', [1024], 0, 0)), 'invalid'],
    ['an offset beyond the file', head(3, 1, 0, info('a', [1], 0, 2n ** 62n), Buffer.alloc(64)), 'invalid'],
    ['columns that are no blocks', head(3, 1, 0, info('a', [100], 12, 0), Buffer.alloc(400)), 'invalid'],
    ['a name without end', head(3, 1, 0, u64(2n ** 61n)), 'invalid'],
  ])('is refused for %s', async (_, bytes, code) => {
    const fault = await faultOf(read(bytes));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain('a.gguf');
  });
});

describe('a GGUF file cut off before the data of a tensor', () => {
  it.each([0, 145])('of type %i says so without a negative size', async (type) => {
    const file = ggufFile({ 'general.architecture': 'llama' }, [
      { name: 'a', shape: [64, 64], type },
      { name: 'b', shape: [64, 64], type },
    ]);
    const { code, message } = await faultOf(
      read(file.subarray(0, file.length - ggufTensorBytes({ name: 'b', shape: [64, 64], type }) - 1000)),
    );
    expect([code, message.includes('data of b'), /-\d/.test(message)]).toEqual(['invalid', true, false]);
  });
});

describe('GGUF files that are split', () => {
  it('are named by any of them', () => {
    const all = ['m/K-Q4-00001-of-00003.gguf', 'm/K-Q4-00002-of-00003.gguf', 'm/K-Q4-00003-of-00003.gguf'];
    for (const file of all) expect(ggufShards(file)).toEqual(all);
    expect(ggufShards('K-Q4.gguf')).toEqual(['K-Q4.gguf']);
  });

  it('count as one model, and projectors as none', () => {
    const files = ['a-00002-of-00002.gguf', 'a-00001-of-00002.gguf', 'b.gguf', 'mmproj-F16.gguf', 'x/mmproj.gguf', 'c.bin'];
    expect(ggufModelsOf(files)).toEqual(['a-00001-of-00002.gguf', 'b.gguf']);
  });

  it('cannot be endless', async () => {
    expect((await faultOf(() => ggufShards('a-00001-of-99999.gguf'))).code).toBe('invalid');
    expect((await faultOf(() => ggufShards('a-00001-of-00000.gguf'))).code).toBe('invalid');
  });
});
