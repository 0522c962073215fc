import { describe, expect, it } from 'vitest';
import { dataSchema } from '../../src/catalog/dataSchema.ts';
import { cliRun } from '../support/cliRun.ts';

describe('kplan data', () => {
  it('trends has each with its band and its note', async () => {
    const { code, stdout, stderr } = await cliRun(['data', 'trends']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/gpu-rent +gpu-rent +Rent of one GPU type +0 \(-0\.31 to 0\.34\)\n +Fell until 2025/);
  });

  it('depreciation has the shares of each tax year', async () => {
    const { code, stdout, stderr } = await cliRun(['data', 'depreciation']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/us-macrs-5 +US .* 0\.2 0\.32 0\.192 0\.1152 0\.1152 0\.0576\n/);
  });

  it.each(['trends', 'depreciation'])('%s as JSON keeps the schema and has its sources', async (kind) => {
    const { entries, sources } = dataSchema.parse(JSON.parse((await cliRun(['data', kind, '--json'])).stdout));
    expect(entries.length).toBeGreaterThan(3);
    expect(Object.keys(sources).length).toBeGreaterThan(2);
  });
});
