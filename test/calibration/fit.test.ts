import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/calibration/client/record.ts';
import { calibrated } from '../../src/calibration/fit/calibrated.ts';
import { contradictions } from '../../src/calibration/fit/physics.ts';
import { pointsOf } from '../../src/calibration/fit/stepPoint.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
import { witnessOf } from '../../src/plan/speed/witness.ts';
import { Random } from '../../src/serving/simulation/random.ts';
import { CONDITIONS, DEPLOYMENT, LADDER, simulatedCalibration } from '../support/endpointCalibrations.ts';
import { measurement } from '../support/measurement.ts';
import { type MadeRequest, record } from '../support/requestRecords.ts';
import { drawnEndpoint, simulatedRun, simulatedStep, simulatedSystem } from '../support/simulatedEndpoint.ts';

const QUIET = { step: 0.01, request: 0.02 };
const endpoint = drawnEndpoint(new Random(3), 0.1, QUIET);

describe('the records of a step', () => {
  const step = (more: readonly MadeRequest[], ask: MadeRequest['ask'] = {}) =>
    more.map((made, number) => record({ ...made, ask: { ...ask, ...made.ask, number } }));

  it('make a point of medians, warm-up and failed ones left out', () => {
    const failure = { code: 'reset', message: 'cut' } as const;
    const [point] = pointsOf(
      step([
        { sentMs: 0, ttftMs: 900, tpotMs: 90 },
        { sentMs: 4000, ttftMs: 100, tpotMs: 10 },
        { sentMs: 4500, ttftMs: 120, tpotMs: 12 },
        { sentMs: 5000, failure },
        { sentMs: 5500, ttftMs: 140, tpotMs: 14 },
      ]),
      () => 1,
    );
    expect(point).toMatchObject({ id: '0-short-c1', requests: 3, failed: 1, concurrency: 1, inputTokens: 1000, outputTokens: 32 });
    expect(point?.ttftMs).toMatchObject({ median: 120, count: 3 });
    expect(point?.tpotMs?.median).toBeCloseTo(12);
  });

  it('count the wait from the intended send time', () => {
    const [point] = pointsOf(step([{ intendedMs: 0, sentMs: 50, ttftMs: 100 }]), () => 0);
    expect(point?.ttftMs?.median).toBe(150);
  });

  it('say what was in flight on average, and what came out meanwhile', () => {
    const ladder = LADDER.find(({ load }) => load.kind === 'concurrency' && load.concurrency === 16);
    if (!ladder) throw new Error('the ladder has such a step');
    const [point] = pointsOf(simulatedStep({ ...ladder, requests: 200 }, endpoint, new Random(1), 0), () => 16);
    expect(point?.concurrency).toBe(16);
    const implied = (16 * 256 * 1000) / ((point?.ttftMs?.median ?? 0) + 256 * (point?.tpotMs?.median ?? 0));
    expect((point?.outputTokensPerSecond ?? 0) / implied).toBeCloseTo(1, 1);
    const half = step(
      Array.from({ length: 10 }, (_, at) => ({ sentMs: 1000 * at, ttftMs: 190, tpotMs: 10 })),
      { concurrency: 4 },
    );
    expect(pointsOf(half, () => 0)[0]?.concurrency).toBe(1);
  });

  it('of one shape share their lengths and reuse, so that they are one curve', () => {
    const records = [1, 2].flatMap((place) =>
      step([{ inputTokens: 1000 + place, cachedTokens: 500, outputTokens: 30 + place }], { step: place, concurrency: place }),
    );
    const points = pointsOf(records, () => 0);
    expect(points.map(({ inputTokens, outputTokens, reuse, reuseSource }) => [inputTokens, outputTokens, reuse, reuseSource])).toEqual([
      [1002, 32, 0.5, 'usage'],
      [1002, 32, 0.5, 'usage'],
    ]);
  });

  it('say what was asked where the server counts nothing', () => {
    const [point] = pointsOf(step([{ inputTokens: null, outputTokens: null, cachedTokens: null }], { sharedInput: 0.75 }), () => 0);
    expect(point).toMatchObject({
      inputTokens: 1024,
      outputTokens: 32,
      reuse: 0.75,
      reuseSource: 'asked',
      tpotMs: null,
      outputTokensPerSecond: null,
    });
  });

  it('make no point where nothing was answered', () => {
    expect(pointsOf(step([{ failure: { code: 'refused', message: '' } }]), () => 0)).toEqual([]);
    expect(pointsOf([], () => 0)).toEqual([]);
  });
});

