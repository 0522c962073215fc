import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { readCalibration } from '../../src/calibration/calibrationFile.ts';
import { runReconcile } from '../../src/cli/reconcileCommand.ts';
import { declareReconcile, type ReconcileOptions } from '../../src/cli/reconcileOptions.ts';
import { llamaOnH100, vllmLogOf } from './reconcileLogs.ts';

const folder = mkdtempSync(join(tmpdir(), 'kplan-reconcile-'));
const path = join(folder, 'serve.log');
const text = vllmLogOf(llamaOnH100());
writeFileSync(path, text);
afterAll(() => rmSync(folder, { recursive: true }));

function outlet() {
  const written: string[] = [];
  const io = { write: (part: string) => void written.push(part), warn: () => undefined, width: 120, color: false };
  return { io, stdout: () => written.join('') };
}

async function run(options: ReconcileOptions = {}, file = path) {
  const { io, stdout } = outlet();
  return { code: await runReconcile(file, options, io), stdout: stdout() };
}

describe('kplan reconcile', () => {
  it('prints a report to read, with every figure and what explains it', async () => {
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain('weights per GPU');
    expect(stdout).toContain('noise of loading');
    expect(stdout).toContain('Verdict: The server is ready');
  });

  it('prints one document under --json, and rows as CSV', async () => {
    const document = JSON.parse((await run({ json: true })).stdout);
    expect(document).toMatchObject({ schema: 'kplan/reconcile@1', log: { name: 'serve.log', engine: 'vllm', version: '0.12.0' } });
    const [header, first] = (await run({ csv: true })).stdout.split('\r\n');
    expect(header).toBe('kplanSchema,id,what,unit,source,predicted,logged,residual,residualShare,tolerance,within,explanation,line');
    expect(first).toMatch(/^kplan\/reconcile@1,weights,weights per GPU,GiB,/);
  });

  it('reads stdin, with the colours and carriage returns of a terminal', async () => {
    const { io, stdout } = outlet();
    async function* stdin() {
      yield new TextEncoder().encode(
        text.replaceAll('(EngineCore_DP0 pid=2)', '\u001b[1;36m(EngineCore_DP0 pid=2)\u001b[0;0m').replaceAll('\n', '\r\n'),
      );
    }
    await runReconcile('-', { json: true }, io, stdin());
    expect(JSON.parse(stdout())).toMatchObject({ log: { name: 'stdin' }, verdict: { agrees: true } });
  });

  it('saves a calibration, and replaces only its own', async () => {
    const save = join(folder, 'node.json');
    await run({ save });
    expect(readCalibration(save)).toMatchObject({
      model: 'llama-3.1-8b',
      gpu: 'h100-sxm',
      source: { file: 'serve.log', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    await run({ save });
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    await expect(run({ save: join(folder, 'mine.txt') })).rejects.toMatchObject({ code: 'exists', details: { where: '--save' } });
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('saves nothing where what is asked contradicts the log', async () => {
    const save = join(folder, 'none.json');
    await expect(run({ save, gpu: 'h200-sxm' })).rejects.toMatchObject({ code: 'contradiction', details: { where: '--gpu' } });
    expect(existsSync(save)).toBe(false);
  });

  it('exits with 3 under --fail where a figure is outside its tolerance', async () => {
    const other = join(folder, 'other.log');
    writeFileSync(other, vllmLogOf(llamaOnH100(), { weights: 3 }));
    expect([(await run({ fail: true })).code, (await run({ fail: true }, other)).code, (await run({}, other)).code]).toEqual([0, 3, 0]);
  });

  it('takes GPU, model and engine as asked', async () => {
    const asked = { gpu: 'h200', model: 'llama-3.1-8b', format: 'bf16', engine: 'vllm@0.11.0', json: true } as const;
    const document = JSON.parse((await run(asked)).stdout);
    expect(document.recognised).toEqual(['Llama 3.1 8B bf16', expect.stringContaining('as asked')]);
  });

  it.each([
    ['a file that is not there', {}, join(folder, 'no.log'), { code: 'missing' }],
    ['a folder', {}, folder, { code: 'invalid' }],
    ['stdout for a calibration', { save: '-' }, path, { code: 'invalid', details: { where: '--save' } }],
    ['a GPU that is none', { gpu: 'h2OO' }, path, { code: 'unknown', details: { where: '--gpu' } }],
    ['a format without a model', { format: 'fp8' }, path, { code: 'missing', details: { where: '--model' } }],
    ['an engine without rules', { engine: 'llama.cpp' }, path, { code: 'unknown', details: { where: '--engine' } }],
  ])('refuses %s', async (_, options, file, fault) => {
    await expect(run(options, file)).rejects.toMatchObject(fault);
  });

  it('is declared with its log', async () => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    const { io, stdout } = outlet();
    const codes: number[] = [];
    declareReconcile(program, io, (code) => void codes.push(code));
    await program.parseAsync(['reconcile', path, '--json'], { from: 'user' });
    expect([...codes, JSON.parse(stdout()).schema]).toEqual([0, 'kplan/reconcile@1']);
  });
});
