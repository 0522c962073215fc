import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileSource, prefixSource } from '../../../src/importers/model/fetch/byteSource.ts';
import { localFolder } from '../../../src/importers/model/fetch/modelFolder.ts';
import { readSafetensors } from '../../../src/importers/model/parse/safetensors.ts';
import { readWeightFiles } from '../../../src/importers/model/parse/weightFiles.ts';
import { faultOf, temporaryFolder } from './support/environment.ts';
import { headerBytes, safetensorsFile, tensorBytes, totalBytes } from './support/safetensorsFile.ts';

const read = (bytes: Buffer, length = bytes.length) => readSafetensors(prefixSource('a.safetensors', bytes, length));
const entry = (dtype: string, shape: readonly unknown[], offsets: readonly unknown[]) => ({ dtype, shape, data_offsets: offsets });

describe('a safetensors header', () => {
  it('tells name, type, shape and bytes of each tensor', async () => {
    const tensors = [
      { name: 'a.weight', dtype: 'BF16', shape: [3, 4] },
      { name: 'b.weight_packed', dtype: 'I32', shape: [2, 2] },
      { name: 'c.scale', dtype: 'F32', shape: [] },
      { name: 'd.empty', dtype: 'U8', shape: [0, 5] },
    ];
    expect(await read(safetensorsFile(tensors))).toEqual(
      [24, 16, 4, 0].map((bytes, index) => ({ ...tensors[index], elements: [12, 4, 1, 0][index], bytes })),
    );
  });

  it('accounts for every byte of the data', async () => {
    const shape = fc.array(fc.nat(6), { maxLength: 3 });
    const tensor = fc.record({ dtype: fc.constantFrom('BF16', 'F32', 'U8', 'F8_E4M3'), shape });
    await fc.assert(
      fc.asyncProperty(fc.array(tensor, { maxLength: 8 }), async (list) => {
        const tensors = list.map((each, index) => ({ ...each, name: `t${index}` }));
        const stored = await read(safetensorsFile(tensors));
        expect(stored.map(({ bytes }) => bytes)).toEqual(tensors.map(tensorBytes));
      }),
    );
  });

  it('is all that is read of a large file', async () => {
    const path = join(temporaryFolder(), 'large.safetensors');
    const rows = 2 ** 30;
    writeFileSync(path, headerBytes({ a: entry('F8_E4M3', [rows, 64], [0, rows * 64]) }));
    truncateSync(path, headerBytes({ a: entry('F8_E4M3', [rows, 64], [0, rows * 64]) }).length + rows * 64);
    expect((await readSafetensors(await fileSource(path)))[0]?.bytes).toBe(64 * 2 ** 30);
  });

  const longLength = Buffer.concat([Buffer.from([0, 0xe4, 0x0b, 0x54, 2, 0, 0, 0]), Buffer.alloc(64)]);

  it.each([
    ['a header of 10 GB', longLength, 64 + 8],
    ['a header of 10 GB in a file that has them', longLength, 20e9],
    ['a header of 2^64 bytes', Buffer.alloc(72, 0xff), 72],
    ['no room for a length', Buffer.alloc(4), 4],
    ['a header that is no JSON', headerBytes('{"a"'), undefined],
    ['a header that is a list', headerBytes([]), undefined],
    ['a negative size', headerBytes({ a: entry('U8', [-4], [0, 4]) }), undefined],
    ['an endless size', headerBytes({ a: entry('U8', [1e300], [0, 4]) }), undefined],
    ['sizes that overflow', headerBytes({ a: entry('U8', [2 ** 40, 2 ** 40], [0, 4]) }), undefined],
    ['offsets that go back', headerBytes({ a: entry('U8', [4], [8, 4]) }), undefined],
    ['offsets without an end', headerBytes({ a: entry('U8', [4], [0]) }), undefined],
    ['offsets that do not fit the shape', headerBytes({ a: entry('BF16', [4], [0, 4]) }), undefined],
    ['an unknown type', headerBytes({ a: entry('F128', [4], [0, 64]) }), undefined],
    ['a type from the prototype', headerBytes({ a: entry('toString', [4], [0, 64]) }), undefined],
    ['data that lie beyond the file', headerBytes({ a: entry('U8', [400], [0, 400]) }), undefined],
    ['a gap', Buffer.concat([headerBytes({ a: entry('U8', [4], [4, 8]) }), Buffer.alloc(8)]), undefined],
    ['an overlap', Buffer.concat([headerBytes({ a: entry('U8', [4], [0, 4]), b: entry('U8', [4], [2, 6]) }), Buffer.alloc(6)]), undefined],
    ['bytes that no tensor has', Buffer.concat([headerBytes({ a: entry('U8', [4], [0, 4]) }), Buffer.alloc(9)]), undefined],
    ['a key __proto__', headerBytes('{"__proto__": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}'), undefined],
  ])('is refused for %s', async (_, bytes, length) => {
    const { code, message } = await faultOf(read(bytes, length));
    expect(code).toBe('invalid');
    expect(message).toContain('a.safetensors');
  });
});

