import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWorkloadDocument, workloadIn } from '../../../src/importers/usage/workloadFile.ts';
import { csv, imported } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'kplan-workload-'));
const path = join(folder, 'mine.json');
let good: Readonly<Record<string, unknown>>;
let text = '';

beforeAll(async () => {
  const lines = [0, 900, 4000].map((at) => `{"timestamp":${at},"input_length":${1000 + at},"output_length":20}`);
  good = await imported(csv(lines.join('\n')));
  text = JSON.stringify(good, null, 2);
});

function read(content: string | Buffer) {
  writeFileSync(path, content);
  return readWorkloadDocument(path);
}

/** The file with some fields replaced, as it is written. */
const withFields = (fields: object) => JSON.stringify({ ...good, ...fields }, null, 2);
const arrivals = { requestsPerSecond: 1, gapCv: 1, hours: null };
const cell = { share: 1, inputTokens: 10, outputTokens: 5 };
const point = (kvTokens: number, reuse: number) => ({ kvTokens, reuse });

describe('a workload file', () => {
  it('is read as it was written, with or without a byte order mark, and with any line breaks', () => {
    for (const content of [text, `\ufeff${text}`, text.replaceAll('\n', '\r\n'), text.replaceAll('\n', '\r')])
      expect(read(content)).toEqual(good);
  });

  it.each<[string, object, RegExp]>([
    ['tokens below zero', { inputTokens: -5 }, /mine\.json:3: inputTokens: not a workload.*got -5/],
    ['no tokens', { outputTokens: 0 }, /mine\.json:4: outputTokens: .*got 0/],
    ['tokens as text', { inputTokens: '12' }, /inputTokens: .*received string.*got "12"/],
    ['more tokens than a request can have', { inputTokens: 1e300 }, /mine\.json:3: inputTokens: more tokens.*at most 1000000000/],
    ['a cell of too many tokens', { lengths: [{ ...cell, inputTokens: 1e18 }] }, /mine\.json:\d+: lengths\.0\.inputTokens: more tokens/],
    ['a cell below zero', { lengths: [{ ...cell, inputTokens: -1 }] }, /lengths\.0\.inputTokens: .*got -1/],
    ['shares of another sum', { lengths: [{ ...cell, share: 0.4 }] }, /mine\.json:5: lengths: the shares.*got 0\.4.*sum 1/],
    ['a reuse above 1', { reuse: { low: 0, value: 1.5, high: 1 } }, /reuse\.value: .*got 1\.5/],
    ['a reuse out of order', { reuse: { low: 0.9, value: 0.5, high: 0.1 } }, /reuse: the band is out of order.*0\.9, 0\.5, 0\.1/],
    ['a curve of falling tokens', { reuseCurve: [point(5e6, 0.3), point(1e6, 0.5)] }, /reuseCurve\.1: the curve goes back.*rising/],
    ['a curve of falling reuse', { reuseCurve: [point(1e6, 0.5), point(5e6, 0.3)] }, /reuseCurve\.1: the curve goes back/],
    ['no rate', { arrivals: { ...arrivals, requestsPerSecond: 0 } }, /arrivals\.requestsPerSecond: .*got 0/],
    ['gaps below zero', { arrivals: { ...arrivals, gapCv: -1 } }, /arrivals\.gapCv: .*got -1/],
    ['gaps beyond simulation', { arrivals: { ...arrivals, gapCv: 1e6 } }, /arrivals\.gapCv: burstier.*at most 100/],
    ['23 hours', { arrivals: { ...arrivals, hours: Array(23).fill(1) } }, /arrivals\.hours: .*24 items/],
    ['hours of no mean', { arrivals: { ...arrivals, hours: Array(24).fill(0) } }, /arrivals\.hours: the mean of the hours is not 1/],
    ['a share of thinking above 1', { thinkingShare: 2 }, /thinkingShare: .*got 2/],
    ['another schema', { schema: 'kplan/workload@2' }, /mine\.json:2: schema: .*got "kplan\/workload@2"/],
    ['an unknown key', { tokens: 5 }, /Unrecognized key: "tokens"/],
    ['a missing field', { reuse: undefined }, /reuse: .*received undefined/],
  ])('is refused with %s', (_, fields, message) => {
    expect(() => read(withFields(fields))).toThrow(message);
  });

  it.each<[string, (whole: string) => string | Buffer, RegExp]>([
    ['nothing', () => '', /it holds nothing/],
    ['half of it', (whole) => whole.slice(0, whole.length / 2), /does not end/],
    ['a list', () => '[]', /mine\.json:1: .*received array/],
    ['null', () => 'null', /mine\.json:1: not JSON/],
    ['a row of a trace', () => '{"timestamp":0,"input_length":10,"output_length":2}', /mine\.json:1: schema/],
    ['a table', () => csv('TIMESTAMP,ContextTokens,GeneratedTokens', '2023-11-16 18:17:03,1,2'), /mine\.json:1: not JSON/],
    ['UTF-16', (whole) => Buffer.from(`\ufeff${whole}`, 'utf16le'), /UTF-16/],
    ['gzip', (whole) => gzipSync(whole), /not text/],
    ['a zero byte', (whole) => whole.replace('"note"', '"no\u0000te"'), /not JSON/],
    ['deep brackets', () => '['.repeat(100_000), /nested deeper/],
    ['a key twice', (whole) => whole.replace('"inputTokens"', '"inputTokens": 5, "inputTokens"'), /mine\.json:3: a key stands twice/],
    ['a number without end', (whole) => whole.replace(/"inputTokens": [\d.]+/, '"inputTokens": 1e999'), /inputTokens: .*Infinity/],
    ['too much', (whole) => `${' '.repeat(17 * 2 ** 20)}${whole}`, /too large/],
  ])('is refused that holds %s', (_, content, message) => {
    expect(() => read(content(text))).toThrow(message);
  });

  it('leaves prototypes alone', () => {
    expect(() => read(text.replace('"inputTokens"', '"__proto__": {"polluted": 1}, "inputTokens"'))).toThrow(/__proto__/);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('without counted requests is no workload of a question', () => {
    expect(() => workloadIn(read(withFields({ inputTokens: null })), path, 'user')).toThrow(/an import with --requests N/);
  });
});
