import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { calibrateSpeed } from '../../src/throughput/fitting/calibrate.ts';
import { speedModel } from '../../src/throughput/speed.ts';
import { measurement } from '../support/measurement.ts';
import { knowing, replica, shipped, shippedBand, TP8 } from '../support/speed.ts';

const LOAD = { inputTokens: 8192, outputTokens: 1024, reuse: 0 };
const CURVE = [
  measurement({ id: 'c4', concurrency: 4, tpotMs: 10.97, ttftMs: 504 }),
  measurement({ id: 'c16', concurrency: 16, tpotMs: 21.44, ttftMs: 802 }),
  measurement({ id: 'c64', concurrency: 64, tpotMs: 59.98, ttftMs: 2024 }),
];
const own = knowing(CURVE);

describe('speedModel inside a measured curve', () => {
  it('meets the measured points of 8×H200 INT4 at 8192/1024 (InferenceX, vLLM 0.16, 2026-03-27), with the band of held-out points', () => {
    const speed = speedModel(replica(), LOAD, own)(16);
    const { low, high } = shippedBand(replica(), 'tpot', 'sameCurve');
    expect(speed).toMatchObject({
      situation: 'sameCurve',
      doubts: [],
      tpotMs: { value: 21.44, basis: 'measured' },
      ttftMs: { value: 802 },
    });
    expect(speed.tpotMs.low).toBeCloseTo(21.44 * low, 10);
    expect(speed.tpotMs.high).toBeCloseTo(21.44 * high, 10);
    // 16 * 1024 / (0.802 + 1024 * 0.02144) s
    expect(speed.outputTokensPerSecond.value / 720).toBeCloseTo(1, 1);
  });

  it('lies between its points and rises', () => {
    const at = speedModel(replica(), LOAD, own);
    const times = Array.from({ length: 61 }, (_, index) => at(4 + index).tpotMs.value);
    times.slice(1).forEach((ms, index) => {
      expect(ms).toBeGreaterThanOrEqual(times[index] ?? 0);
    });
    expect(at(32).tpotMs.value).toBeGreaterThan(21.44);
    expect(at(32).tpotMs.value).toBeLessThan(59.98);
  });

  it.each([
    ['another version', { engineVersion: '0.25.0' }, 'vllm 0.16.0'],
    ['an old run', { asOf: '2026-11-22' }, 'over 180 days before 2026-11-22'],
    ['a plug-in of the engine', { asked: 'vllm-x' }, 'measured with vllm'],
  ])('doubts %s and says so', (_, more, words) => {
    const [plain, doubted] = [replica(), replica(more)].map((each) => speedModel(each, LOAD, own)(16));
    expect(doubted?.situation).toBe('sameCurve');
    expect(doubted?.doubts.map((doubt) => doubt.words).join()).toContain(words);
    expect(doubted?.tpotMs.high).toBeGreaterThan(plain?.tpotMs.high ?? 0);
    expect(doubted?.tpotMs.low).toBeLessThan(plain?.tpotMs.low ?? 0);
  });
});

describe("speedModel with measurements of the user's own", () => {
  it('reads them alone, so that no other laboratory bends the curve', () => {
    const mine = [16, 64].map((concurrency) =>
      measurement({ id: `mine${concurrency}`, concurrency, tpotMs: concurrency, ttftMs: 500, source: 'user' }),
    );
    const at = speedModel(replica(), LOAD, knowing([...mine, ...CURVE]));
    expect(at(16)).toMatchObject({ situation: 'sameCurve', curve: { source: 'user' } });
    expect(at(16).tpotMs.value).toBeCloseTo(16, 9);
    expect(at(4)).toMatchObject({ situation: 'newShape', curve: { source: 'user' } });
    expect(at(4).tpotMs.value).toBeLessThan(16);
  });
});