describe('physics', () => {
  const witness = (tpotMs: number, ttftMs: number, concurrency = 1) => ({
    ...simulatedSystem(),
    measurement: measurement({ tpotMs, ttftMs, concurrency }),
  });

  it('is contradicted by tokens faster than the weights can be read, with the figures', () => {
    const [flag, ...others] = contradictions(witness(0.1, 5000));
    expect(others).toEqual([]);
    expect(flag).toMatchObject({ code: 'faster-than-bandwidth', point: 'row' });
    expect(flag?.message).toMatch(
      /^TPOT of 0\.1 ms is less than the [\d.]+ ms that reading weights and KV cache at the full bandwidth takes/,
    );
  });

  it('is contradicted by a prompt computed faster than the peak', () => {
    expect(contradictions(witness(30, 2)).map(({ code }) => code)).toEqual(['faster-than-peak']);
  });

  it('is contradicted by what output and the wait for the first token imply, where no time per token was measured', () => {
    const silent = (outputTokensPerSecond: number, ttftMs: number | null, concurrency = 4) => ({
      ...simulatedSystem(),
      measurement: measurement({ tpotMs: null, ttftMs, concurrency, outputTokensPerSecond }),
    });
    const { outputTokens } = measurement({});
    // 4 in flight, each answered whole after 10 s.
    const [burst] = contradictions(silent((4 * outputTokens) / 10.01, 10_000));
    expect(burst?.code).toBe('faster-than-bandwidth');
    expect(burst?.message).toMatch(/^a TPOT by output and TTFT of 0\.0\d+ ms is less than the [\d.]+ ms/);
    expect(contradictions(silent(1e6, null)).map(({ message }) => message)).toEqual([expect.stringMatching(/^a TPOT by output/)]);
    expect(contradictions(silent(100, 1000))).toEqual([]);
    const { measurement: whole, ...system } = witness(30, 900);
    const rate = contradictions({ ...system, measurement: { ...whole, ttftMs: null, outputTokensPerSecond: 1e6 } });
    expect(rate.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^a time per token by the output \(1 in flight\) of 0\.001 ms/),
    ]);
  });

  it('allows what was published, but for a row in five hundred', () => {
    const catalog = loadCatalog();
    const published = catalog.speed.measurements.flatMap((row) => witnessOf(row, catalog) ?? []);
    expect(published.length).toBeGreaterThan(1000);
    expect(published.flatMap(contradictions).length).toBeLessThanOrEqual(published.length / 500);
    expect(contradictions(witness(30, 900))).toEqual([]);
  });
});

/** An endpoint that counts no reused tokens. */
const SILENT = {
  name: 'silent',
  date: '2026-04-22',
  source: { file: 'records.jsonl', sha256: 'ab'.repeat(32) },
  records: [record({ cachedTokens: null, ask: { sharedInput: 0.75 } })],
  warmUp: () => 0,
  deployment: DEPLOYMENT,
  conditions: CONDITIONS,
  kvTokens: null,
  predictedKv: null,
};

