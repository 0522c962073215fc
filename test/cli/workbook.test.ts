import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorDocument } from '../../src/report/errorDocument.ts';
import { cliRun } from '../support/cliRun.ts';
import { editedWorkbook, workbookValues } from '../support/workbookFiles.ts';

const ASKED = ['--gpu', 'h200', '--workload', 'kimi-chat', '--tokens-per-month', '60e9'];
const BREAKEVEN = ['breakeven', ...ASKED, '--months', '6'];
let folder: string;
const inside = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-workbook-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('--out FILE.xlsx', () => {
  it('prints the report and writes the workbook, which a later run replaces', async () => {
    const out = inside('plan.xlsx');
    const run = await cliRun([...BREAKEVEN, '--out', out]);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toMatch(/^At 60B tokens a month own GPUs cost/);
    expect(run.stderr).toContain(`wrote ${out}`);
    const sheets = [...(await workbookValues(readFileSync(out))).keys()];
    expect(sheets).toEqual(
      expect.arrayContaining(['Summary', 'Inputs', 'Derivation', 'Cash flow 1', 'Sensitivity', 'Assumptions', 'Sources']),
    );
    expect(await cliRun(['cost', ...ASKED, '--out', out])).toMatchObject({ code: 0 });
    expect([...(await workbookValues(readFileSync(out))).keys()]).toEqual(['Summary', 'Inputs', 'Derivation', 'Assumptions', 'Sources']);
  });

  it('leaves a workbook alone in which somebody has worked', async () => {
    const out = inside('plan.xlsx');
    await cliRun(['cost', ...ASKED, '--out', out]);
    const saved = Buffer.from(editedWorkbook(readFileSync(out)).toString('latin1').replace('>hucre<', '>Excel<'), 'latin1');
    writeFileSync(out, saved);
    const run = await cliRun(['cost', ...ASKED, '--out', out]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('kplan did not write this file');
    expect(Buffer.compare(readFileSync(out), saved)).toBe(0);
    expect(await cliRun(['cost', ...ASKED, '--out', out, '--force'])).toMatchObject({ code: 0 });
  });

  it.each(['--json', '--csv', '--markdown'])('cannot be meant with %s', async (form) => {
    const run = await cliRun(['cost', ...ASKED, '--out', inside('plan.xlsx'), form]);
    expect(run.code).toBe(2);
    expect(run.stdout + run.stderr).toContain('a workbook is a form of its own');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused by a command whose answer has none', async () => {
    const run = await cliRun(['fit', '--gpu', 'h200', '--out', inside('plan.XLSX')]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('no workbook is made of this answer');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('--focus FILE.csv', () => {
  it('stands beside the result and a workbook', async () => {
    const run = await cliRun([...BREAKEVEN, '--out', inside('plan.xlsx'), '--focus', inside('focus.csv')]);
    expect(run.code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['focus.csv', 'plan.xlsx']);
    expect(readFileSync(inside('focus.csv'), 'utf8')).toMatch(/^x_KplanSchema,BilledCost,/);
    expect(await cliRun(['cost', ...ASKED, '--json', '--focus', inside('focus.csv')])).toMatchObject({ code: 0 });
  });

  it('wants a volume and a name that ends in .csv, and writes nothing else', async () => {
    const none = await cliRun(['breakeven', ...ASKED.slice(0, 4), '--out', inside('plan.xlsx'), '--focus', inside('focus.csv')]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('--focus');
    const named = await cliRun(['cost', ...ASKED, '--json', '--focus', inside('focus.txt')]);
    expect((JSON.parse(named.stdout) as ErrorDocument).error.where).toBe('--focus');
    expect(readdirSync(folder)).toEqual([]);
  });
});
