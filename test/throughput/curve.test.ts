import { describe, expect, it } from 'vitest';
import { closedLoopThroughput, concurrencyRange, curvesOf, throughputAt, tpotAt } from '../../src/throughput/curve.ts';
import { measurement } from '../support/measurement.ts';

describe('curvesOf', () => {
  it('derives throughput from the latencies: H200 INT4 8192/1024 at concurrency 64, vLLM 0.16 (InferenceX, 2026-03-27)', () => {
    const row = measurement({ concurrency: 64, ttftMs: 1958.31, tpotMs: 59.823 });
    // 64 * 1024 / (1.95831 + 1024 * 0.059823) s
    expect(closedLoopThroughput(row)).toBeCloseTo(1036.68, 1);
  });

  it('groups by configuration and shape, ascending in concurrency, newest run of each', () => {
    const rows = [
      measurement({ id: 'new', concurrency: 16, date: '2026-03-27', outputTokensPerSecond: 700 }),
      measurement({ id: 'old', concurrency: 16, date: '2026-03-02', outputTokensPerSecond: 500 }),
      measurement({ id: 'low', concurrency: 4, outputTokensPerSecond: 300 }),
      measurement({ id: 'other', concurrency: 4, outputTokensPerSecond: 300, inputTokens: 1024 }),
    ];
    const curves = curvesOf(rows);
    expect(curves).toHaveLength(2);
    const curve = curves.find(({ shape }) => shape.inputTokens === 8192);
    expect(curve?.points.map(({ outputTokensPerSecond }) => outputTokensPerSecond)).toEqual([300, 700]);
  });

  it('leaves out speculation, unknown speculation and rows that contradict themselves', () => {
    const rows = [
      measurement({ speculation: 'mtp3', outputTokensPerSecond: 900 }),
      measurement({ speculation: 'unknown', outputTokensPerSecond: 900 }),
      // vLLM recipe of K2-Thinking: 485.78 tok/s stated, 935 implied by 227 s TTFT and 473 ms TPOT.
      measurement({ concurrency: 988, outputTokens: 390, outputTokensPerSecond: 485.78, ttftMs: 227_389.87, tpotMs: 473.04 }),
    ];
    expect(curvesOf(rows)).toEqual([]);
  });
});

describe('a curve of TPOT alone', () => {
  it('counts no wait for the first token and says that it is incomplete', () => {
    const [curve] = curvesOf([measurement({ concurrency: 64, tpotMs: 116.28, gpu: 'mi300x' })]);
    expect(curve).toMatchObject({ complete: false, points: [{ outputTokensPerSecond: (64 * 1000) / 116.28 }] });
  });
});

describe('throughputAt', () => {
  const [curve] = curvesOf([
    measurement({ concurrency: 4, outputTokensPerSecond: 100, tpotMs: 40, ttftMs: null }),
    measurement({ concurrency: 16, outputTokensPerSecond: 400, tpotMs: 10, ttftMs: null }),
  ]);
  if (!curve) throw new Error('no curve');

  it('meets its points, is straight on logarithmic axes between them, and ends at them', () => {
    expect(concurrencyRange(curve)).toEqual([4, 16]);
    expect(throughputAt(curve, 4)).toBe(100);
    expect(throughputAt(curve, 8)).toBeCloseTo(200, 10);
    expect(throughputAt(curve, 16)).toBe(400);
    expect(tpotAt(curve, 8)).toBeCloseTo(20, 10);
    expect(throughputAt(curve, 3)).toBeNull();
    expect(throughputAt(curve, 17)).toBeNull();
  });
});