describe('files of weights', () => {
  const [one, two] = [
    [{ name: 'model.a.weight', dtype: 'BF16', shape: [4, 4] }],
    [
      { name: 'model.b.weight', dtype: 'F32', shape: [2] },
      { name: 'model.c.weight', dtype: 'BF16', shape: [8] },
    ],
  ] as const;
  const whole = { 'model.a.weight': '1.safetensors', 'model.b.weight': '2.safetensors', 'model.c.weight': '2.safetensors' };

  function folderWith(map: Readonly<Record<string, string>> | null, files: Readonly<Record<string, Buffer>> = {}): string {
    const path = temporaryFolder();
    mkdirSync(path, { recursive: true });
    if (map) writeFileSync(join(path, 'model.safetensors.index.json'), JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
    return path;
  }
  const shards = { '1.safetensors': safetensorsFile(one), '2.safetensors': safetensorsFile(two) };
  const tensorsIn = async (path: string) => readWeightFiles(await localFolder(path));

  it('are found by their index', async () => {
    const stray = { 'consolidated.safetensors': safetensorsFile(one) };
    const tensors = await tensorsIn(folderWith(whole, { ...shards, ...stray }));
    expect(tensors?.map(({ name }) => name)).toEqual(['model.a.weight', 'model.b.weight', 'model.c.weight']);
    expect(tensors?.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(totalBytes([...one, ...two]));
  });

  it('are found without an index', async () => {
    expect((await tensorsIn(folderWith(null, shards)))?.length).toBe(3);
    expect((await tensorsIn(folderWith(null, { 'model.safetensors': safetensorsFile(two), ...shards })))?.length).toBe(2);
    expect(await tensorsIn(folderWith(null))).toBeNull();
  });

  it.each([
    ['a shard that is not there', { ...whole, 'model.d.weight': '3.safetensors' }, shards, 'missing'],
    ['a tensor that no shard holds', { ...whole, 'model.d.weight': '2.safetensors' }, shards, 'contradiction'],
    ['a tensor in two shards', { ...whole }, { ...shards, '2.safetensors': safetensorsFile([...one, ...two]) }, 'contradiction'],
    ['a shard outside the folder', { ...whole, 'model.d.weight': '../../etc/passwd' }, shards, 'invalid'],
    ['a shard that is no safetensors', { ...whole, 'model.d.weight': 'config.json' }, shards, 'invalid'],
    ['an absolute shard', { ...whole, 'model.d.weight': '/etc/a.safetensors' }, shards, 'invalid'],
  ])('are refused for %s', async (_, map, files, code) => {
    expect((await faultOf(tensorsIn(folderWith(map, files)))).code).toBe(code);
  });

  it('must be regular files', async () => {
    expect((await faultOf(fileSource('/dev/zero'))).code).toBe('invalid');
    expect((await faultOf(fileSource('/dev/no-such-file'))).code).toBe('missing');
  });
});
