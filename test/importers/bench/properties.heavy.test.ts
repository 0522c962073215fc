import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inMilliseconds, inRatePerSecond } from '../../../src/importers/bench/metricUnit.ts';
import { importBenchSchema } from '../../../src/report/schema/importBench.ts';
import { DEPLOYMENT, fixture, imported, SECRET } from './support.ts';

const FILES = [
  'vllm-serve.json.txt',
  'guidellm-report.json.txt',
  'aiperf-phases.json.txt',
  'aiperf-loadgen.json.txt',
  'genai-perf.json.txt',
  'inferencex-single-node.json.txt',
  'inferencex-disaggregated.json.txt',
];

const HOSTILE = [
  null,
  true,
  -1,
  0,
  1,
  1e-300,
  1e300,
  'NaN',
  SECRET,
  '',
  [],
  [-1],
  [{}],
  {},
  { unit: 'ms' },
  { avg: 1 },
  { __proto__: { a: 1 } },
];

/** A value with one part of it, however deep, in place of another. */
function* variants(value: unknown, instead: unknown): Generator<unknown> {
  yield instead;
  if (Array.isArray(value))
    for (const [index, inner] of value.entries()) for (const one of variants(inner, instead)) yield value.with(index, one);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) for (const one of variants(inner, instead)) yield { ...value, [key]: one };
}

/** Whatever comes out is the document that the schema tells, and holds no secret. */
function checkDocument(content: string | Uint8Array): void {
  const document = imported(content, DEPLOYMENT);
  expect(importBenchSchema.parse(document)).toEqual(document);
  expect(document.rows.length + document.refused.length).toBeGreaterThan(0);
  expect(JSON.stringify(document)).not.toContain(SECRET);
}

describe('whatever a file holds', () => {
  it.each(FILES)('%s with any part of it changed is read or refused', (file) => {
    const document = JSON.parse(fixture(file)) as unknown;
    const all = HOSTILE.flatMap((instead) => [...variants(document, instead)]);
    const step = Math.max(1, Math.floor(all.length / 1500));
    for (let at = 0; at < all.length; at += step) checkDocument(JSON.stringify(all[at]));
  });

  it('JSON, text or bytes of any kind are read or refused', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => checkDocument(JSON.stringify(value))));
    fc.assert(fc.property(fc.string(), checkDocument));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), checkDocument));
    const words = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\n', 'NaN', '-', 'Infinity', 'a', '1', '\\', 'Metric,avg', '- '),
    );
    fc.assert(
      fc.property(words, (parts) => checkDocument(parts.join(''))),
      { numRuns: 1000 },
    );
  });

  it('a file that is cut off anywhere is read or refused', () => {
    for (const file of [
      'sglang-serving.jsonl',
      'vllm-serve-appended.json.txt',
      'guidellm-benchmarks.csv',
      'aiperf.csv',
      'guidellm-report.yaml',
    ]) {
      const text = fixture(file);
      const step = Math.max(1, Math.floor(text.length / 120));
      for (let end = 0; end < text.length; end += step) checkDocument(text.slice(0, end));
    }
  });

  it('changes no prototype', () => {
    checkDocument('{"__proto__": {"output_tput_per_gpu": 5}, "constructor": {"prototype": {"x": 1}}}');
    checkDocument(fixture('vllm-serve.json.txt').replace('"backend"', '"__proto__"'));
    expect(Object.hasOwn(Object.prototype, 'output_tput_per_gpu')).toBe(false);
    expect({}).not.toHaveProperty('x');
  });

  it('is over in bounded time', () => {
    const started = performance.now();
    const hostile = [
      '{"output_tput_per_gpu":1}\n'.repeat(50_000),
      `[${'1,'.repeat(200_000)}1]`,
      '{'.repeat(1_000_000),
      '{\n'.repeat(500_000),
      `[[${'{},'.repeat(6_000_000)}1]]`,
      '\n'.repeat(2_000_000),
      `a${'\n'.repeat(2_000_000)}`,
      `"${'\\'.repeat(1_000_000)}`,
      `Metric,avg\n${' '.repeat(1_000_000)},1`,
      `a: &a [${'x,'.repeat(1000)}]\nb: [${'*a,'.repeat(1000)}]`,
    ];
    for (const content of hostile) {
      const { rows, refused } = imported(content);
      expect(rows).toHaveLength(0);
      expect(refused.length).toBeLessThan(10_010);
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('units', () => {
  it('are exact: a whole number of microseconds is the same in all of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), (us) => {
        const inAll = [
          inMilliseconds(us, 'us', ''),
          inMilliseconds(us * 1000, 'ns', ''),
          inMilliseconds(us / 1e3, 'ms', ''),
          inMilliseconds(us / 1e6, 's', ''),
        ];
        expect(new Set(inAll.map((ms) => ms.toFixed(3))).size).toBe(1);
        expect(inAll[0]).toBe(us / 1e3);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (rate) => {
        expect(inRatePerSecond(rate * 60, 'tokens/min', 'tokens', '')).toBe(rate);
      }),
    );
  });
});
