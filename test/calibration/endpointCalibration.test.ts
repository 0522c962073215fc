import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { calibrationText, parseCalibration } from '../../src/calibration/calibrationFile.ts';
import type { EndpointCalibration } from '../../src/calibration/endpointCalibration.ts';
import * as endpointCalibrations from '../../src/calibration/endpointCalibration.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
import { knownFactsFrom } from '../../src/cli/knownFacts.ts';
import { Random } from '../../src/serving/simulation/random.ts';
import { coefficientsOf } from '../../src/throughput/coefficients.ts';
import { cliRun } from '../support/cliRun.ts';
import { checkExample, docExamples } from '../support/docExamples.ts';
import { CONDITIONS, DEPLOYMENT, simulatedCalibration } from '../support/endpointCalibrations.ts';
import { drawnEndpoint, simulatedSystem } from '../support/simulatedEndpoint.ts';
import { shipped } from '../support/speed.ts';

const { calibratedMeasurements, calibrationWords } = endpointCalibrations;
const folder = mkdtempSync(join(tmpdir(), 'kplan-endpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const exact = (value: number) => ({ low: value, value, high: value, basis: 'modelled' as const });
const spread = (median: number) => ({ low: median, median, high: median, count: 9, error: 0.01 });

/** One point at 1.18 times the shipped model. */
const SMALL: EndpointCalibration = {
  schema: 'kplan/calibration@2',
  name: 'our node',
  date: '2026-11-26',
  source: { file: 'records.jsonl', sha256: 'ab'.repeat(32) },
  deployment: { ...DEPLOYMENT, model: 'kimi-k2.5', engineVersion: '0.25.1' },
  conditions: CONDITIONS,
  kvTokens: null,
  speed: {
    points: [
      {
        id: '4-short-c16',
        shape: 'short',
        inputTokens: 1030,
        outputTokens: 256,
        reuse: 0,
        reuseSource: 'usage',
        concurrency: 16,
        rate: null,
        requests: 32,
        failed: 0,
        ttftMs: spread(400),
        tpotMs: spread(23.6),
        outputTokensPerSecond: 640,
        requestsPerSecond: 2.5,
        used: true,
        shipped: { tpotMs: exact(20), ttftMs: exact(500) },
        fitted: null,
      },
    ],
    fit: null,
    leftOut: null,
    flags: [],
  },
};

it.each(docExamples('calibration', /^endpointCalibration\.ts$/))('$file: $expression', (example) => {
  checkExample(example, { ...endpointCalibrations, endpointCalibration: SMALL });
});

describe('the words of a calibration', () => {
  const [point] = SMALL.speed.points;
  const flagged = point && { ...point, id: 'x', used: false };

  it('say what was left out', () => {
    const some = { ...SMALL, speed: { ...SMALL.speed, points: [...SMALL.speed.points, ...(flagged ? [flagged] : [])] } };
    expect(calibrationWords(some, 'f')).toMatch(/1 of its points is flagged and not used$/);
    expect(calibratedMeasurements(some)).toHaveLength(1);
    const none = { ...SMALL, speed: { ...SMALL.speed, points: flagged ? [flagged] : [] } };
    expect(calibrationWords(none, 'f')).toBe('no load point of f is used: none was measured');
  });

  it('say where nobody knows what serves', () => {
    expect(calibrationWords({ ...SMALL, deployment: null }, 'f')).toBe('f does not say what serves k2, so it moves nothing here');
    expect(calibratedMeasurements({ ...SMALL, deployment: null })).toEqual([]);
  });
});

describe('the file of an endpoint', () => {
  const made = simulatedCalibration(drawnEndpoint(new Random(3), 0.1, { step: 0.01, request: 0.02 }));

  it('is read as it was written', () => {
    expect(parseCalibration(calibrationText(made), 'x.json')).toEqual(made);
    expect(parseCalibration(calibrationText(SMALL), 'x.json')).toEqual(SMALL);
    expect(calibrationText(made).length).toBeLessThan(2 ** 16);
  });

  it('of an older kplan says nothing of the error of TTFT', () => {
    expect(made.speed.leftOut?.ttftError).toBeGreaterThan(0);
    const old = calibrationText(made).replace(/,\s*"ttftError": [\d.e-]+/, '');
    expect(old).not.toContain('ttftError');
    expect((parseCalibration(old, 'x.json') as EndpointCalibration).speed.leftOut?.ttftError).toBeNull();
  });

  it.each([
    ['a field too many', (text: string) => text.replace('"conditions"', '"condition"')],
    ['a concurrency below 1', (text: string) => text.replace('"concurrency": 16', '"concurrency": 0')],
    ['a time that is none', (text: string) => text.replace('"median": 400', '"median": -400')],
    ['a digest that is none', (text: string) => text.replace('abab', 'xxxx')],
  ])('is refused with its place: %s', (_, change) => {
    const read = () => parseCalibration(change(calibrationText(SMALL)), 'node.json');
    expect(read).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ where: expect.stringMatching(/^node\.json:\d+:\d+$/) }) }),
    );
  });

  it('is not written with what it may not hold', () => {
    expect(() => calibrationText({ ...SMALL, date: 'today' })).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});

