import fs, { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fault, type FaultCode } from '../../src/faults/fault.ts';
import { checkOutputs, writeOutputs } from '../../src/report/output.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const mock = { ...real, writeSync: vi.fn(real.writeSync), renameSync: vi.fn(real.renameSync) };
  return { ...mock, default: mock };
});

const OURS = '{"schema":"kplan/fit@1"}\n';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-output-'));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** The fault of some work, or null. */
function faultOf(work: () => void): Fault | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

function writeOutput(path: string, content: string, rules = {}): void {
  writeOutputs([{ where: '--out', path, content }], rules);
}

function refusal(path: string, rules?: { force: boolean }): FaultCode | null {
  return faultOf(() => writeOutput(path, OURS, rules))?.code ?? null;
}

describe('writeOutputs', () => {
  it('writes a new file and replaces its own', () => {
    const path = join(folder, 'fit.json');
    writeOutput(path, OURS);
    writeOutput(path, `${OURS}\n`);
    expect(readFileSync(path, 'utf8')).toBe(`${OURS}\n`);
    expect(readdirSync(folder)).toEqual(['fit.json']);
  });

  it('leaves a file that is not its own, unless forced', () => {
    const path = join(folder, 'mine.txt');
    writeFileSync(path, 'mine');
    expect(refusal(path)).toBe('exists');
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(refusal(path, { force: true })).toBeNull();
    expect(readFileSync(path, 'utf8')).toBe(OURS);
  });

  it('refuses links, folders and missing folders, forced or not', () => {
    const target = join(folder, 'target');
    writeFileSync(target, OURS);
    symlinkSync(target, join(folder, 'link'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    mkdirSync(join(folder, 'inner'));
    for (const name of ['link', 'dangling', 'inner']) expect(refusal(join(folder, name), { force: true })).toBe('invalid');
    expect(refusal(join(folder, 'absent', 'a.json'))).toBe('missing');
    expect(refusal(join(target, 'a.json'))).toBe('missing');
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)('refuses a read-only folder', () => {
    chmodSync(folder, 0o555);
    expect(refusal(join(folder, 'a.json'))).toBe('unwritable');
    chmodSync(folder, 0o755);
  });

  it.each(['ENOSPC', 'EROFS', 'EIO'])('leaves the old file and no half one on %s', (code) => {
    const path = join(folder, 'fit.json');
    writeFileSync(path, OURS);
    vi.mocked(fs.writeSync).mockImplementationOnce(() => {
      throw Object.assign(new Error(code), { code });
    });
    expect(refusal(path)).toBe('unwritable');
    expect(readFileSync(path, 'utf8')).toBe(OURS);
    expect(readdirSync(folder)).toEqual(['fit.json']);
  });

  it('leaves nothing where the last step fails', () => {
    vi.mocked(fs.renameSync).mockImplementationOnce(() => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    });
    expect(refusal(join(folder, 'a.json'))).toBe('unwritable');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('several files', () => {
  const both = (chart: string, out: string) => [
    { where: '--chart', path: join(folder, chart), content: '<svg/>' },
    { where: '--out', path: join(folder, out), content: OURS },
  ];

  it('are written together', () => {
    writeOutputs(both('a.svg', 'a.json'));
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'a.svg']);
  });

  it('may not be one, however it is written', () => {
    symlinkSync(folder, join(folder, 'here'));
    const fault = faultOf(() => checkOutputs(both('a.svg', 'here/a.svg')));
    expect(fault).toMatchObject({ code: 'contradiction', details: { where: '--out' } });
    expect(fault?.message).toContain('--chart names the same file');
  });

  it('a refusal names its option and leaves none of them', () => {
    writeFileSync(join(folder, 'mine.svg'), 'mine');
    expect(faultOf(() => writeOutputs(both('mine.svg', 'a.json')))).toMatchObject({ code: 'exists', details: { where: '--chart' } });
    expect(faultOf(() => writeOutputs(both('a.svg', 'absent/a.json')))).toMatchObject({ code: 'missing', details: { where: '--out' } });
    expect(readdirSync(folder)).toEqual(['mine.svg']);
  });

  it.each([false, true])('a failure of the last step takes the first file back (kplan had written it before: %s)', (before) => {
    const old = '{"schema":"kplan/fit@1"}';
    if (before) writeFileSync(join(folder, 'a.svg'), old);
    vi.mocked(fs.renameSync)
      .mockImplementationOnce(vi.mocked(fs.renameSync).getMockImplementation() ?? (() => undefined))
      .mockImplementationOnce(() => {
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      });
    expect(faultOf(() => writeOutputs(both('a.svg', 'a.json')))).toMatchObject({ code: 'unwritable', details: { where: '--out' } });
    expect(readdirSync(folder)).toEqual(before ? ['a.svg'] : []);
    if (before) expect(readFileSync(join(folder, 'a.svg'), 'utf8')).toBe(old);
  });
});
