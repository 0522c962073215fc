import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseStartupFile, readStartupFile, STARTUP_COLUMNS } from '../../src/accuracy/observed/startupFile.ts';
import { isCheckable, isDerived } from '../../src/accuracy/observed/startupRow.ts';
import { Fault } from '../../src/faults/fault.ts';
import { csvOf, rowCells } from './startupRows.ts';

const folder = mkdtempSync(join(tmpdir(), 'kplan-score-'));
afterAll(() => rmSync(folder, { recursive: true }));

const faultOf = (read: () => unknown): Fault => {
  try {
    read();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

const parse = (content: string) => parseStartupFile('rows.csv', content);

describe('a file of start-up observations', () => {
  it('is read row by row, with remarks behind numbers and blanks as nothing', () => {
    const [row] = parse(
      csvOf([{ id: 'A', gpu_memory_utilization_or_mem_fraction: '0.826 (auto, reduced)', tp: '8', available_kv_gib_per_gpu: '-3.32' }]),
    );
    expect(row).toMatchObject({ id: 'A', line: 2, fraction: 0.826, fractionIsOwn: true, tp: 8, kvGiB: -3.32, maxModelLen: null });
  });

  it('takes columns in any order and others beside them, quotes, a byte order mark and Windows line ends', () => {
    const names = [...STARTUP_COLUMNS].reverse();
    const cells = rowCells({ id: 'B', notes: 'says "check", twice' });
    const line = names.map((name) => `"${cells[name].replaceAll('"', '""')}"`).join();
    const [row] = parse(`\uFEFF${names.join()},mine\r\n${line},x\r\n`);
    expect(row?.notes).toBe('says "check", twice');
  });

  it('reads expert and attention parallelism as counts or as yes', () => {
    const [yes, four, none] = parse(csvOf([{ ep: 'yes', dp_attention: 'yes' }, { ep: '4' }, { ep: 'no' }]));
    expect([yes?.ep, yes?.attentionDp, four?.ep, none?.ep]).toEqual([true, true, 4, null]);
  });

  it('knows rows whose GiB prove nothing and rows that can be checked', () => {
    const [derived, checkable, other] = parse(
      csvOf([{ notes: 'derived: 5 / 3' }, { notes: 'check: fine' }, { notes: 'checked by nobody' }]),
    );
    expect([derived, checkable, other].map((row) => row && [isDerived(row), isCheckable(row)])).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
  });

  it('comes back as it was written', () => {
    const count = fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: null });
    const gib = fc.option(
      fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 100),
      { nil: null },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), count, gib, (text, tokens, kv) => {
        const cell = (value: number | null) => (value === null ? '' : String(value));
        const [row] = parse(csvOf([{ model: text, kv_tokens_per_gpu_or_engine: cell(tokens), available_kv_gib_per_gpu: cell(kv) }]));
        expect(row).toMatchObject({ model: text.trim(), kvTokens: tokens, kvGiB: kv });
      }),
    );
  });
});

describe('a bad file is refused with its place', () => {
  it.each<[what: string, content: string, where: string, code: string]>([
    ['a missing column', csvOf([{}]).replace('outcome', 'result'), 'rows.csv:1:1', 'missing'],
    ['no content', '', 'rows.csv:1:1', 'missing'],
    ['a word for a number', csvOf([{}, { weights_gib_per_gpu: 'seventy' }]), 'rows.csv:3:weights_gib_per_gpu', 'invalid'],
    ['a negative weight', csvOf([{ weights_gib_per_gpu: '-4' }]), 'rows.csv:2:weights_gib_per_gpu', 'invalid'],
    ['half a GPU', csvOf([{ gpu_count: '0.5' }]), 'rows.csv:2:gpu_count', 'invalid'],
    ['more GPUs than there are', csvOf([{ gpu_count: '1000000000' }]), 'rows.csv:2:gpu_count', 'invalid'],
    ['a number beyond all memory', csvOf([{ max_model_len: `1${'0'.repeat(20)}` }]), 'rows.csv:2:max_model_len', 'invalid'],
    ['an infinite number', csvOf([{ max_model_len: 'Infinity' }]), 'rows.csv:2:max_model_len', 'invalid'],
    [
      'a fraction above one',
      csvOf([{ gpu_memory_utilization_or_mem_fraction: '90' }]),
      'rows.csv:2:gpu_memory_utilization_or_mem_fraction',
      'invalid',
    ],
    ['an outcome of its own', csvOf([{ outcome: 'maybe' }]), 'rows.csv:2:outcome', 'invalid'],
    ['an id that is repeated', csvOf([{ id: 'A' }, { id: 'B' }, { id: 'A' }]), 'rows.csv:4:id', 'contradiction'],
    ['a row too short', `${csvOf([])}a,b\n`, 'rows.csv:2:date', 'invalid'],
    ['a quote that never ends', `${csvOf([])}"a`, 'rows.csv:2:1', 'invalid'],
    ['a record too long', `${csvOf([])}${'x'.repeat(300_000)}\n`, 'rows.csv:2:1', 'invalid'],
  ])('%s', (_, content, where, code) => {
    const fault = faultOf(() => parse(content));
    expect([fault.code, fault.details.where]).toEqual([code, where]);
  });

  it('a repeated id names both lines', () => {
    const fault = faultOf(() => parse(csvOf([{ id: 'A' }, { id: 'A' }])));
    expect(fault.message).toBe('contradiction rows.csv:3:id: line 2 has the same id (got "A"); allowed: an id of its own for each row');
  });

  it('never carries control characters into its message', () => {
    expect(faultOf(() => parse(csvOf([{ tp: '\u001b[31m8' }]))).message).not.toContain('\u001b');
  });

  it('a key of the prototype is a column like any other', () => {
    const content = csvOf([{ id: 'A' }])
      .replace(/^/, '__proto__,')
      .replace('\n', '\nx,');
    expect(parse(content)[0]?.id).toBe('A');
  });
});

describe('a file on disk', () => {
  it('is read', () => {
    const path = join(folder, 'good.csv');
    writeFileSync(path, csvOf([{ id: 'A' }, { id: 'B' }]));
    expect(readStartupFile(path).map(({ id }) => id)).toEqual(['A', 'B']);
  });

  it.each([join(folder, 'absent.csv'), folder])('that cannot be read is named: %s', (path) => {
    expect(faultOf(() => readStartupFile(path)).details.where).toBe(path);
  });

  it('that never ends is refused before it fills the memory', () => {
    const fault = faultOf(() => readStartupFile('/dev/zero'));
    expect([fault.code, fault.details.where]).toEqual(['invalid', '/dev/zero:1:1']);
  });
});