describe('a calibration', () => {
  const made = simulatedCalibration(endpoint);

  it('fits its points, and says how far they lie from the shipped model', () => {
    expect(made.speed.points).toHaveLength(15);
    expect(made.speed.points.every(({ used, shipped, fitted }) => used && shipped !== null && fitted !== null)).toBe(true);
    expect(made.speed.flags).toEqual([]);
    expect(made.speed.fit?.tpot.points).toBe(15);
    expect(made.speed.leftOut?.tpot.of).toBe(15);
    expect(made.speed.leftOut?.tpotError).toBeLessThan(0.1);
    expect(made.kvTokens).toMatchObject({ measured: 560_000 });
    for (const { fitted, tpotMs } of made.speed.points) expect((tpotMs?.median ?? 0) / (fitted?.tpotMs.value ?? 1)).toBeCloseTo(1, 0.7);
  });

  it('flags what is too fast to be true and leaves it out', () => {
    const fast = { ...endpoint, tpotLogs: endpoint.tpotLogs.map(() => -20) };
    // The model itself never goes below what the datasheet allows, so the endpoint is said to have fewer GPUs than it has.
    const { speed } = simulatedCalibration(fast, { deployment: { ...DEPLOYMENT, layout: { ...DEPLOYMENT.layout, tp: 4 } } });
    expect(speed.points.filter(({ used }) => used).length).toBeLessThan(speed.points.length / 2);
    expect(speed.flags.some(({ code }) => code === 'faster-than-bandwidth')).toBe(true);
  });

  it('flags points whose usage cannot be and leaves them out', () => {
    const usage = (record: RequestRecord, more: Partial<RequestRecord['usage']>) => ({ ...record, usage: { ...record.usage, ...more } });
    const disagreeing = { malformedFrames: 0, malformedSample: null, invalidText: false, usageDisagrees: true, doneMissing: false };
    const changed: Readonly<Record<number, (record: RequestRecord) => RequestRecord>> = {
      1: (record) => ({ ...record, oddities: disagreeing }),
      3: (record) => usage(record, { outputTokens: record.ask.maxOutputTokens + 1 }),
      5: (record) => usage(record, { inputTokens: 2 * record.ask.inputTokens }),
      6: (record) => usage({ ...record, failure: { code: 'reset', message: '' } }, { outputTokens: 1e6 }),
    };
    const records = simulatedRun(LADDER, endpoint, new Random(11)).map((record) =>
      record.ask.number === 4 ? (changed[record.ask.step]?.(record) ?? record) : record,
    );
    for (const deployment of [DEPLOYMENT, null]) {
      const { speed } = calibrated({ ...SILENT, records, deployment }, loadCatalog());
      const flagged = speed.flags.filter(({ code }) => code === 'usage').map(({ point }) => point);
      expect(flagged).toEqual(speed.points.filter((_, at) => [1, 3, 5].includes(at)).map(({ id }) => id));
      for (const id of flagged) expect(speed.points.find((point) => point.id === id)?.used).toBe(false);
      if (deployment) expect(speed.fit?.tpot.points).toBe(12);
    }
  });

  it('flags points whose answers came in one piece and leaves them out, whatever runs there', () => {
    const held = (one: RequestRecord): RequestRecord => ({
      ...one,
      firstTokenMs: one.lastTokenMs,
      chunks: one.chunks.map((chunk) => ({ ...chunk, ms: one.lastTokenMs ?? 0 })),
    });
    const records = simulatedRun(LADDER, endpoint, new Random(11)).map((one) => (one.ask.shape === 'long' ? held(one) : one));
    for (const deployment of [DEPLOYMENT, null]) {
      const { speed } = calibrated({ ...SILENT, records, deployment }, loadCatalog());
      const long = speed.points.filter(({ shape }) => shape === 'long');
      expect(long.every(({ used, tpotMs, outputTokensPerSecond }) => !used && tpotMs === null && outputTokensPerSecond !== null)).toBe(
        true,
      );
      const flagged = new Set(speed.flags.filter(({ code }) => code === 'buffered').map(({ point }) => point));
      expect([...flagged].sort()).toEqual(long.map(({ id }) => id).sort());
      expect(speed.flags.map(({ code }) => code)).not.toContain('faster-than-bandwidth');
      expect(speed.flags[0]?.message).toMatch(/^\d+ of \d+ answers came in one piece: no time between tokens/);
    }
  });

  it('of a speculating endpoint fits nothing and says why', () => {
    const { speed } = simulatedCalibration(endpoint, { conditions: { speculation: 'suspected' } });
    expect(speed.fit).toBeNull();
    expect(new Set(speed.flags.map(({ code }) => code))).toEqual(new Set(['speculation']));
  });

  it('of a GPU that the catalog does not know fits nothing', () => {
    const { speed } = simulatedCalibration(endpoint, { deployment: { ...DEPLOYMENT, gpu: 'secret-9' } });
    expect([speed.fit, speed.flags[0]?.code]).toEqual([null, 'unknown-hardware']);
  });

  it('takes no share of the input for reused where the endpoint keeps no prefixes and counts none', () => {
    const silent = { ...SILENT, conditions: { ...CONDITIONS, prefixCaching: false } };
    expect(calibrated(silent, loadCatalog()).speed.points[0]?.reuse).toBe(0);
    expect(calibrated(SILENT, loadCatalog()).speed.points[0]?.reuse).toBe(0.75);
  });

  it('of an unknown deployment keeps its points', () => {
    const { speed, deployment } = simulatedCalibration(endpoint, { deployment: null });
    expect([deployment, speed.fit, speed.flags.length, speed.points.length]).toEqual([null, null, 0, 15]);
    expect(speed.points.some(({ used }) => used)).toBe(false);
  });
});
