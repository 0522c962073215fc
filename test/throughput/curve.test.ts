import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closedLoopThroughput, concurrencyRange, curvesOf, readCurve } from '../../src/throughput/curve.ts';
import { measurement } from '../support/measurement.ts';

describe('closedLoopThroughput', () => {
  it('follows from the latencies: H200 INT4 8192/1024 at concurrency 64, vLLM 0.16 (InferenceX, 2026-03-27)', () => {
    // 64 * 1024 / (1.95831 + 1024 * 0.059823) s
    expect(closedLoopThroughput({ concurrency: 64, outputTokens: 1024, ttftMs: 1958.31, tpotMs: 59.823 })).toBeCloseTo(1036.68, 1);
  });
});

describe('curvesOf', () => {
  it('groups by configuration and shape, ascending in concurrency, newest run of each', () => {
    const rows = [
      measurement({ id: 'new', concurrency: 16, date: '2026-03-27', tpotMs: 21 }),
      measurement({ id: 'old', concurrency: 16, date: '2026-03-02', tpotMs: 40 }),
      measurement({ id: 'low', concurrency: 4, tpotMs: 11 }),
      measurement({ id: 'other', concurrency: 4, tpotMs: 10, inputTokens: 1024 }),
    ];
    const curves = curvesOf(rows);
    expect(curves).toHaveLength(2);
    expect(curves.find(({ shape }) => shape.inputTokens === 8192)?.points.map(({ tpotMs }) => tpotMs)).toEqual([11, 21]);
  });

  it.each([
    ['family', { family: 'deepseek-v3' }],
    ['format', { format: 'nvfp4' }],
    ['KV cache dtype', { kvCacheDtype: 'fp8' }],
    ['engine', { engine: 'sglang' }],
    ['version', { engineVersion: '0.18.0' }],
    ['GPU', { gpu: 'b200-sxm' }],
    ['layout', { tp: 4, attentionDp: 2 }],
    ['expert parallelism', { ep: 8 }],
    ['reuse', { reuse: 0.9 }],
    ['speculation', { speculation: 'mtp3' }],
    ['prefill apart', { prefillGpus: 4 }],
  ])('keeps apart what differs in %s', (_, more) => {
    expect(curvesOf([measurement({ tpotMs: 10 }), measurement({ id: 'b', tpotMs: 20, ...more })])).toHaveLength(2);
  });

  it('leaves out rows that contradict themselves, and full queues', () => {
    const rows = [
      // vLLM recipe of K2-Thinking: 485.78 tok/s stated, 935 implied by 227 s TTFT and 473 ms TPOT.
      measurement({ concurrency: 988, outputTokens: 390, outputTokensPerSecond: 485.78, ttftMs: 227_389.87, tpotMs: 473.04 }),
      // ATOM-SGLang, TP4 with attention DP: 90 s of waiting before 1024 tokens of 60 ms.
      measurement({ concurrency: 64, ttftMs: 90_504, tpotMs: 59.95 }),
    ];
    expect(curvesOf(rows)).toEqual([]);
  });

  it('takes the time per token from the rate where it alone is stated', () => {
    const [curve] = curvesOf([measurement({ concurrency: 8, outputTokensPerSecond: 400 })]);
    expect(curve?.points).toMatchObject([{ tpotMs: 20, ttftMs: null }]);
  });

  it('pools times per token that fall with concurrency, so that they never do', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.double({ min: 1, max: 100, noNaN: true })),
        (levels, times) => {
          const rows = levels.map((concurrency) => measurement({ concurrency, tpotMs: times.next().value ?? 1 }));
          const points = curvesOf(rows)[0]?.points ?? [];
          points.slice(1).forEach((point, index) => {
            expect(point.tpotMs).toBeGreaterThanOrEqual((points[index]?.tpotMs ?? 0) * (1 - 1e-12));
          });
        },
      ),
    );
  });
});

describe('readCurve', () => {
  const [curve] = curvesOf([
    measurement({ concurrency: 4, tpotMs: 10, ttftMs: 500 }),
    measurement({ concurrency: 16, tpotMs: 40, ttftMs: null }),
  ]);
  if (!curve) throw new Error('no curve');
  const tpot = ({ tpotMs }: { tpotMs: number }) => tpotMs;

  it('meets its points and ends at them: a curve is never extended', () => {
    expect(concurrencyRange(curve)).toEqual([4, 16]);
    expect(readCurve(curve, 4, tpot, (n) => n)).toBe(10);
    expect(readCurve(curve, 16, tpot, (n) => n)).toBe(40);
    expect(readCurve(curve, 3, tpot, (n) => n)).toBeNull();
    expect(readCurve(curve, 17, tpot, (n) => n)).toBeNull();
  });

  it('has the shape of the model between its points, and is straight on logarithmic axes where the model says nothing', () => {
    // The model is flat up to 8 and doubles then: so does the reading, in logarithms.
    expect(readCurve(curve, 8, tpot, (n) => (n <= 8 ? 7 : 14))).toBeCloseTo(10, 10);
    expect(readCurve(curve, 8, tpot, () => 7)).toBeCloseTo(20, 10);
    expect(readCurve(curve, 8, tpot, (n) => n)).toBeCloseTo(20, 10);
  });

  it('is nothing where a neighbour lacks the quantity', () => {
    expect(
      readCurve(
        curve,
        8,
        ({ ttftMs }) => ttftMs,
        (n) => n,
      ),
    ).toBeNull();
  });
});
