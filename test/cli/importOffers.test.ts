import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { OffersImport } from '../../src/importers/offers/index.ts';
import { importOffersSchema } from '../../src/report/schema/importOffers.ts';
import { h100Row, SKYPILOT, table } from '../importers/offers/support.ts';
import { type CliRun, cliRun } from '../support/cliRun.ts';

/** A type without readonly, all the way down. */
type Plain<T> = T extends readonly (infer Item)[] ? Plain<Item>[] : T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;

const home = process.cwd();
afterEach(() => process.chdir(home));

const GOOD = table(SKYPILOT, h100Row(), h100Row({ region: 'us-west-1' }));
const MIXED = table(SKYPILOT, h100Row(), h100Row({ price: '-1' }), h100Row({ price: '3192', region: 'far' }));
const BAD = table(SKYPILOT, h100Row({ price: '-1' }));

/** A folder to work in, as at a prompt. */
function workHere(): void {
  process.chdir(mkdtempSync(join(tmpdir(), 'kplan-import-offers-')));
  for (const [name, content] of Object.entries({ 'good.csv': GOOD, 'mixed.csv': MIXED, 'bad.csv': BAD })) writeFileSync(name, content);
}

function offers(words: string): Promise<CliRun> {
  return cliRun(['import', 'offers', ...words.split(' ')]);
}

const LAMBDA = '--provider lambda --date 2026-11-20';

describe('kplan import offers', () => {
  it('has a schema that is the type of its answer', () => {
    expectTypeOf<Plain<z.infer<typeof importOffersSchema>>>().toEqualTypeOf<Plain<OffersImport>>();
  });

  it('appends to offers.csv of the catalog folder and shows what changed, regions together', async () => {
    workHere();
    const { code, stdout, stderr } = await offers(`good.csv ${LAMBDA}`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('2 prices added to kplan-catalog/offers.csv (2 changed).');
    expect(stdout).toMatch(/lambda +h100-sxm +8 +gpu_8x_h100_sxm5 +2 regions +on-demand +3\.99 +3\.44 \(2026-03-16\) +\+16 %/);
    expect(readFileSync('kplan-catalog/offers.csv', 'utf8').split('\n')[1]).toBe(
      'lambda:h100-sxm:gpu-8x-h100-sxm5:us-east-1:on_demand@2026-11-20,lambda,h100-sxm,8,gpu_8x_h100_sxm5,us-east-1,on-demand,,3.99,2026-11-20,SkyPilot catalog: good.csv,',
    );
  });

  it('changes nothing when it is asked again', async () => {
    workHere();
    await offers(`good.csv ${LAMBDA}`);
    const before = readFileSync('kplan-catalog/offers.csv', 'utf8');
    expect(await offers(`good.csv ${LAMBDA}`)).toMatchObject({ code: 0, stdout: expect.stringContaining('2 there already.') });
    expect(readFileSync('kplan-catalog/offers.csv', 'utf8')).toBe(before);
  });

  it('exits with 5 where some prices were refused or held back, and keeps the good ones', async () => {
    workHere();
    const { code, stdout, stderr } = await offers(`mixed.csv none.csv ${LAMBDA}`);
    expect(code).toBe(5);
    expect(stdout).toContain('1 price added to kplan-catalog/offers.csv (1 changed), 1 held back, 2 refused.');
    expect(stdout).toContain('--keep-outliers takes it (mixed.csv:4: Price)');
    expect(stderr).toMatch(/^kplan: invalid mixed\.csv:3: Price: number out of range \(got "-1"\)/);
    expect(stderr).toContain('kplan: missing none.csv');
    expect((await offers(`mixed.csv ${LAMBDA} --keep-outliers --json`)).stdout).toContain('"heldBack": []');
  });

  it('exits with 0 where only GPUs that the catalog does not have are refused beside good prices', async () => {
    workHere();
    const good = readFileSync('good.csv', 'utf8');
    const [, row = ''] = good.split('\n');
    writeFileSync('old.csv', `${good.trimEnd()}\n${row.replace(/H100/g, 'V100').replace(/h100/g, 'v100')}\n`);
    const { code, stderr } = await offers(`old.csv ${LAMBDA}`);
    expect([code, stderr]).toEqual([0, expect.stringContaining('no GPU of the catalog')]);
  });

  it('exits with 2 where all were refused, and makes no folder', async () => {
    workHere();
    expect(await offers(`bad.csv ${LAMBDA}`)).toMatchObject({ code: 2, stdout: '' });
    const { code, stdout } = await offers('good.csv --json');
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { schema: 'kplan/import-offers@1', rows: [], refused: [{ code: 'missing' }] }]);
    expect(existsSync('kplan-catalog')).toBe(false);
  });

  it('prints one document by its schema, and a table with the columns of the catalog', async () => {
    workHere();
    const { stdout } = await offers(`mixed.csv ${LAMBDA} --json`);
    expect(importOffersSchema.parse(JSON.parse(stdout)).added).toBe(1);
    const csv = await offers(`good.csv ${LAMBDA} --csv`);
    expect(csv.stdout.split('\r\n')[0]).toBe(
      'kplanSchema,id,provider,gpu,gpus_per_instance,instance,region,pricing,term_months,usd_per_gpu_hour,date,source,note,status,before_usd_per_gpu_hour,before_id,percent,known',
    );
  });

  it('refuses a catalog file that is not kplan’s, and options that cannot be read', async () => {
    workHere();
    await offers(`good.csv ${LAMBDA} --catalog mine`);
    writeFileSync('mine/offers.csv', 'something else\n');
    expect(await offers(`good.csv ${LAMBDA} --catalog mine`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('mine/offers.csv:1'),
    });
    expect(readFileSync('mine/offers.csv', 'utf8')).toBe('something else\n');
    expect(await offers('good.csv --date tomorrow')).toMatchObject({ code: 2, stderr: expect.stringContaining('--date') });
  });
});

describe('what was imported', () => {
  it('stands beside the facts of kplan in data diff and data check', async () => {
    workHere();
    await offers(`good.csv ${LAMBDA}`);
    writeFileSync('later.csv', table(SKYPILOT, h100Row({ price: '40' })));
    await offers('later.csv --provider lambda --date 2026-11-21');
    const diff = await cliRun('data diff --catalog kplan-catalog --gpu h100 --as-of 2026-11-22 --json'.split(' '));
    expect(JSON.parse(diff.stdout).changes[0]).toMatchObject({ own: true, newSince: '2026-11-21', fields: [{ oldUsd: 3.99, newUsd: 5 }] });
    const check = await cliRun('data check --catalog kplan-catalog --as-of 2026-11-22 --json'.split(' '));
    const plain = await cliRun('data check --as-of 2026-11-22 --json'.split(' '));
    const offersOf = ({ stdout }: CliRun) => JSON.parse(stdout).kinds.find(({ kind }: { kind: string }) => kind === 'offers').facts;
    expect(offersOf(check) - offersOf(plain)).toBe(2);
  });
});
