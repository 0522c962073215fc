import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { readOffloadFacts } from '../../src/catalog/offloadFacts.ts';
import { SourceBook } from '../../src/catalog/sourceBook.ts';
import { fileBytesOf, ggufWeights } from '../../src/memory/offload/offloadWeights.ts';

const DATA = fileURLToPath(new URL('../../data', import.meta.url));
const copies: string[] = [];

/** The faults of data/ with one file changed. */
function faultsWith(file: string, change: (content: string) => string): string[] {
  const path = mkdtempSync(join(tmpdir(), 'kplan-data-'));
  copies.push(path);
  for (const part of ['gguf', 'offload', 'models']) cpSync(join(DATA, part), join(path, part), { recursive: true });
  const target = join(path, file);
  writeFileSync(target, change(readFileSync(target, 'utf8')));
  const folder = { path, faults: [] as { message: string }[] };
  readOffloadFacts(folder as never, new SourceBook(folder.faults as never));
  return folder.faults.map(({ message }) => message);
}

afterAll(() => {
  for (const path of copies) rmSync(path, { recursive: true });
});

describe('the facts of data/gguf and data/offload', () => {
  const { ggufMixes, models, llamaCpp, sources } = loadCatalog();

  it('name a source and a date for every size', () => {
    for (const { fileBytes, mix, model } of ggufMixes) expect(sources[fileBytes.source]?.date, `${model} ${mix}`).toMatch(/^20\d\d-\d\d/);
    expect(ggufMixes.length).toBeGreaterThan(20);
  });

  it('publish sizes that agree within 1 % with the types that are published beside them', () => {
    const known = ggufMixes.filter(({ encodings }) => encodings['routed-experts'] !== undefined);
    expect(known.length).toBeGreaterThan(5);
    for (const { model: id, mix, encodings, fileBytes } of known) {
      const model = models.find((one) => one.id === id);
      if (!model) throw new Error(`no model ${id}`);
      const derived = fileBytesOf(
        ggufWeights(model.architecture, { encodings, rest: llamaCpp.restEncoding.value, fileBytes: null }),
        model.architecture,
      );
      expect(derived / fileBytes.low, `${id} ${mix}`).toBeGreaterThan(0.99);
      expect(derived / fileBytes.high, `${id} ${mix}`).toBeLessThan(1.01);
    }
  });

  it.each([
    [
      'a size without a source',
      'gguf/kimi-k2.6.yaml',
      (content: string) => content.replace('value: 340, source: page', 'value: 340'),
      /missing data\/gguf\/kimi-k2.6.yaml:\d+:\d+: mixes.0.fileGB.source/,
    ],
    ['an unknown type', 'gguf/kimi-k2.6.yaml', (content: string) => content.replace('gguf:q4_0', 'gguf:q4_9'), /encoding such as/],
    ['ends out of order', 'gguf/kimi-k2.7-code.yaml', (content: string) => content.replace('low: 325', 'low: 360'), /rising order/],
    [
      'a band that is not one',
      'offload/llama.cpp.yaml',
      (content: string) => content.replace('low: 0.3, value: 0.5', 'value: 0.5'),
      /gpuReserveGiB.low/,
    ],
    [
      'a key that nobody knows',
      'offload/ktransformers.yaml',
      (content: string) => `${content.replace('name:', 'nickname: kt\nname:')}`,
      /no such key: nickname/,
    ],
  ])('refuse %s', (_, file, change, message) => {
    expect(faultsWith(file, change).join('\n')).toMatch(message);
  });
});
