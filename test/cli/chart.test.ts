import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHARTS } from '../../src/cli/chartNames.ts';
import { PAIRS } from '../../src/report/charts/palette.ts';
import { isMarkedPng } from '../../src/report/charts/pngMark.ts';
import { isMarked } from '../../src/report/mark.ts';
import { cliRun } from '../support/cliRun.ts';

const folder = mkdtempSync(join(tmpdir(), 'kplan-chart-'));
const inside = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(inside(name), 'utf8');
const HOSTED = ['--gpu', 'h200', '--workload', 'kimi-chat', '--tokens-per-month', '200e9'];
const REQUEST = ['--workload', 'kimi-chat', '--input-tokens', '2000', '--output-tokens', '20', '--rps', '1', '--simulate'];

/** A question for each chart. */
const QUESTIONS: Readonly<Record<Exclude<keyof typeof CHARTS, 'calibration'>, readonly string[]>> = {
  breakeven: HOSTED,
  'unit-cost': HOSTED,
  tornado: HOSTED,
  'cash-flow': HOSTED,
  cost: HOSTED,
  hybrid: HOSTED,
  'fit-map': ['--gpu', 'h200:8'],
  memory: ['--gpu', 'h200:8'],
  speed: ['--gpu', 'h200:8', '--isl', '8192', '--osl', '1024'],
  load: ['--gpu', 'h200', ...REQUEST],
  day: ['--gpu', 'h200', ...REQUEST],
  reuse: ['--gpu', 'h200', '--workload', 'agentic-coding'],
};

describe('kplan chart', () => {
  it.each(Object.entries(QUESTIONS))('%s is drawn as SVG on stdout', async (name, words) => {
    const { code, stdout } = await cliRun(['chart', name, ...words]);
    expect(code).toBe(0);
    expect(isMarked(stdout)).toBe(true);
    expect(stdout).toContain('</svg>');
  });

  it('has the options of the question and those of the picture in the help of each', async () => {
    for (const [name, { question }] of Object.entries(CHARTS)) {
      const { code, stdout } = await cliRun(['chart', name, '--help']);
      expect(code).toBe(0);
      for (const option of ['--out', '--dark', '--phone', '--scale']) expect(stdout).toContain(option);
      expect(stdout.includes('--gpu')).toBe(question !== 'calibration');
    }
  });

  it('lists all of them', async () => {
    const { code, stdout } = await cliRun(['chart', '--list']);
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(Object.keys(CHARTS));
  });

  it('writes each form by the name of the file, and replaces its own alone', async () => {
    for (const form of ['svg', 'png', 'vl.json', 'csv']) {
      const words = ['chart', 'memory', ...QUESTIONS.memory, '--out', inside(`memory.${form}`)];
      expect((await cliRun(words)).code).toBe(0);
      expect((await cliRun(words)).code).toBe(0);
    }
    expect(isMarkedPng(readFileSync(inside('memory.png')))).toBe(true);
    for (const form of ['svg', 'vl.json', 'csv']) expect(isMarked(text(`memory.${form}`))).toBe(true);
    expect(text('memory.csv')).toMatch(/^kplanSchema,series,part,sizeGib\r\nkplan\/chart@1,"8× H200 141GB SXM, TP8",weights,71\.2/);
    writeFileSync(inside('mine.png'), 'somebody drew this');
    const { code, stderr } = await cliRun(['chart', 'memory', ...QUESTIONS.memory, '--out', inside('mine.png')]);
    expect(code).toBe(2);
    expect(stderr).toContain('kplan did not write this file');
    expect(text('mine.png')).toBe('somebody drew this');
  });

  it('draws for dark paper, for a phone, and at a scale', async () => {
    const words = ['chart', 'memory', ...QUESTIONS.memory];
    expect((await cliRun([...words, '--dark'])).stdout).toContain(`fill="${PAIRS.paper.dark}"`);
    const width = async (...more: string[]) => Number(/<svg[^>]* width="(\d+)"/.exec((await cliRun([...words, ...more])).stdout)?.[1]);
    expect(await width('--phone')).toBeLessThan(400);
    expect(await width()).toBeGreaterThan(800);
    for (const scale of ['1', '2']) await cliRun([...words, '--scale', scale, '--out', inside(`scale${scale}.png`)]);
    const pixels = (name: string) => readFileSync(inside(name)).readUInt32BE(16);
    expect(pixels('scale2.png')).toBe(2 * pixels('scale1.png'));
  });

  it('takes a scenario file', async () => {
    const { code, stdout } = await cliRun(['chart', 'cost', '-f', 'examples/team-40-developers.yaml']);
    expect(code).toBe(0);
    expect(stdout).toContain('Moonshot AI (list price)');
    expect(stdout).toContain('own 8×B200 180GB SXM (TP8)');
  });

  it.each([
    [['chart'], 'missing chart: no chart is named'],
    [['chart', 'tornad'], 'did you mean tornado?'],
    [['chart', 'memory', '--gpu', 'h200', '--out', inside('a.pdf')], 'FILE.svg, FILE.png, FILE.vl.json or FILE.csv'],
    [['chart', 'memory', '--gpu', 'h200', '--scale', '2'], 'pixels are those of a PNG'],
    [['chart', 'memory', '--gpu', 'h200', '--scale', '99', '--out', inside('a.png')], '--scale'],
    [['chart', 'memory', '--gpuu', 'h200'], 'no such option'],
    [['chart', 'tornado', '--gpu', 'h200', '--workload', 'kimi-chat'], '--sensitivity'],
    [['chart', 'fit-map', '--gpu', 'h200', '--ctx', '32k'], 'such as 32k..256k'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr, stdout } = await cliRun(words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
  });
});

describe('--chart', () => {
  it('takes a PNG', async () => {
    const { code } = await cliRun(['reuse', '--gpu', 'h200', '--workload', 'agentic-coding', '--chart', inside('reuse.png')]);
    expect(code).toBe(0);
    expect(isMarkedPng(readFileSync(inside('reuse.png')))).toBe(true);
  });
});
