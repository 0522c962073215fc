import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { Fault } from '../../src/faults/fault.ts';
import { offload } from '../../src/plan/offload/offload.ts';
import type { OffloadQuery } from '../../src/plan/offload/offloadQuestion.ts';
import { offloadSchema } from '../../src/report/schema/offload.ts';
import { checkExample, docExamples } from '../support/docExamples.ts';
import { checkTerms } from '../support/termCheck.ts';

const catalog = loadCatalog();
const GB = 1e9;

const ask = (query: Partial<OffloadQuery>) => offload({ engine: 'llama.cpp', gpu: ['rtx-4090:1'], ramBytes: 512 * GB, ...query }, catalog);
const first = (query: Partial<OffloadQuery>) => {
  const [result] = ask(query).results;
  if (!result) throw new Error('no result');
  return result;
};

function refusal(query: Partial<OffloadQuery>): Fault {
  try {
    ask(query);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('examples of src/plan/offload.ts', () => {
  it.each(docExamples('plan/offload', /^offload\.ts$/))('$file: $expression', (example) => {
    checkExample(example, { offload, offloadCatalog: catalog });
  });
});

describe('what kplan fit --engine llama.cpp answers', () => {
  it('one file: what lies on the GPUs, the RAM, and that no speed is known', () => {
    const { answer, results } = ask({ gpu: ['rtx-4090:2'], model: 'kimi-k2.7-code', format: 'ud-q2_k_xl' });
    expect(answer).toBe(
      'Kimi K2.7 Code at 32k tokens with llama.cpp: ud-q2_k_xl fits on 2 × RTX 4090 with 512 GB of RAM: the experts of 2 of 60 layers on the GPUs, at most 343 GB of 512 GB RAM. No speed is measured on such hosts.',
    );
    expect(results[0]?.launchOptions.join(' ')).toBe('--n-gpu-layers 999 --n-cpu-moe 59 --ctx-size 32768');
    expect(results[0]?.speed.code).toBe('no-measurement');
  });

  it('whole layers of a dense model: the output head counts as one more, the first to be offloaded', () => {
    const { results } = ask({ gpu: ['rtx-4090:2'], model: 'llama-3.1-8b', contextTokens: 8192 });
    for (const { placement, launchOptions } of results) {
      expect(placement).toMatchObject({ onGpus: 32, of: 32 });
      expect(launchOptions.slice(0, 2)).toEqual(['--n-gpu-layers', '33']);
    }
  });

  it('all files of a model where none is asked, smallest first', () => {
    const { answer, results } = ask({ ramBytes: 400 * GB, model: 'kimi-k2.5' });
    expect(results.map(({ format }) => format)).toEqual(['ud-tq1_0', 'ud-q2_k_xl', 'q2_k', 'q3_k_m', 'q4_0', 'q4_k_m', 'q6_k', 'q8_0']);
    expect(answer).toMatch(/q2_k fits on 1 × RTX 4090 .*; smaller ones fit too: ud-tq1_0 and ud-q2_k_xl; does not fit: q3_k_m, q4_0/);
    expect(results.map(({ remedy }) => remedy?.code)).not.toContain('smaller-mix');
  });

  it('RAM and VRAM must exceed the file: a gigabyte decides', () => {
    const need = first({ format: 'ud-q2_k_xl', model: 'kimi-k2.6' }).ramNeededBytes;
    const at = (ramBytes: number) => first({ format: 'ud-q2_k_xl', model: 'kimi-k2.6', ramBytes }).verdict;
    expect(at(need?.high ?? 0)).toBe('fits');
    expect(at((need?.high ?? 0) - 1)).toBe('marginal');
    expect(at((need?.low ?? 0) - 6 * GB)).toBe('does-not-fit');
  });

  it('without GPUs everything is in RAM', () => {
    const result = offload({ engine: 'llama.cpp', ramBytes: 384 * GB, model: 'kimi-k2.6', format: 'ud-q2_k_xl' }, catalog).results[0];
    expect(result).toMatchObject({ gpu: null, gpus: 0, verdict: 'fits', placement: { kind: 'layers', onGpus: 0 } });
  });

  it('reads from the disk what RAM does not hold, where there is one to read from', () => {
    const small = { ramBytes: 128 * GB, model: 'kimi-k2.7-code', format: 'ud-q2_k_xl' };
    expect(first(small)).toMatchObject({ verdict: 'does-not-fit', binding: { code: 'ram' } });
    const read = first({ ...small, diskBytes: 2000 * GB });
    expect(read).toMatchObject({ verdict: 'marginal', binding: { code: 'read-from-disk' } });
    expect(read.binding.message).toMatch(/find no room in RAM and are read from the disk again and again \(mmap\)/);
    expect(first({ ...small, ramBytes: 8 * GB, diskBytes: 2000 * GB }).verdict).toBe('does-not-fit');
  });

  it('needs the disk for the files at all', () => {
    const result = first({ diskBytes: 100 * GB, model: 'kimi-k2.6', format: 'ud-q2_k_xl' });
    expect(result).toMatchObject({
      verdict: 'does-not-fit',
      binding: { code: 'disk' },
      remedy: { change: { disk: '341GB' }, verdict: 'fits' },
    });
  });

  it('offers the largest smaller file of the model, else RAM', () => {
    expect(first({ ramBytes: 400 * GB, model: 'kimi-k2.5', format: 'q4_k_m' }).remedy).toMatchObject({
      change: { format: 'q2_k' },
      verdict: 'fits',
    });
    const remedy = first({ ramBytes: 100 * GB, model: 'kimi-k2.5', format: 'ud-tq1_0' }).remedy;
    expect(remedy).toMatchObject({ code: 'more-ram', verdict: 'fits' });
    const ramBytes = Number(String(remedy?.change['ram']).replace('GB', '')) * GB;
    expect(first({ ramBytes, model: 'kimi-k2.5', format: 'ud-tq1_0' }).verdict).toBe('fits');
  });

  it('takes a plain GGUF type of any model, and says that nobody published it', () => {
    const { results, assumptions } = ask({ model: 'kimi-k2.6', format: 'Q6_K', ramBytes: 1100 * GB });
    expect(results[0]?.fileBytes?.value).toBeGreaterThan(840 * GB);
    expect(assumptions.find(({ code }) => code === 'format-q6_k')?.text).toContain('of no known repository');
  });

  it('says that the split of a mix known by its size is an assumption', () => {
    const { assumptions } = ask({ model: 'kimi-k2.6', format: 'ud-q2_k_xl' });
    expect(assumptions.find(({ code }) => code === 'format-ud-q2_k_xl')?.text).toMatch(
      /known by its size alone: tensors beside experts are taken to be q8_0/,
    );
  });

  it('halves the KV cache with q8_0, near enough', () => {
    const bytes = (kvCacheDtype: string) => first({ model: 'kimi-k2.6', format: 'ud-q2_k_xl', kvCacheDtype }).kvBytes ?? 0;
    expect(bytes('q8_0') / bytes('f16')).toBe(34 / 64);
    expect(bytes('f16')).toBe(61 * 32_768 * 576 * 2);
  });
});

const kt = (query: Partial<OffloadQuery>) => first({ engine: 'ktransformers', model: 'kimi-k2-thinking', ramBytes: 650 * GB, ...query });

describe('what kplan fit --engine ktransformers answers', () => {
  it.each([
    [1, 0, 30_000],
    [2, 8, 65_536],
    [4, 30, 80_000],
    [8, 80, 100_000],
  ])('%i cards of 48 GB have room for the published %i experts of each layer at %i tokens', (cards, gpuExperts, contextTokens) => {
    expect(kt({ gpu: [`rtx-4090-48:${cards}`], contextTokens }).placement?.onGpus).toBeGreaterThanOrEqual(gpuExperts);
  });

  it('says which experts a host has room for where asked for too many, with the RAM that is short as well', () => {
    const result = kt({ gpu: ['rtx-4090-48:8'], ramBytes: 512 * GB, gpuExperts: 300 });
    expect(result.remedy).toMatchObject({ code: 'fewer-gpu-experts+more-ram', change: { ram: '650GB' }, verdict: 'fits' });
    expect(kt({ gpu: ['rtx-4090-48:8'], gpuExperts: Number(result.remedy?.change['gpuExperts']) }).verdict).toBe('fits');
  });
});

describe('what no memory helps', () => {
  it.each([
    ['experts that CPU and GPU cannot share', { format: 'nvfp4', model: 'kimi-k2.5' }, 'ktransformers.expert-format'],
    ['heads that do not divide', { gpu: ['l40s:3'] }, 'ktransformers.tp-heads'],
    ['GPUs of another vendor', { gpu: ['mi300x:2'] }, 'ktransformers.gpu-vendor'],
    ['no GPU', { gpu: [] }, 'ktransformers.no-gpu'],
    ['memory that nobody knows', { gpu: ['gh200-144:1'] }, 'gpu.memory-unknown'],
  ])('%s', (_, query, code) => {
    const result = kt(query);
    expect(result).toMatchObject({ verdict: 'invalid', placement: null, remedy: null, ramNeededBytes: null, binding: { code } });
    expect(result.binding.message).not.toBe('');
  });
});

describe('bad input', () => {
  it.each([
    [{ ramBytes: undefined }, /^missing --ram: how much RAM the host has; allowed: a size such as 512GB or 768GiB, or --here$/],
    [{ ramBytes: -1 }, /^invalid --ram: number out of range/],
    [{ engine: 'ollama' }, /^unknown --engine: .*allowed: llama.cpp or ktransformers/],
    [{ format: 'ud-q2_k_xxl', model: 'kimi-k2.6' }, /^unknown --format: .*allowed: ud-q2_k_xl.*did you mean ud-q2_k_xl/],
    [{ format: 'int4' }, /^unknown --format: no GGUF file of Kimi K2.7 Code/],
    [{ kvCacheDtype: 'fp8' }, /^unknown --kv-cache-dtype: .*allowed: f16, bf16/],
    [{ contextTokens: 1e9 }, /^invalid --ctx: Kimi K2.7 Code takes at most 262,144 tokens/],
    [{ gpu: ['rtx-5909'] }, /^unknown --gpu/],
    [{ gpuExperts: 3 }, /^contradiction --gpu-experts: llama.cpp has no such option/],
    [{ engine: 'ktransformers', gpuExperts: 385 }, /^invalid --gpu-experts: .*at most 384/],
    [{ engine: 'ktransformers', prefill: 'fast' }, /^unknown --prefill: .*layerwise or hybrid/],
    [{ engine: 'ktransformers', kvCacheDtype: 'q8_0' }, /^unknown --kv-cache-dtype: .*allowed: bf16, fp8/],
    [{ sequences: 0 }, /^invalid --sequences/],
  ])('%j', (query, message) => {
    expect(refusal(query as Partial<OffloadQuery>).message).toMatch(message);
  });
});

describe('every answer', () => {
  const query = fc.record({
    engine: fc.constantFrom('llama.cpp', 'ktransformers'),
    gpu: fc.constantFrom([], ['rtx-4090:1'], ['rtx-4090-48:2', 'l40s:8'], ['h200:4'], ['mi300x:8'], ['gh200-144:1']),
    ramBytes: fc.double({ min: 1e9, max: 2e12, noNaN: true }),
    model: fc.constantFrom('kimi-k2-instruct', 'kimi-k2-thinking', 'kimi-k2.5', 'kimi-k2.6', 'kimi-k2.7-code'),
    contextTokens: fc.integer({ min: 1, max: 131_072 }),
    sequences: fc.integer({ min: 1, max: 4 }),
  });

  it('keeps to its schema, and its formulas to its figures', () => {
    fc.assert(
      fc.property(query, fc.option(fc.double({ min: 0, max: 3e12, noNaN: true }), { nil: undefined }), (asked, diskBytes) => {
        const answer = offload({ ...asked, ...(diskBytes === undefined ? {} : { diskBytes }), terms: true }, catalog);
        offloadSchema.parse(JSON.parse(JSON.stringify(answer)));
        for (const { terms = [], verdict } of answer.results) {
          expect(terms.length > 0).toBe(verdict !== 'invalid');
          checkTerms(terms);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('has a remedy that does what it says', () => {
    fc.assert(
      fc.property(query, (asked) => {
        const { results } = offload({ ...asked, format: asked.engine === 'llama.cpp' ? 'q4_k' : 'int4', model: 'kimi-k2.5' }, catalog);
        for (const { remedy, gpu, gpus } of results) {
          if (remedy === null || gpu === null) continue;
          const { ram, ctx, format, ...change } = remedy.change;
          const changed = {
            ...asked,
            format: asked.engine === 'llama.cpp' ? 'q4_k' : 'int4',
            model: 'kimi-k2.5',
            ...change,
            ...(ram === undefined ? {} : { ramBytes: Number(String(ram).replace('GB', '')) * GB }),
            ...(ctx === undefined ? {} : { contextTokens: Number(ctx) }),
            ...(format === undefined ? {} : { format: String(format) }),
            gpu: [String(change['gpu'] ?? `${gpu}:${gpus}`)],
          };
          expect(offload(changed as OffloadQuery, catalog).results[0]?.verdict).toBe(remedy.verdict);
        }
      }),
      { numRuns: 40 },
    );
  });
});
