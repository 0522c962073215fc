import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEMPLATE } from '../../src/scenario/template.ts';
import { cliRun } from '../support/cliRun.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-init-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('kplan init', () => {
  it('writes a scenario that breakeven, cost, size and fit answer', async () => {
    const path = join(folder, 'kplan.yaml');
    expect(await cliRun(['init', path])).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(path, 'utf8')).toBe(TEMPLATE);
    for (const command of ['advise', 'breakeven', 'cost', 'size', 'fit'])
      expect(await cliRun([command, '-f', path])).toMatchObject({ code: 0, stderr: '' });
  });

  it('- is stdout', async () => {
    expect(await cliRun(['init', '-'])).toEqual({ code: 0, stdout: TEMPLATE, stderr: '' });
  });

  it('keeps a file that is there, unless told', async () => {
    for (const [name, content] of [
      ['own.yaml', 'mine'],
      ['answer.json', '{"schema":"kplan/fit@1"}'],
    ] as const) {
      const path = join(folder, name);
      writeFileSync(path, content);
      const refused = await cliRun(['init', path]);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/^kplan: exists FILE: the file is there already .*--force/);
      expect(readFileSync(path, 'utf8')).toBe(content);
      expect((await cliRun(['init', path, '--force'])).code).toBe(0);
      expect(readFileSync(path, 'utf8')).toBe(TEMPLATE);
    }
  });

  it('writes through no link, into no folder that is missing, and over no folder', async () => {
    mkdirSync(join(folder, 'sub'));
    symlinkSync(join(folder, 'target.yaml'), join(folder, 'link.yaml'));
    for (const name of ['none/kplan.yaml', 'sub', 'link.yaml']) {
      const run = await cliRun(['init', join(folder, name), '--force']);
      expect({ name, code: run.code }).toEqual({ name, code: 2 });
      expect(run.stderr).toMatch(/^kplan: (missing|invalid) FILE: /);
    }
  });
});
