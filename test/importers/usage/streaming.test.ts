import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../../src/importers/usage/instant.ts';
import { csv, imported, importedParts } from './support.ts';

/** Published traces; they are not part of the repository. */
const TRACES = fileURLToPath(new URL('../../../../shared/traces/', import.meta.url));

const request = fc.record({
  gapMs: fc.integer({ min: 0, max: 20_000 }),
  input: fc.integer({ min: 1, max: 200_000 }),
  output: fc.integer({ min: 1, max: 9000 }),
  model: fc.constantFrom('kimi', 'modèle', 'モデル', 'a "b"'),
});
type Request = { gapMs: number; input: number; output: number; model: string };

function tableOf(requests: readonly Request[]): string {
  let at = Date.UTC(2026, 0, 1);
  return csv(
    'created_at,tokens_prompt,tokens_completion,model_permaslug',
    ...requests.map(({ gapMs, input, output, model }) => {
      at += gapMs;
      return `${new Date(at).toISOString()},${input},${output},"${model.replaceAll('"', '""')}"`;
    }),
  );
}

describe('reading in parts', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
  const named = (document: Awaited<ReturnType<typeof imported>>) => ({ ...document, files: [], note: '', notices: [] });

  it('gives what reading the whole does, plain and gzip, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 12 }), parts, async (requests, sizes) => {
        const text = Buffer.from(tableOf(requests));
        const whole = named(await imported(text));
        expect(named(await importedParts(text, sizes))).toEqual(whole);
        expect(named(await importedParts(gzipSync(text), sizes))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same for lines of JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 12 }), parts, async (requests, sizes) => {
        const lines = requests.map(({ gapMs, input, output, model }) =>
          JSON.stringify({ timestamp: gapMs, input_length: input, output_length: output, model, hash_ids: [input % 5, output % 5] }),
        );
        const text = Buffer.from(lines.join('\n'));
        expect(named(await importedParts(text, sizes))).toEqual(named(await imported(text)));
      }),
      { numRuns: 60 },
    );
  });

  it('names the line of a broken row far into a file of many parts', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `2026-01-01T00:00:00Z,${[9_998, 49_998].includes(index) ? 'x' : 5},3`);
    const { rows: read } = await imported(csv('created_at,tokens_prompt,tokens_completion', ...rows));
    expect(read.leftOut).toMatchObject([{ count: 2, first: ['file-1:10000 x', 'file-1:50000 x'] }]);
  });

  it('gives the same totals for a file and for its two halves', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 20 }), fc.nat(), async (requests, at) => {
        const [header = '', ...rows] = tableOf(requests).trimEnd().split('\n');
        const cut = 1 + (at % (rows.length - 1));
        const halves = await imported([csv(header, ...rows.slice(0, cut)), csv(header, ...rows.slice(cut))]);
        const { totals, arrivals, lengths } = await imported(csv(header, ...rows));
        expect(halves).toMatchObject({ totals, arrivals, lengths });
      }),
      { numRuns: 40 },
    );
  });
});

describe('times', () => {
  it('keep their order at seven digits of a second', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9_999_999 }), { minLength: 2, maxLength: 50 }), (ticks) => {
        const sorted = [...ticks].sort((a, b) => a - b);
        const times = sorted.map((tick) => instantOf(`2023-11-16 18:17:03.${String(tick).padStart(7, '0')}`, 'at').ms);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });
});

describe.skipIf(!existsSync(TRACES))('published traces', () => {
  it.each([
    ['azure_code_2023.csv.gz', 8819, 2048, 28, 2.57, 13.2, 0],
    ['azure_conv_2023.csv.gz', 19_366, 1155, 211, 5.53, 1.09, 0],
    ['mooncake_conversation.jsonl.gz', 12_031, 12_035, 343, 3.4, null, 0.3736],
    ['mooncake_synthetic.jsonl.gz', 3993, 15_325, 149, 3.91, 1.01, 0.6512],
  ])('%s has the means that were published', async (file, requests, input, output, rate, cv, reuse) => {
    const { totals, inputTokens, outputTokens, arrivals, reuse: found, rows } = await imported(readFileSync(TRACES + file));
    expect(totals.requests).toBe(requests);
    expect(rows.leftOut).toEqual([]);
    expect(Math.abs((inputTokens ?? 0) - input)).toBeLessThan(1);
    expect(Math.abs((outputTokens ?? 0) - output)).toBeLessThan(1);
    expect(arrivals?.requestsPerSecond).toBeCloseTo(rate, 1);
    if (cv !== null) expect(arrivals?.gapCv).toBeCloseTo(cv, 1);
    expect(found.value).toBeCloseTo(reuse, 4);
  });
});
