import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveCatalog } from '../../src/catalog/resolve.ts';
import { Fault } from '../../src/faults/fault.ts';

const DATA = fileURLToPath(new URL('../../data', import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-data-'));
  cpSync(DATA, folder, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The faults of a copy of data/ in which the first match in one file reads otherwise. */
function faultsAfter(file: string, match: string | RegExp, replacement: string): Fault[] {
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(match, replacement);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  return faultsOf();
}

function faultsOf(): Fault[] {
  try {
    resolveCatalog(folder);
  } catch (error) {
    if (error instanceof AggregateError) return error.errors as Fault[];
    throw error;
  }
  return [];
}

describe('a fault in a YAML file', () => {
  const gpu = 'gpus/h200-sxm.yaml';

  it('names an unknown key, its place, and the nearest key', () => {
    const [fault, ...others] = faultsAfter(gpu, 'gpusPerNode', 'gpuPerNode');
    expect(fault).toBeInstanceOf(Fault);
    expect([fault, ...others].map((one) => one?.code)).toEqual(expect.arrayContaining(['unknown', 'missing']));
    const unknown = [fault, ...others].find((one) => one?.code === 'unknown');
    expect(unknown?.details).toMatchObject({ where: 'data/gpus/h200-sxm.yaml:19:1', value: 'gpuPerNode' });
    expect(unknown?.details.nearest?.[0]).toBe('gpusPerNode');
  });

  it('says to remove underscores from a number that YAML reads as text', () => {
    const [fault, ...others] = faultsAfter(gpu, /value: 143771/, 'value: 143_771');
    expect(others).toEqual([]);
    expect(fault?.code).toBe('invalid');
    expect(fault?.message).toContain('driverVisibleMiB.value');
    expect(fault?.details).toMatchObject({
      where: 'data/gpus/h200-sxm.yaml:10:28',
      value: '143_771',
      allowed: 'a number; remove the underscores',
    });
  });

  it('names a missing field at the group that lacks it', () => {
    const [fault] = faultsAfter(gpu, /marketedGB: .*\n/, '');
    expect(fault?.code).toBe('missing');
    expect(fault?.message).toContain('marketedGB');
    expect(fault?.details.where).toMatch(/^data\/gpus\/h200-sxm\.yaml:\d+:\d+$/);
  });

  it('refuses a source that nobody declared', () => {
    const faults = faultsAfter(gpu, /value: 141, source: spec/, 'value: 141, source: specs');
    expect(faults).toHaveLength(1);
    expect(faults[0]?.code).toBe('unknown');
    expect(faults[0]?.details).toMatchObject({ where: 'data/gpus/h200-sxm.yaml:9:35', value: 'specs', nearest: ['spec'] });
  });

  it('refuses a source that no field uses', () => {
    const faults = faultsAfter(gpu, /sources:\n/, 'sources:\n  idle: { ref: a page, date: 2026-01, kind: spec }\n');
    expect(faults.map(({ message }) => message)).toEqual([expect.stringContaining('no field uses this source')]);
  });

  it('refuses an alias that another GPU has', () => {
    const faults = faultsAfter(gpu, 'aliases: [h200,', 'aliases: [h100,');
    expect(faults).toHaveLength(1);
    expect(faults[0]?.code).toBe('contradiction');
    expect(faults[0]?.details).toMatchObject({ where: 'data/gpus/h200-sxm.yaml:3:11', value: 'h100' });
    expect(faults[0]?.message).toContain('data/gpus/h100-sxm.yaml');
  });

  it('refuses a key that stands twice', () => {
    const faults = faultsAfter(gpu, 'vendor: nvidia', 'vendor: nvidia\nvendor: amd');
    expect(faults.find(({ details }) => details.where === 'data/gpus/h200-sxm.yaml:5:1')?.details.allowed).toBe('each key once');
  });

  it('refuses an alias bomb before it expands', () => {
    const bomb = Array.from({ length: 40 }, (_, level) => `b${level + 1}: &b${level + 1} [*b${level}, *b${level}]`).join('\n');
    writeFileSync(join(folder, gpu), `b0: &b0 [1]\n${bomb}\n`);
    const faults = faultsOf().filter(({ code }) => code === 'unsupported');
    expect(faults[0]?.details).toMatchObject({ where: 'data/gpus/h200-sxm.yaml:2:10', value: '*b0,' });
  });

  it('refuses a file that is no YAML', () => {
    writeFileSync(join(folder, gpu), 'name: [h200\n');
    expect(faultsOf()[0]?.details.where).toMatch(/^data\/gpus\/h200-sxm\.yaml:\d+:\d+$/);
  });

  it('names an enumeration in full', () => {
    const [fault] = faultsAfter(gpu, 'vendor: nvidia', 'vendor: Nvidia');
    expect(fault?.details).toMatchObject({ where: 'data/gpus/h200-sxm.yaml:4:9', value: 'Nvidia', allowed: 'nvidia, amd, intel, google' });
  });

  it('refuses a model that extends nothing known, or itself', () => {
    expect(faultsAfter('models/kimi-k2.6.yaml', 'extends: kimi-k2.5', 'extends: kimi-k2.55')[0]?.details.nearest).toContain('kimi-k2.5');
    expect(
      faultsAfter('models/kimi-k2.6.yaml', 'extends: kimi-k2.55', 'extends: kimi-k2.6').some(({ code }) => code === 'contradiction'),
    ).toBe(true);
  });

  it('names the field of a model that contradicts itself', () => {
    const faults = faultsAfter('models/deepseek-v3.yaml', 'mixer: attention, ffn: dense', 'mixer: atention, ffn: dense');
    const [fault] = faults.filter(({ details }) => details.where.includes('deepseek-v3.yaml'));
    expect(fault?.message).toContain('architecture.layers.0.layers.0.mixer: no such mixer in mixers');
    expect(fault?.details).toMatchObject({ value: 'atention', allowed: 'attention' });
    expect(fault?.details.where).toMatch(/^data\/models\/deepseek-v3\.yaml:\d+:\d+$/);
  });

  it('checks that claims ask about things in the catalog', () => {
    const faults = faultsAfter('claims/guides.yaml', 'gpu: h100-sxm', 'gpu: h100-smx');
    expect(faults).toHaveLength(1);
    expect(faults[0]?.details).toMatchObject({ value: 'h100-smx', nearest: expect.arrayContaining(['h100-sxm']) });
  });

  it.each([
    ['claims/prices.yaml', 'model: kimi-k2.7-code', 'model: kimi-k27-code', 'kimi-k2.7-code'],
    ['claims/prices.yaml', 'than: kimi-k2.6', 'than: kimi-k2.8', 'kimi-k2.6'],
    ['claims/prices.yaml', '{ kimi-k2.7-code: { input: 0.95', '{ kimi-k27-code: { input: 0.95', 'kimi-k2.7-code'],
    ['claims/sessions.yaml', 'models: [kimi-k2.7-code, claude-opus-4-8]', 'models: [kimi-k2.7-code, claude-opus-48]', 'claude-opus-4-8'],
    ['claims/hosting.yaml', 'gpu: [h200-sxm]', 'gpu: [h200-smx]', 'h200-sxm'],
  ])('checks that claims about money in %s ask about what has a list price: %s', (file, match, replacement, nearest) => {
    const faults = faultsAfter(file, match, replacement);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ code: 'unknown', details: { nearest: expect.arrayContaining([nearest]) } });
  });

  it('refuses a claimed range whose ends are the wrong way round, and a price claim without a price', () => {
    expect(
      faultsAfter('claims/prices.yaml', 'claimed: { low: 9, high: 11 }', 'claimed: { low: 11, high: 9 }').map(({ code }) => code),
    ).toEqual(['invalid']);
    expect(faultsAfter('claims/prices.yaml', 'claimedUsdPerMtok: { cacheRead: 0.16 }', 'claimedUsdPerMtok: {}').length).toBeGreaterThan(0);
  });

  it.each([
    ['inputTokens: 84000', 'inputTokens: 85000', 'contradiction', 'about 84000'],
    ['share: 1,', 'share: 0.9,', 'invalid', 'shares of sum 1'],
    ['gapCv: null', 'gapCv: { low: 2, value: 1, high: 3 }', 'invalid', 'rising order'],
    ['hours: null', 'hours: [1, 1]', 'invalid', '24'],
    ['hours: null', `hours: [${Array(24).fill(2)}]`, 'invalid', 'mean 1'],
  ])('in the traffic of a workload is found: %s as %s', (match, replacement, code, words) => {
    const faults = faultsAfter('workloads/agentic-coding-cline-k26.yaml', match, replacement);
    expect(faults[0]?.code).toBe(code);
    expect(faults.map(({ message }) => message).join()).toContain(words);
  });

  it('is reported beside all others', () => {
    faultsAfter(gpu, 'vendor: nvidia', 'vendor: Nvidia');
    faultsAfter('workloads/kimi-chat.yaml', 'inputTokens: 12035', 'inputTokens: -1');
    expect(faultsAfter('offers.csv', ',h100-sxm,', ',h101-sxm,').length).toBeGreaterThanOrEqual(3);
  });
});

describe('a fault in a CSV file', () => {
  it('names line and column of an unknown GPU', () => {
    const rows = readFileSync(join(folder, 'offers.csv'), 'utf8').split('\n');
    const line = rows.findIndex((row) => row.includes(',b200-sxm,')) + 1;
    const faults = faultsAfter('offers.csv', ',b200-sxm,', ',b200,');
    expect(faults).toHaveLength(1);
    expect(faults[0]?.code).toBe('unknown');
    expect(faults[0]?.details).toMatchObject({ where: `data/offers.csv:${line}:gpu`, value: 'b200' });
  });

  it('names the cell where a row ends too early', () => {
    const [header = '', first = '', ...rest] = readFileSync(join(folder, 'tariffs.csv'), 'utf8').split('\n');
    writeFileSync(join(folder, 'tariffs.csv'), [header, first.split(',').slice(0, 4).join(), ...rest].join('\n'));
    const [fault] = faultsOf();
    expect(fault?.details).toMatchObject({ where: 'data/tariffs.csv:2:currency', value: '4 cells', allowed: '15 cells' });
  });

  it('names a number that is none', () => {
    const faults = faultsAfter('tariffs.csv', /,0\.15,/, ',USD 0.15,');
    expect(faults).toHaveLength(1);
    expect(faults[0]?.details).toMatchObject({ value: 'USD 0.15' });
    expect(faults[0]?.details.where).toMatch(/^data\/tariffs\.csv:\d+:\w+_per_mtok$/);
  });

  it('names a missing source, a repeated id and a changed header', () => {
    expect(faultsAfter('measurements/kimi.csv', ',atom-dashboard,', ',atom-dashbord,')[0]?.details.nearest).toContain('atom-dashboard');
    const [header = '', first = '', ...rest] = readFileSync(join(DATA, 'offers.csv'), 'utf8').split('\n');
    writeFileSync(join(folder, 'offers.csv'), [header, first, first, ...rest].join('\n'));
    expect(faultsOf().find(({ code }) => code === 'contradiction')?.details.where).toBe('data/offers.csv:3:id');
    writeFileSync(join(folder, 'offers.csv'), [header.replace('gpu,', 'card,'), first, ...rest].join('\n'));
    expect(faultsOf().find(({ message }) => message.includes('wrong columns'))?.details.where).toBe('data/offers.csv:1:1');
  });

  it('refuses a zero tariff and a cache read above the input price', () => {
    const path = join(folder, 'tariffs.csv');
    writeFileSync(
      path,
      `${readFileSync(path, 'utf8')}x:1,groq,gpt-oss-120b,standard,USD,0,,,,0,,,,2026-01-01,models-dev\nx:2,groq,gpt-oss-120b,standard,USD,1,2,,,3,,,,2026-01-01,models-dev\n`,
    );
    expect(faultsOf().map(({ code }) => code)).toEqual(['invalid', 'contradiction']);
  });

  it('refuses a currency without a rate of its time, and an interval that ends before it begins', () => {
    const path = join(folder, 'tariffs.csv');
    const rows = [
      'x:1,groq,gpt-oss-120b,standard,EUR,1,,,,2,,,,2026-01-01,models-dev',
      'x:2,groq,gpt-oss-120b,standard,EUR,1,,,,2,,,,2025-01-15,models-dev',
      'x:3,groq,gpt-oss-120b,standard,USD,1,,,,2,,2026-02-01,2026-01-01,2026-01-01,models-dev',
    ];
    writeFileSync(path, `${readFileSync(path, 'utf8')}${rows.join('\n')}\n`);
    const faults = faultsOf();
    expect(faults.map(({ code, details }) => [code, details.value])).toEqual([
      ['missing', 'EUR'],
      ['contradiction', '2026-01-01'],
    ]);
    expect(faults[0]?.details.where).toMatch(/^data\/tariffs\.csv:\d+:currency$/);
  });

  it('refuses conditions of a tariff that is not there, and hours that are none', () => {
    const path = join(folder, 'tariff-conditions.csv');
    writeFileSync(path, `${readFileSync(path, 'utf8')}nobody,1000,,1,,,,2,\nnobody,,25:00-26:00,1,,,,2,\n`);
    expect(faultsOf().map(({ details }) => details.value)).toEqual(['25:00-26:00', 'nobody']);
  });

  it('refuses context tiers that fall', () => {
    const path = join(folder, 'tariff-conditions.csv');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, `${text}models.dev:xai:grok-4.3,1000,,1,,,,2,\n`);
    expect(faultsOf().map(({ code, details }) => [code, details.value, details.allowed])).toEqual([
      ['contradiction', 200_000, 'context tiers in rising order'],
    ]);
  });

  it('refuses a band whose middle is outside it', () => {
    const faults = faultsAfter('planning.yaml', /low: 0\.1, value: 0\.25/, 'low: 0.3, value: 0.25');
    expect(faults[0]?.details.where).toMatch(/^data\/planning\.yaml:\d+:/);
  });

  it.each([
    ['trends.yaml', /low: -0\.99889/, 'low: -1.2', 'losses of less than all a year'],
    ['trends.yaml', /low: -0\.99889, value: -0\.975/, 'low: -0.5, value: -0.975', 'low, value and high in rising order'],
    ['trends.yaml', /source: epoch/, 'source: epoc', 'a key of `sources:` in this file or of data/sources.yaml'],
    ['depreciation.yaml', /0\.0576/, '0.0577', 'shares whose sum is 1'],
    ['depreciation.yaml', /country: US/, 'country: usa', 'two capital letters of ISO 3166 such as US'],
  ])('refuses %s with %s as %s', (file, match, replacement, allowed) => {
    const [fault] = faultsAfter(file, match, replacement);
    expect(fault?.details.where).toMatch(new RegExp(`^data/${file}:\\d+:`));
    expect(fault?.details.allowed).toBe(allowed);
  });

  it('refuses quotes that do not close', () => {
    writeFileSync(join(folder, 'offers.csv'), `${readFileSync(join(folder, 'offers.csv'), 'utf8')}"open,\n`);
    expect(faultsOf()[0]?.details.where).toMatch(/^data\/offers\.csv:\d+:1$/);
  });
});
