import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { traffic } from '../../src/model/traffic.ts';
import { assumedCapacity, capacity } from '../../src/throughput/capacity.ts';
import type { CapacityQuestion } from '../../src/throughput/capacityQuestion.ts';
import { curvesOf } from '../../src/throughput/curve.ts';
import { measurement } from '../support/measurement.ts';

const catalog = loadCatalog();
const model = catalog.models.find(({ id }) => id === 'kimi-k2.7-code');
const int4 = model?.checkpoints.find(({ format }) => format === 'int4');
const gpu = catalog.gpus.find(({ id }) => id === 'h200-sxm');
if (!model || !int4 || !gpu) throw new Error('the catalog lacks kimi-k2.7-code or h200-sxm');

const LONG = [4, 16, 64].map((concurrency, index) => measurement({ concurrency, outputTokensPerSecond: [300, 650, 1000][index] ?? 0 }));
const SHORT = [4, 16, 64].map((concurrency, index) =>
  measurement({ concurrency, inputTokens: 1024, outputTokensPerSecond: [380, 950, 2000][index] ?? 0 }),
);

function question(more: Partial<CapacityQuestion> = {}): CapacityQuestion {
  return {
    gpu: gpu as CapacityQuestion['gpu'],
    format: 'int4',
    engine: 'vllm',
    engineVersion: '0.16.0',
    layout: { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 },
    traffic: traffic(model as never, int4 as never),
    kvBytesPerElement: 2,
    // 560,000 tokens hold 64 sequences of 8,704.
    kvTokens: 560_000,
    maxSequences: 1024,
    load: { inputTokens: 8192, outputTokens: 1024, reuse: 0 },
    maxTpotMs: null,
    curves: curvesOf([...LONG, ...SHORT]),
    asOf: '2026-04-22',
    ...more,
  };
}

const band = (more: Partial<CapacityQuestion>) => {
  const found = capacity(question(more));
  if (found.kind === 'no-measurement') throw new Error(found.reason);
  return { ...found, width: found.requestsPerSecond.high / found.requestsPerSecond.value };
};

