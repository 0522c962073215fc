import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/faults/fault.ts';
import { prefixSource } from '../../../src/importers/model/fetch/byteSource.ts';
import { importedModel } from '../../../src/importers/model/importedModel.ts';
import { readGguf } from '../../../src/importers/model/parse/gguf.ts';
import { JsonGroup } from '../../../src/importers/model/parse/jsonGroup.ts';
import { readSafetensors } from '../../../src/importers/model/parse/safetensors.ts';
import { configReading } from '../../../src/importers/model/readings.ts';
import { ggufConfig } from '../../../src/importers/model/translate/ggufConfig.ts';
import { readJson } from '../../../src/importers/shared/jsonDocument.ts';
import { FIELD_SETS } from './support/fieldSets.ts';
import { ggufFile } from './support/ggufFile.ts';
import { safetensorsFile } from './support/safetensorsFile.ts';
import { TOY_LLAMA, toyLlamaTensors } from './support/toyModels.ts';

const HOSTILE = [
  null,
  true,
  -1,
  0,
  1,
  1.5,
  1e9,
  1e300,
  'x',
  '',
  '__proto__',
  [],
  [-1],
  ['x'],
  {},
  { a: 1 },
  Array.from({ length: 5000 }, () => 1),
];

const ORIGIN = { repository: 'a/b', ref: 'x', files: { shape: 'config.json', storage: 'config.json' }, date: '2026-11-22' };

/** Ends well or in a fault; anything else fails the test. */
async function endsInFault(work: () => unknown): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return true;
  }
}

const read = (fields: unknown) => importedModel(configReading(JsonGroup.of(fields, 'config.json'), null, null), ORIGIN);

/** A group with one value of it, however deep, in place of another. */
function variants(group: Readonly<Record<string, unknown>>, value: unknown): Record<string, unknown>[] {
  return Object.entries(group).flatMap(([key, inner]) => {
    const here = { ...group, [key]: value };
    const isGroup = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    return [here, ...(isGroup ? variants(inner as Record<string, unknown>, value).map((changed) => ({ ...group, [key]: changed })) : [])];
  });
}

describe('whatever a file holds', () => {
  it.each(FIELD_SETS)('a config of $repository is read or refused', async ({ fields }) => {
    let refused = 0;
    for (const value of HOSTILE) for (const changed of variants(fields, value)) if (await endsInFault(() => read(changed))) refused++;
    expect(refused).toBeGreaterThan(50);
  });

  it('a quantisation config is read or refused', async () => {
    const config = {
      quant_method: 'compressed-tensors',
      config_groups: {
        g: {
          targets: ['Linear'],
          weights: { num_bits: 4, type: 'int', strategy: 'group', group_size: 32, symmetric: true, block_structure: [128, 128] },
        },
      },
      ignore: ['lm_head', 're:.*gate$'],
      modules_to_not_convert: ['lm_head'],
      quant_algo: 'NVFP4',
      weight_block_size: [128, 128],
      global_quant_config: { weight: { dtype: 'fp4' } },
      bits: 4,
      group_size: 128,
    };
    for (const method of ['compressed-tensors', 'modelopt', 'fp8', 'awq', 'gptq', 'mxfp4', 'quark', 'fbgemm_fp8'])
      for (const value of HOSTILE)
        for (const changed of variants({ ...config, quant_method: method }, value))
          await endsInFault(() => read({ ...TOY_LLAMA, quantization_config: changed }));
  });

  it('JSON of any kind is read or refused', async () => {
    await fc.assert(fc.asyncProperty(fc.jsonValue(), async (value) => void (await endsInFault(() => read(value)))));
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 60 }),
        async (bytes) => void (await endsInFault(() => readJson(bytes, { name: 'x', mostBytes: 100 }))),
      ),
    );
  });

  const changed = (file: Buffer, edits: readonly (readonly [number, number])[], length: number) => {
    const bytes = Buffer.from(file);
    for (const [at, value] of edits) bytes[at % Math.min(bytes.length, 600)] = value;
    return bytes.subarray(0, length % (bytes.length + 1));
  };
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });

  it('a safetensors file is read or refused', async () => {
    const file = safetensorsFile(toyLlamaTensors().slice(0, 4));
    await fc.assert(
      fc.asyncProperty(edits, fc.oneof(fc.constant(file.length), fc.nat()), async (list, length) => {
        const bytes = changed(file, list, length);
        await endsInFault(() => readSafetensors(prefixSource('a', bytes, bytes.length)));
      }),
      { numRuns: 500 },
    );
  });

  it('a GGUF file is read or refused', async () => {
    const metadata = {
      'general.architecture': 'llama',
      'llama.block_count': 1,
      'llama.list': [1, 2, 3],
      'llama.text': 'abc',
      'llama.flag': true,
    };
    const file = ggufFile(metadata, [
      { name: 'token_embd.weight', shape: [8, 32], type: 8 },
      { name: 'output_norm.weight', shape: [8], type: 0 },
    ]);
    await fc.assert(
      fc.asyncProperty(edits, fc.oneof(fc.constant(file.length), fc.nat()), async (list, length) => {
        const bytes = changed(file, list, length);
        await endsInFault(async () => {
          const header = await readGguf(prefixSource('a', bytes, bytes.length));
          ggufConfig(header.metadata, header.tensors);
        });
      }),
      { numRuns: 1000 },
    );
  });
});
