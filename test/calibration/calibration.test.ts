import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Calibration } from '../../src/calibration/calibration.ts';
import * as calibrations from '../../src/calibration/calibration.ts';
import { calibrationText, parseCalibration, readCalibration } from '../../src/calibration/calibrationFile.ts';
import { isMarked } from '../../src/report/mark.ts';
import { checkExample, docExamples } from '../support/docExamples.ts';

const CALIBRATION: Calibration = {
  schema: 'kplan/calibration@1',
  name: 'our node',
  date: '2026-09-30',
  source: { file: 'serve.log', sha256: 'ab'.repeat(32) },
  engine: 'vllm',
  engineVersion: '0.25.1',
  model: 'kimi-k2.5',
  format: 'int4',
  gpu: 'h200-sxm',
  layout: { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 },
  settings: { utilization: 0.92, kvCacheDtype: 'fp8', enforceEager: false },
  measured: { weightBytesPerGpu: 11, overheadBytesPerGpu: 5, kvBytesPerToken: null },
  predicted: { weightBytesPerGpu: 9, overheadBytesPerGpu: 4, kvBytesPerToken: 3 },
};

const folder = mkdtempSync(join(tmpdir(), 'kplan-calibration-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a calibration', () => {
  it('adds to a plan what the log showed beyond the prediction', () => {
    expect(calibrations.memoryCalibrationOf(CALIBRATION)).toEqual({
      name: 'our node',
      model: 'kimi-k2.5',
      format: 'int4',
      gpu: 'h200-sxm',
      engine: 'vllm',
      engineVersion: '0.25.1',
      layout: CALIBRATION.layout,
      weightOffsetBytes: 2,
      overheadOffsetBytes: 1,
      source: 'serve.log, vllm 0.25.1, 2026-09-30',
    });
  });

  it('says nothing of what the log did not show', () => {
    const measured = { weightBytesPerGpu: null, overheadBytesPerGpu: null, kvBytesPerToken: null };
    const offsets = calibrations.memoryCalibrationOf({ ...CALIBRATION, measured });
    expect([offsets.weightOffsetBytes, offsets.overheadOffsetBytes]).toEqual([0, null]);
  });

  it.each(docExamples('calibration', /^calibration(File)?\.ts$/))('$file: $expression', (example) => {
    checkExample(example, { ...calibrations, calibration: CALIBRATION });
  });
});

describe('the file of a calibration', () => {
  it('is read as it was written, and is known as kplan’s own', () => {
    const path = join(folder, 'node.json');
    writeFileSync(path, calibrationText(CALIBRATION));
    expect(readCalibration(path)).toEqual(CALIBRATION);
    expect(isMarked(calibrationText(CALIBRATION))).toBe(true);
  });

  it('holds any figures that a GPU can have', () => {
    const from = (min: number) => fc.option(fc.integer({ min, max: 1e12 }));
    const figures = fc.record({ weightBytesPerGpu: from(1), overheadBytesPerGpu: from(0), kvBytesPerToken: from(1) });
    fc.assert(
      fc.property(figures, figures, (measured, predicted) => {
        const written = { ...CALIBRATION, measured, predicted };
        expect(parseCalibration(calibrationText(written), 'x.json')).toEqual(written);
      }),
    );
  });

  it('is not written with what it may not hold', () => {
    const settings = { utilization: 92 };
    expect(() => calibrationText({ ...CALIBRATION, settings })).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringContaining('settings.utilization') }),
    );
  });

  const broken = (change: (text: string) => string) => () => parseCalibration(change(calibrationText(CALIBRATION)), 'node.json');

  it.each([
    [
      'another schema',
      (text: string) => text.replace('calibration@1', 'fit@1'),
      { code: 'invalid', details: { allowed: 'kplan/calibration@1 or kplan/calibration@2' } },
    ],
    [
      'a field too many',
      (text: string) => text.replace('"date"', '"dates": 1, "date"'),
      { code: 'unknown', details: { nearest: ['date'] } },
    ],
    ['a field too few', (text: string) => text.replace(/"gpu": .*\n/, ''), { code: 'missing', message: expect.stringContaining('gpu') }],
    ['no layout', (text: string) => text.replace('"tp": 8', '"tp": 0'), { code: 'invalid', message: expect.stringContaining('layout.tp') }],
    [
      'a day that is none',
      (text: string) => text.replace('2026-09-30', '2026-13-30'),
      { code: 'invalid', message: expect.stringContaining('date') },
    ],
    [
      'a digest that is none',
      (text: string) => text.replace('abab', 'xxxx'),
      { code: 'invalid', message: expect.stringContaining('sha256') },
    ],
    ['bytes beyond any GPU', (text: string) => text.replace('"weightBytesPerGpu": 11', '"weightBytesPerGpu": 1e300'), { code: 'invalid' }],
    [
      'a text where a number belongs',
      (text: string) => text.replace(': 11', ': "11"'),
      { code: 'invalid', message: expect.stringContaining('measured.weightBytesPerGpu') },
    ],
    [
      'no weights',
      (text: string) => text.replace('"weightBytesPerGpu": 11', '"weightBytesPerGpu": 0'),
      { code: 'invalid', message: expect.stringContaining('measured.weightBytesPerGpu'), details: { value: 0, allowed: 'more than 0' } },
    ],
    [
      'a negative overhead',
      (text: string) => text.replace('"overheadBytesPerGpu": 4', '"overheadBytesPerGpu": -4'),
      { code: 'invalid', message: expect.stringContaining('predicted.overheadBytesPerGpu'), details: { value: -4, allowed: 'at least 0' } },
    ],
    [
      'an overhead beyond any GPU',
      (text: string) => text.replace('"overheadBytesPerGpu": 5', '"overheadBytesPerGpu": 2e12'),
      { code: 'invalid', message: expect.stringContaining('measured.overheadBytesPerGpu') },
    ],
    [
      'a fraction that is none',
      (text: string) => text.replace('"utilization": 0.92', '"utilization": 92'),
      {
        code: 'invalid',
        message: expect.stringContaining('settings.utilization'),
        details: { value: 92, allowed: 'a number above 0 and at most 1' },
      },
    ],
    ['half a file', (text: string) => text.slice(0, 200), { code: 'invalid', details: { allowed: expect.stringMatching(/^JSON, as/) } }],
    ['an empty object', () => '{}', { code: 'missing', details: { allowed: 'kplan/calibration@1 or kplan/calibration@2' } }],
    ['no file of this kind', () => 'weights: 3', { code: expect.stringMatching(/missing|unknown/) }],
  ])('is refused with its place: %s', (_, change, fault) => {
    let seen: unknown;
    try {
      broken(change)();
    } catch (error) {
      seen = error;
    }
    expect(seen).toMatchObject(fault);
    expect(seen).toMatchObject({ details: { where: expect.stringMatching(/^node\.json:\d+:\d+$/) } });
  });

  it('pollutes nothing', () => {
    const read = parseCalibration(
      calibrationText(CALIBRATION).replace('"utilization": 0.92', '"__proto__": { "polluted": 1 }'),
      'node.json',
    );
    expect(Object.getPrototypeOf('settings' in read && read.settings)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('is refused where it cannot be read or is too large', () => {
    expect(() => readCalibration(join(folder, 'none.json'))).toThrow(expect.objectContaining({ code: 'missing' }));
    expect(() => readCalibration(folder)).toThrow(expect.objectContaining({ code: 'invalid' }));
    writeFileSync(join(folder, 'large.json'), ' '.repeat(3_000_000));
    expect(() => readCalibration(join(folder, 'large.json'))).toThrow(/too large/);
  });
});