describe('capacity', () => {
  it('is measured at a measured shape, at the highest concurrency that the KV cache holds', () => {
    expect(band({})).toMatchObject({
      kind: 'measured',
      concurrency: 64,
      requestsPerSecond: { value: 1000 / 1024, low: (1000 / 1024) * 0.85 },
    });
    // 174,080 tokens hold 20 sequences of 8,704.
    expect(band({ kvTokens: 174_080 })).toMatchObject({ kind: 'measured', concurrency: 20 });
    expect(band({ kvTokens: 174_080 }).requestsPerSecond.value * 1024).toBeGreaterThan(650);
  });

  it('is measured between two shapes of one configuration, with a wider band', () => {
    const between = band({ load: { inputTokens: 3000, outputTokens: 1024, reuse: 0 }, kvTokens: 64 * 3512 });
    expect(between).toMatchObject({ kind: 'measured', concurrency: 64 });
    expect(between.requestsPerSecond.value * 1024).toBeGreaterThan(1000);
    expect(between.requestsPerSecond.value * 1024).toBeLessThan(2000);
    expect(between.width).toBeCloseTo(1.35, 10);
  });

  it('reads a measured curve with more doubt for another version, an old run or a plug-in of the engine', () => {
    const wider = Math.hypot(0.15, 0.26);
    expect(band({ engineVersion: '0.25.0' }).width).toBeCloseTo(1 + wider, 10);
    expect(band({ asOf: '2026-11-22' }).width).toBeCloseTo(1 + wider, 10);
    const plugIn = curvesOf(LONG.map((row) => ({ ...row, engine: 'atom-vllm' })));
    expect(band({ curves: plugIn })).toMatchObject({ kind: 'measured' });
    expect(band({ curves: plugIn }).width).toBeCloseTo(1 + wider, 10);
  });

  it.each([
    ['DCP', { layout: { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 8, attentionDp: 1 } }],
    ['expert parallelism', { layout: { tp: 8, pp: 1, dp: 1, ep: 8, dcp: 1, attentionDp: 1 } }],
    ['an FP8 KV cache', { kvBytesPerElement: 1 }],
  ])('does not take a curve for %s that was measured without it', (_, more) => {
    expect(band(more).kind).toBe('modelled');
  });

  it('models what lies beyond a sweep where the KV cache admits more, with its end as the floor', () => {
    const load = { inputTokens: 1024, outputTokens: 1024, reuse: 0 };
    const [end, beyond] = [band({ load, kvTokens: 98_304 }), band({ load, kvTokens: 788_000 })];
    expect(end).toMatchObject({ kind: 'measured', concurrency: 64 });
    expect(beyond.kind).toBe('modelled');
    expect(beyond.concurrency).toBeGreaterThan(64);
    expect(beyond.requestsPerSecond.value).toBeGreaterThan(end.requestsPerSecond.high);
    expect(beyond.requestsPerSecond.low).toBeGreaterThanOrEqual(end.requestsPerSecond.low);
  });

  it('keeps to the end of a sweep that has levelled off', () => {
    const flat = curvesOf(
      [4, 16, 64, 256].map((concurrency, index) => measurement({ concurrency, outputTokensPerSecond: [300, 650, 700, 702][index] ?? 0 })),
    );
    expect(band({ curves: flat, kvTokens: 2_300_000 })).toMatchObject({ kind: 'measured', concurrency: 256 });
  });

  it('keeps the time per token that is asked for, measured or modelled', () => {
    const rows = LONG.map((row, index) => ({ ...row, tpotMs: [11, 21, 60][index] ?? null }));
    expect(band({ curves: curvesOf(rows), maxTpotMs: 21 })).toMatchObject({ kind: 'measured', concurrency: 16 });
    const modelled = band({ engine: 'sglang', maxTpotMs: 30 });
    expect(modelled.tpotMs).toBeLessThanOrEqual(30);
    expect(capacity(question({ engine: 'sglang', maxTpotMs: 1 }))).toMatchObject({
      kind: 'no-measurement',
      reason: expect.stringContaining('ms per token'),
    });
  });

  const doubt = (count: number) => 2 * 1.25 ** count;

  it.each([
    ['a longer input', 0, { load: { inputTokens: 12_000, outputTokens: 1024, reuse: 0 } }],
    ['a much longer input', 2, { load: { inputTokens: 30_000, outputTokens: 1024, reuse: 0 } }],
    ['another share of prompt tokens', 1, { load: { inputTokens: 8192, outputTokens: 343, reuse: 0 } }],
    ['reuse', 1, { load: { inputTokens: 8192, outputTokens: 1024, reuse: 0.3 } }],
    ['too small a KV cache', 0, { kvTokens: 9000 }],
    ['another engine', 1, { engine: 'sglang' }],
    ['another number of GPUs', 1, { layout: { tp: 4, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 } }],
    ['DCP', 1, { layout: { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 8, attentionDp: 1 } }],
    ['another engine and old curves', 2, { engine: 'sglang', asOf: '2026-11-22' }],
  ])('is modelled outside the curves, each doubt widening the band: %s', (_, count, more) => {
    const found = band(more);
    expect(found.kind).toBe('modelled');
    expect(found.width).toBeCloseTo(doubt(count), 10);
  });

  it('reproduces a measured point where the anchor is that point', () => {
    const found = band({ engine: 'sglang', curves: curvesOf(LONG) });
    expect(found).toMatchObject({ kind: 'modelled', concurrency: 64 });
    expect(found.requestsPerSecond.value * 1024).toBeCloseTo(1000, 6);
  });

  it('leans on the curve whose share of prompt tokens is nearer', () => {
    const ratio = (fresh: number) => band({ engine: 'sglang', load: { inputTokens: fresh, outputTokens: 1024, reuse: 0 } }).anchor ?? 0;
    const [long, short] = [LONG, SHORT].map((rows) => band({ engine: 'sglang', curves: curvesOf(rows) }).anchor ?? 0);
    const nearer = (at: number) => Math.abs(Math.log(ratio(at) / (long ?? 1))) < Math.abs(Math.log(ratio(at) / (short ?? 1)));
    expect([nearer(8192), nearer(1024)]).toEqual([true, false]);
  });

  it('does not take single points of an engine for a curve of it', () => {
    const lone = measurement({ engine: 'sglang', engineVersion: '0.5.6', concurrency: 100, outputTokensPerSecond: 130 });
    expect(band({ engine: 'sglang', curves: curvesOf([...LONG, lone]) })).toEqual(band({ engine: 'sglang', curves: curvesOf(LONG) }));
  });

  it('is modelled, in a wider band, from curves that lack the wait for the first token', () => {
    const curves = curvesOf([measurement({ concurrency: 4, tpotMs: 11 }), measurement({ concurrency: 64, tpotMs: 60 })]);
    expect(band({ curves }).kind).toBe('modelled');
    expect(band({ curves }).width).toBeCloseTo(doubt(1), 10);
  });

  it('is nothing without a curve of that GPU and format, and names the formats that have one', () => {
    expect(capacity(question({ format: 'fp8' }))).toMatchObject({
      kind: 'no-measurement',
      reason: expect.stringContaining('measurements in int4'),
    });
    expect(capacity(question({ curves: [] }))).toMatchObject({ kind: 'no-measurement' });
    expect(capacity(question({ kvTokens: 100 }))).toMatchObject({
      kind: 'no-measurement',
      reason: expect.stringContaining('holds no request'),
    });
  });

  it("follows from the user's tokens per second, input and output counted", () => {
    const found = assumedCapacity(
      { low: 8500, value: 8500, high: 8500, basis: 'assumed' },
      { inputTokens: 84_000, outputTokens: 1000, reuse: 0.8 },
    );
    expect(found.requestsPerSecond).toEqual({ low: 0.1, value: 0.1, high: 0.1, basis: 'assumed' });
  });
});
