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
    layout: { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 },
    traffic: traffic(model as never, int4 as never),
    kvBytesPerElement: 2,
    kvTokens: 788_000,
    maxSequences: 1024,
    load: { inputTokens: 8192, outputTokens: 1024, reuse: 0 },
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
    const between = band({ load: { inputTokens: 3000, outputTokens: 1024, reuse: 0 } });
    expect(between).toMatchObject({ kind: 'measured', concurrency: 64 });
    expect(between.requestsPerSecond.value * 1024).toBeGreaterThan(1000);
    expect(between.requestsPerSecond.value * 1024).toBeLessThan(2000);
    expect(between.width).toBeCloseTo(1.35, 10);
  });

  it.each([
    ['a longer input', { load: { inputTokens: 12_000, outputTokens: 1024, reuse: 0 } }],
    ['another output', { load: { inputTokens: 8192, outputTokens: 343, reuse: 0 } }],
    ['reuse', { load: { inputTokens: 8192, outputTokens: 1024, reuse: 0.3 } }],
    ['too small a KV cache', { kvTokens: 9000 }],
  ])('is modelled outside the curves: %s', (_, more) => {
    const found = band(more);
    expect(found.kind).toBe('modelled');
    expect(found.width).toBeCloseTo(2, 10);
    expect(found.concurrency).toBeLessThanOrEqual(64);
  });

  it('reproduces a measured point where the anchor is that point', () => {
    const found = band({ engine: 'sglang', curves: curvesOf(LONG) });
    expect(found.kind).toBe('modelled');
    expect(found.requestsPerSecond.value * 1024).toBeCloseTo(1000, 6);
  });

  it('does not take single points of an engine for a curve of it', () => {
    const lone = measurement({ engine: 'sglang', engineVersion: '0.5.6', concurrency: 100, outputTokensPerSecond: 130 });
    expect(band({ engine: 'sglang', curves: curvesOf([...LONG, lone]) })).toEqual(band({ engine: 'sglang', curves: curvesOf(LONG) }));
  });

  it('is modelled, in a wider band, from curves that lack the wait for the first token', () => {
    const curves = curvesOf([measurement({ concurrency: 4, tpotMs: 11 }), measurement({ concurrency: 64, tpotMs: 60 })]);
    expect(band({ curves }).kind).toBe('modelled');
    expect(band({ curves }).width).toBeCloseTo(2.5, 10);
  });

  it('widens the band for another engine, another number of GPUs and old curves', () => {
    expect(band({ engine: 'sglang' }).width).toBeCloseTo(2.5, 10);
    expect(band({ layout: { tp: 4, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 } }).width).toBeCloseTo(2.5, 10);
    expect(band({ engine: 'sglang', asOf: '2026-11-22' }).width).toBeCloseTo(2 * 1.25 ** 2, 10);
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