describe('speedModel outside the curves', () => {
  it.each([
    ['DCP', { layout: { ...TP8, dcp: 8 } }, 'newLayout'],
    ['expert parallelism', { layout: { ...TP8, ep: 8 } }, 'newLayout'],
    ['an FP8 KV cache', { kvCacheDtype: 'fp8' }, 'newShape'],
    ['another GPU of the vendor', { gpu: 'b200-sxm' }, 'newGpu'],
    ['another engine', { engine: 'sglang' }, 'unknownPair'],
    ['another vendor', { gpu: 'mi300x' }, 'unknownPair'],
  ])('takes no curve for %s that was measured without it', (_, more, situation) => {
    const speed = speedModel(replica(more), LOAD, own)(16);
    expect(speed).toMatchObject({ situation, curve: null, tpotMs: { basis: 'modelled' } });
  });

  it('goes on from the end of a curve, without a jump and with a wider band', () => {
    const at = speedModel(replica(), LOAD, own);
    expect(at(65).situation).toBe('newShape');
    expect(at(65).tpotMs.value / at(64).tpotMs.value).toBeGreaterThan(1);
    expect(at(65).tpotMs.value / at(64).tpotMs.value).toBeLessThan(1.03);
    expect(at(65).tpotMs.high / at(65).tpotMs.value).toBeGreaterThan(at(64).tpotMs.high / at(64).tpotMs.value);
    expect(at(3).tpotMs.value).toBeLessThan(10.97);
  });

  it('goes on from a curve with its doubts, so that the band never narrows at its end', () => {
    const at = speedModel(replica({ asOf: '2026-11-22', engineVersion: '0.25.0' }), LOAD, own);
    const width = (n: number) => at(n).tpotMs.high / at(n).tpotMs.value;
    expect(width(65)).toBeGreaterThanOrEqual(width(64));
    expect(width(3)).toBeGreaterThanOrEqual(width(4));
  });

  it('reads a curve at a shape near its own as much slower as the model says', () => {
    const at = (inputTokens: number) => speedModel(replica(), { ...LOAD, inputTokens }, own)(16);
    expect(at(8500)).toMatchObject({ situation: 'sameCurve' });
    expect(at(8500).tpotMs.value).toBeGreaterThan(21.44);
    expect(at(7900).tpotMs.value).toBeLessThan(21.44);
  });

  it.each([
    ['reuse', { ...LOAD, reuse: 0.9 }, 'prefix reuse'],
    ['a context far beyond the measured', { ...LOAD, inputTokens: 100_000 }, 'a far longer context'],
  ])('doubts %s, in words and in the band', (_, load, words) => {
    const [plain, doubted] = [{ ...LOAD, inputTokens: 4000 }, load].map((each) => speedModel(replica(), each, own)(16));
    expect(doubted?.doubts.map((doubt) => doubt.words).join()).toContain(words);
    const width = (speed: typeof plain) => (speed?.tpotMs.high ?? 0) / (speed?.tpotMs.value ?? 1);
    expect(width(doubted)).toBeGreaterThan(width(plain));
  });

  it('may be twice as slow where the format was never measured with the engine on GPUs of the vendor: INT4 on AMD', () => {
    const { tpotMs, situation } = speedModel(replica({ gpu: 'mi300x' }), LOAD, own)(16);
    expect(situation).toBe('unknownPair');
    expect(tpotMs.high / tpotMs.value).toBeGreaterThanOrEqual(2);
  });
});