describe('answers with --calibration', () => {
  const { fits } = shipped();
  const { system } = simulatedSystem();
  /** Twice as slow as the shipped model says. */
  const slow = {
    tpotLogs: coefficientsOf(fits.tpot, system).map((log) => log + Math.log(2)),
    ttftLogs: coefficientsOf(fits.ttft, system),
    noise: { step: 0.005, request: 0.01 },
  };
  const path = join(folder, 'node.json');
  writeFileSync(path, calibrationText(simulatedCalibration(slow, { date: '2026-11-20' })));
  const on = ['--model', 'kimi-k2.7-code', '--gpu', 'h200:8', '--tp', '8', '--engine', 'vllm', '--json'];
  const short = ['--input-tokens', '1024', '--output-tokens', '256'];
  const answer = async (command: string, ...more: readonly string[]) => {
    const { code, stdout, stderr } = await cliRun([command, ...on, ...more]);
    expect(code, stderr + stdout).toBe(0);
    return JSON.parse(stdout);
  };

  it('speed reads its curve and says so', async () => {
    const plain = await answer('speed', ...short, '--concurrency', '16');
    const own = await answer('speed', ...short, '--concurrency', '16', '--calibration', path);
    const tpot = (from: typeof plain) => from.replicas[0].points.find((at: { concurrency: number }) => at.concurrency === 16);
    expect(tpot(own).tpotMs.value).toBeGreaterThan(1.5 * tpot(plain).tpotMs.value);
    expect(tpot(own)).toMatchObject({ basis: 'measured', source: 'user' });
    const said = own.assumptions.find(({ code }: { code: string }) => code === 'calibration');
    expect(said.text).toMatch(
      /node\.json \(15 load points of kimi-k2\.7-code int4 on 8×h200-sxm.* TPOT at a concurrency of 16 is [\d.]+ times the shipped model/,
    );
  });

  it('between its shapes the fitted coefficients answer', async () => {
    const own = await answer('speed', '--concurrency', '16', '--calibration', path, '--input-tokens', '3000', '--output-tokens', '256');
    expect(own.replicas[0].points[0]).toMatchObject({ basis: 'calibrated', situation: 'calibrated' });
  });

  it('breakeven changes its answer and says why', async () => {
    const plain = await answer('breakeven', ...short, '--tokens-per-month', '50000000000');
    const own = await answer('breakeven', ...short, '--tokens-per-month', '50000000000', '--calibration', path);
    expect(own.monthly[0].selfHostUsd.value).toBeGreaterThan(plain.monthly[0].selfHostUsd.value);
    expect(
      own.assumptions.some(({ code, text }: { code: string; text: string }) => code === 'calibration' && text.includes('node.json')),
    ).toBe(true);
  });

  it.each([
    ['size', [...short, '--rps', '1']],
    ['cost', [...short, '--tokens-per-month', '5000000000']],
    ['reuse', ['--workload', 'kimi-chat', '--tokens-per-month', '5000000000']],
    ['advise', [...short, '--tokens-per-month', '5000000000']],
    ['hybrid', [...short, '--tokens-per-month', '5000000000']],
  ])('%s takes it', async (command, load) => {
    const { assumptions } = await answer(command, ...load, '--calibration', path);
    expect(assumptions.some((one: { code: string }) => one.code === 'calibration')).toBe(true);
  });

  it('keeps the day of the catalog with a newer calibration, and knows its points before those of a catalog', async () => {
    const catalog = loadCatalog();
    const known = await knownFactsFrom({ calibration: path }, { ...catalog, date: '2026-11-01' });
    expect(known.catalog.date).toBe('2026-11-01');
    expect(known.ownMeasurements).toHaveLength(15);
    // Of 38 GB that kplan says hold 550,000 tokens, 560,000 were found in.
    expect(known.calibration?.overheadOffsetBytes).toBeCloseTo(38e9 * (1 - 560 / 550), 0);
    expect(known.without).toEqual({ ownMeasurements: [] });
    expect(await knownFactsFrom({}, catalog)).toEqual({ catalog, calibrated: [], cautions: [], without: null });
  });

  it('no file makes them believe what GPUs cannot do', async () => {
    const made = simulatedCalibration(slow);
    const points = made.speed.points.map((point, at) => (at < 3 ? { ...point, tpotMs: spread(0.01), outputTokensPerSecond: null } : point));
    const forged = join(folder, 'forged.json');
    writeFileSync(forged, calibrationText({ ...made, speed: { ...made.speed, points } }));
    const known = await knownFactsFrom({ calibration: forged }, loadCatalog());
    expect(known.ownMeasurements).toHaveLength(12);
    const words = /3 load points of .*forged\.json are faster than the GPUs can be and not used/;
    expect(known.calibrated.at(-1)?.text).toMatch(words);
    const { stdout } = await cliRun(['calibrate', 'report', forged]);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(words);
    expect((await cliRun(['calibrate', 'report', forged, '--csv'])).stderr).toMatch(words);
    expect((await cliRun(['calibrate', 'report', path, '--csv'])).stderr).toBe('');
  });

  it('no file makes them derive a time per token that GPUs cannot have', async () => {
    const made = simulatedCalibration(slow);
    const points = made.speed.points.map((point, at) => {
      if (at >= 3) return point;
      const seconds = 5.001;
      return { ...point, tpotMs: null, ttftMs: spread(5000), outputTokensPerSecond: (point.concurrency * point.outputTokens) / seconds };
    });
    const whole = join(folder, 'whole.json');
    writeFileSync(whole, calibrationText({ ...made, speed: { ...made.speed, points } }));
    expect((await knownFactsFrom({ calibration: whole }, loadCatalog())).ownMeasurements).toHaveLength(12);
  });

  it('fit takes it and is not moved by what it says of speed', async () => {
    const { code, stderr } = await cliRun(['fit', '--model', 'kimi-k2.7-code', '--gpu', 'h200:8', '--calibration', path, '--json']);
    expect(code, stderr).toBe(0);
  });
});
