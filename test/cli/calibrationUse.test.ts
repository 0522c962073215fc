import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { calibrationText } from '../../src/calibration/calibrationFile.ts';
import { Random } from '../../src/serving/simulation/random.ts';
import { cliRun } from '../support/cliRun.ts';
import { simulatedCalibration } from '../support/endpointCalibrations.ts';
import { drawnEndpoint } from '../support/simulatedEndpoint.ts';

const folder = mkdtempSync(join(tmpdir(), 'kplan-use-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'real.json');
const endpoint = drawnEndpoint(new Random(3), 0.1, { step: 0.01, request: 0.02 });
writeFileSync(path, calibrationText(simulatedCalibration(endpoint, { date: '2026-11-20' })));

const SHAPE = ['--input-tokens', '1024', '--output-tokens', '256'];
const VOLUME = [...SHAPE, '--tokens-per-month', '5000000000'];

interface Said {
  readonly assumptions: readonly { readonly code: string; readonly text: string }[];
  readonly warnings: readonly string[];
}

async function answer(...words: readonly string[]): Promise<Said> {
  const { code, stdout, stderr } = await cliRun([...words, '--json']);
  expect(code, stderr + stdout).toBe(0);
  return JSON.parse(stdout);
}

const words = ({ assumptions }: Said) => assumptions.filter(({ code }) => code === 'calibration').map(({ text }) => text);
const unused = ({ warnings }: Said) => warnings.filter((text) => text.endsWith('it is not used'));

describe('a calibration of something else than the question', () => {
  it.each([
    ['speed', ['--gpu', 'b200:8', ...SHAPE], '8×h200-sxm on vllm; the question is of b200-sxm'],
    ['speed', ['--gpu', 'h200:8', '--engine', 'sglang', ...SHAPE], '8×h200-sxm on vllm; the question is of sglang'],
    ['speed', ['--gpu', 'b200:8', '--engine', 'sglang', ...SHAPE], '8×h200-sxm on vllm; the question is of b200-sxm on sglang'],
    [
      'speed',
      ['--gpu', 'b200,b300', '--model', 'deepseek-v3.2', ...SHAPE],
      'kimi-k2.7-code int4 on 8×h200-sxm on vllm; the question is of deepseek-v3.2 fp8 on b200-sxm, b300-sxm',
    ],
    ['speed', ['--gpu', 'b200:8', '--rank', ...SHAPE], '8×h200-sxm on vllm; the question is of b200-sxm'],
    ['speed', ['--gpu', 'h200:8', '--as-of', '2026-11-19', ...SHAPE], '2026-11-20; the question is as of 2026-11-19'],
    ['size', ['--gpu', 'b200', ...SHAPE, '--rps', '1'], '8×h200-sxm on vllm; the question is of b200-sxm'],
    ...['cost', 'breakeven', 'advise', 'hybrid'].map(
      (command) => [command, ['--gpu', 'b200', ...VOLUME], '8×h200-sxm on vllm; the question is of b200-sxm'] as const,
    ),
    [
      'reuse',
      ['--gpu', 'b200', '--workload', 'kimi-chat', '--tokens-per-month', '5000000000'],
      '8×h200-sxm on vllm; the question is of b200-sxm',
    ],
  ] as const)('%s %j says that it is of %s', async (command, question, said) => {
    const own = await answer(command, ...question, '--calibration', path);
    expect(unused(own)).toEqual([`${path} is of ${said}: it is not used`]);
    expect(words(own)).toEqual([]);
    const plain = await answer(command, ...question);
    const moved = ({ warnings, ...more }: Said) => ({
      ...JSON.parse(JSON.stringify(more).replaceAll(`--calibration ${path} `, '')),
      warnings: warnings.filter((text) => !text.includes(path)),
    });
    expect(moved(own)).toEqual(moved(plain));
  });
});

describe('a calibration that moves the answer', () => {
  it.each([
    ['the deployment', ['--gpu', 'h200:8', '--tp', '8']],
    ['another layout', ['--gpu', 'h200:16', '--tp', '16']],
    ['another model of the family', ['--gpu', 'h200:8', '--model', 'kimi-k2.5']],
    ['one of several GPU types', ['--gpu', 'b200,h200']],
    ['the best of all', ['--rank']],
  ])('says so of %s', async (_, question) => {
    const own = await answer('speed', ...question, ...SHAPE, '--calibration', path);
    expect(unused(own)).toEqual([]);
    expect(words(own)).toEqual([expect.stringContaining('comes before shipped measurements')]);
    const plain = await answer('speed', ...question, ...SHAPE);
    expect({ ...own, assumptions: [] }).not.toEqual({ ...plain, assumptions: [] });
  });

  it.each([
    [
      'breakeven',
      ['--gpu', 'h200:8', '--tp', '8', ...VOLUME],
      /own GPUs \$[\d,]+ a month instead of \$[\d,]+ a month|planned of a replica/,
    ],
    [
      'cost',
      ['--gpu', 'h200:8', '--tp', '8', ...VOLUME],
      /planned of a replica(?: \(.*?\))? [\d.]+B tokens a month instead of [\d.]+B tokens a month/,
    ],
    ['size', ['--gpu', 'h200:8', '--tp', '8', ...SHAPE, '--rps', '20'], /mean TPOT [\d.]+ ms instead of [\d.]+ ms/],
    [
      'speed',
      ['--gpu', 'h200:8', '--tp', '8', ...SHAPE, '--concurrency', '16'],
      /TPOT \(.* at 16 in flight\) [\d.]+ ms instead of [\d.]+ ms/,
    ],
    [
      'reuse',
      ['--gpu', 'h200:8', '--tp', '8', '--workload', 'kimi-chat', '--tokens-per-month', '5000000000'],
      /a token on them.* instead of /,
    ],
    ['hybrid', ['--gpu', 'h200:8', '--tp', '8', ...VOLUME], / instead of /],
    ['advise', ['--gpu', 'h200:8', '--tp', '8', ...VOLUME], / instead of /],
  ] as const)('says what %s would answer without it', async (command, question, change) => {
    const own = await answer(command, ...question, '--calibration', path);
    const [effect, ...more] = own.assumptions.filter(({ code }) => code === 'calibration-effect').map(({ text }) => text);
    expect(more).toEqual([]);
    expect(effect).toMatch(/^with .*real\.json: .* without it$/);
    expect(effect).toMatch(change);
    const plain = await answer(command, ...question);
    expect(plain.assumptions.filter(({ code }) => code === 'calibration-effect')).toEqual([]);
  });

  it('leaves a name that nothing bears to the question', async () => {
    const { code, stderr } = await cliRun(['speed', '--gpu', 'h2000', ...SHAPE, '--calibration', path]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('--gpu');
  });
});

describe('a calibration that is newer than the catalog', () => {
  it('is used, and moves neither the day of prices nor prices', async () => {
    const later = join(folder, 'later.json');
    writeFileSync(later, calibrationText(simulatedCalibration(endpoint, { date: '2026-12-24' })));
    const question = ['breakeven', '--gpu', 'h200:8', '--tp', '8', ...VOLUME];
    const asked = async (...more: readonly string[]) => {
      const { dataAge, offers } = JSON.parse(JSON.stringify(await answer(...question, ...more)).replaceAll(/2026-1(1-20|2-24)/g, 'DAY'));
      return { age: { ...dataAge, oldestMeasurement: null }, offers };
    };
    const [plain, own, early] = [await asked(), await asked('--calibration', later), await asked('--calibration', path)];
    expect(own.age).toEqual(plain.age);
    expect(own.offers).toEqual(early.offers);
    expect(own.offers).not.toEqual(plain.offers);
  });
});

describe('a calibration of another deployment of the same system', () => {
  it('is used, and the line about it says how the deployment differs', async () => {
    const on = ['speed', '--gpu', 'h200:8', '--tp', '8', ...SHAPE, '--calibration', path];
    const [same] = words(await answer(...on));
    expect(same).not.toContain('it was measured with');
    const [split] = words(await answer(...on, '--dcp', '8', '--kv-cache-dtype', 'fp8'));
    expect(split).toMatch(/; it was measured with DCP 1, a KV cache in bf16, and the question is of DCP 8, fp8$/);
  });
});