describe('properties of the speed of a replica', () => {
  const catalog = loadCatalog();
  const knowledge = shipped();
  const loads = fc.record({
    inputTokens: fc.integer({ min: 16, max: 120_000 }),
    outputTokens: fc.integer({ min: 16, max: 8192 }),
    reuse: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
  });
  const replicas = fc.constantFrom(
    replica(),
    replica({ gpu: 'b200-sxm' }),
    replica({ gpu: 'b200-sxm', format: 'nvfp4', layout: { ...TP8, tp: 4 } }),
    replica({ gpu: 'mi355x', format: 'mxfp4', engine: 'atom-vllm', layout: { ...TP8, tp: 4 } }),
    replica({ gpu: 'h100-sxm' }),
    replica({ gpu: 'a100-80-sxm', layout: { ...TP8, pp: 2 } }),
    replica({ layout: { ...TP8, tp: 1, attentionDp: 8, ep: 8 } }),
    replica({ layout: { ...TP8, tp: 1, pp: 8 } }),
  );

  it('more concurrency never lowers the time per token', () => {
    fc.assert(
      fc.property(replicas, loads, fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 200 }), (of, load, n, more) => {
        const model = speedModel(of, load, knowledge);
        const [before, after] = [model(n), model(n + more)];
        expect(after.tpotMs.value).toBeGreaterThanOrEqual(before.tpotMs.value * (1 - 1e-9));
      }),
    );
  });

  it('more concurrency never lowers the rate while prompts are short beside a step', () => {
    fc.assert(
      fc.property(replicas, loads, fc.integer({ min: 1, max: 64 }), (of, load, n) => {
        const model = speedModel(of, load, knowledge);
        const [before, after] = [model(n), model(n + 1)];
        const prefillPerSequence = (after.step.tpot.parts[4] ?? 0) / n;
        const fixed = (before.step.tpot.parts[0] ?? 0) + (before.step.tpot.parts[1] ?? 0);
        if (before.curve || after.curve || prefillPerSequence * load.outputTokens > 0.1 * fixed) return;
        expect(after.outputTokensPerSecond.value).toBeGreaterThanOrEqual(before.outputTokensPerSecond.value);
      }),
    );
  });

  it('a longer context never speeds up decoding, and faster memory never slows it', () => {
    fc.assert(
      fc.property(replicas, loads, fc.integer({ min: 1, max: 512 }), (of, load, n) => {
        const step = (asked: typeof of, at = load) => speedModel(asked, at, { ...knowledge, curves: [] })(n).step;
        const base = step(of);
        expect(step(of, { ...load, inputTokens: load.inputTokens + 1000 }).tpot.value).toBeGreaterThanOrEqual(base.tpot.value);
        const faster = { ...of.machine, bandwidthBytesPerSecond: 1.5 * of.machine.bandwidthBytesPerSecond };
        expect(step({ ...of, machine: faster }).tpot.value).toBeLessThanOrEqual(base.tpot.value);
      }),
    );
  });

  it('a decode step is never shorter than its bytes over the bandwidth, at concurrency 1 or any other', () => {
    fc.assert(
      fc.property(replicas, loads, fc.integer({ min: 1, max: 512 }), (of, load, n) => {
        const { step } = speedModel(of, load, { ...knowledge, curves: [] })(n);
        const least = (1000 * (step.work.weightBytesPerGpu + step.work.kvBytesPerGpu)) / of.machine.bandwidthBytesPerSecond;
        expect(step.tpot.value).toBeGreaterThanOrEqual(least * (1 - 1e-12));
      }),
    );
  });

  it('stages and attention DP do not speed up a lone sequence', () => {
    const alone = (more: object) =>
      speedModel(replica({ layout: { ...TP8, ...more } }), LOAD, { ...knowledge, curves: [] })(1).step.tpot.value;
    for (const more of [
      { tp: 4, pp: 2 },
      { tp: 1, pp: 8 },
      { tp: 1, attentionDp: 8, ep: 8 },
      { tp: 2, attentionDp: 4, ep: 8 },
    ])
      expect(alone(more)).toBeGreaterThanOrEqual(alone({}));
  });

  it('bands hold their value and are finite', () => {
    fc.assert(
      fc.property(replicas, loads, fc.integer({ min: 1, max: 1024 }), (of, load, n) => {
        const speed = speedModel(of, load, knowledge)(n);
        for (const { low, value, high } of [speed.tpotMs, speed.ttftMs, speed.outputTokensPerSecond]) {
          expect(low).toBeGreaterThan(0);
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
          expect(Number.isFinite(high)).toBe(true);
        }
      }),
    );
  });

  it('covers every quantity and situation with a band of held-out rows', () => {
    for (const bands of Object.values(catalog.speed.bands))
      for (const quantity of Object.values(bands))
        for (const { low, high } of Object.values(quantity)) {
          expect(low).toBeLessThan(1);
          expect(high).toBeGreaterThan(1);
        }
  });
});

describe('calibrateSpeed', () => {
  const catalog = loadCatalog();
  const of = replica({ gpu: 'mi300x' });
  const slow = [1, 4, 16, 64].flatMap((concurrency) =>
    [1024, 8192].map((inputTokens) => {
      const load = { ...LOAD, inputTokens };
      const { value } = speedModel(of, load, knowing([]))(concurrency).tpotMs;
      const row = measurement({ gpu: 'mi300x', concurrency, inputTokens, tpotMs: 2 * value, ttftMs: 900 });
      return { measurement: row, system: of.system, traffic: of.traffic, machine: of.machine };
    }),
  );

  it('moves the system to what was measured of it, between and beyond the points, and no other system', () => {
    const fits = calibrateSpeed(catalog.speed.fits, of.system, slow);
    const calibrated = { ...knowing([]), fits };
    for (const concurrency of [2, 32, 96]) {
      const load = { ...LOAD, inputTokens: 4096 };
      const ratio =
        speedModel(of, load, calibrated)(concurrency).tpotMs.value / speedModel(of, load, knowing([]))(concurrency).tpotMs.value;
      expect(ratio).toBeGreaterThan(1.85);
      expect(ratio).toBeLessThan(2.15);
    }
    expect(speedModel(replica(), LOAD, calibrated)(8).tpotMs.value).toBe(speedModel(replica(), LOAD, knowing([]))(8).tpotMs.value);
  });

  it('changes nothing with fewer than six points', () => {
    expect(calibrateSpeed(catalog.speed.fits, of.system, slow.slice(0, 5))).toEqual(catalog.speed.fits);
  });
});
