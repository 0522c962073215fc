import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { runScoreMemory } from '../../src/cli/scoreCommand.ts';
import { declareScore } from '../../src/cli/scoreOptions.ts';
import { Fault } from '../../src/faults/fault.ts';
import { csvOf } from './startupRows.ts';

const folder = mkdtempSync(join(tmpdir(), 'kplan-score-'));
const file = join(folder, 'rows.csv');
writeFileSync(file, csvOf([{ id: 'A', weights_gib_per_gpu: '71.22', available_kv_gib_per_gpu: '50', max_model_len: '8192' }]));
afterAll(() => rmSync(folder, { recursive: true }));

/** Where a run writes to, with what stood on stdout. */
function outlet() {
  const written: string[] = [];
  const io = { write: (text: string) => void written.push(text), warn: () => undefined, width: 120, color: false };
  return { io, stdout: () => written.join('') };
}

async function run(options: Parameters<typeof runScoreMemory>[1]) {
  const { io, stdout } = outlet();
  return { code: await runScoreMemory(file, options, io), stdout: stdout() };
}

describe('kplan score memory', () => {
  it('prints one document under --json, with the metrics where readers look for them', async () => {
    const { code, stdout } = await run({ json: true });
    const document = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(document).toMatchObject({ schema: 'kplan/score-memory@1', file, rows: 1, verdicts: { n: 1, right: 1, wrong: 0 } });
    for (const set of [document.metrics, document.byVendor.nvidia, document.byVendor.amd])
      expect(Object.keys(set)).toEqual(['weights', 'kvTokensGivenGiB', 'kvGiB', 'kvGiBCalibrated', 'overhead']);
    expect(document.metrics.kvGiB).toMatchObject({ n: 1, medianPctOfGpu: expect.any(Number), coverageInterval: [0, 1] });
  });

  it('prints its metrics as CSV, and a report to read', async () => {
    const csv = (await run({ csv: true })).stdout;
    expect(csv).toContain('rows,figure,n,bias');
    const { stdout } = await run({});
    expect(stdout).toContain('KV memory');
    expect(stdout).toContain('The worst rows');
  });

  it('names a file that is not there', async () => {
    await expect(runScoreMemory(join(folder, 'no.csv'), {}, outlet().io)).rejects.toThrow(Fault);
  });

  it('is declared with its file', async () => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    const { io, stdout } = outlet();
    const codes: number[] = [];
    declareScore(program, io, (exit) => {
      codes.push(exit);
    });
    await program.parseAsync(['score', 'memory', file, '--json'], { from: 'user' });
    expect([...codes, JSON.parse(stdout()).rows]).toEqual([0, 1]);
    await expect(program.parseAsync(['score', 'memory'], { from: 'user' })).rejects.toThrow(/missing required argument 'file'/);
  });
});
