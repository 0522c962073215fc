import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { type BenchImport, benchEnvironment, importBench } from '../../../src/importers/bench/index.ts';
import { BENCH_COLUMNS } from '../../../src/importers/bench/measurementRow.ts';
import { faultOf } from '../model/support/environment.ts';
import { changed, DEPLOYMENT, fixture, temporaryFolder } from './support.ts';

/** A folder with result files in it, and a catalog folder beside them. */
class Desk {
  readonly folder = temporaryFolder();
  readonly catalog = join(this.folder, 'facts');
  readonly csv = join(this.catalog, 'measurements', 'bench.csv');

  put(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  run(...files: string[]): BenchImport {
    return importBench(files, DEPLOYMENT, benchEnvironment(loadCatalog(), this.catalog));
  }

  text(): string {
    return readFileSync(this.csv, 'utf8');
  }

  /** The file as one that a person or another program has written. */
  hold(content: string): void {
    mkdirSync(join(this.catalog, 'measurements'), { recursive: true });
    writeFileSync(this.csv, content);
  }
}

const RUN = fixture('vllm-serve.json.txt');
const OTHER = changed('vllm-serve-appended.json.txt');
const HEADER = BENCH_COLUMNS.join();

describe('a result file', () => {
  it('is read up to 256 MiB', () => {
    const desk = new Desk();
    const large = desk.put('large.json', '');
    truncateSync(large, 256 * 2 ** 20 + 1);
    expect(desk.run(large).refused).toMatchObject([{ code: 'invalid', where: large, allowed: expect.stringContaining('256 MiB') }]);
  });
});

describe('the file of a catalog folder', () => {
  it('is made with its folder and its header', () => {
    const desk = new Desk();
    const { added, catalog } = desk.run(desk.put('a.json', RUN));
    expect([added, catalog]).toEqual([1, desk.csv]);
    expect(desk.text().split('\n')[0]).toBe(
      'id,model,format,kv_cache_dtype,engine,engine_version,gpu,gpus,tp,pp,ep,attention_dp,dcp,prefill_gpus,speculation,input_tokens,output_tokens,concurrency,reuse,output_tokens_per_second,ttft_ms,tpot_ms,statistic,date,source,note',
    );
    expect(readdirSync(join(desk.catalog, 'measurements'))).toEqual(['bench.csv']);
    expect(desk.text()).not.toContain(desk.folder);
  });

  it('gains nothing by a run that it has, under whatever name', () => {
    const desk = new Desk();
    const [a, b] = [desk.put('a.json', RUN), desk.put('b.json', RUN)];
    expect(desk.run(a, b)).toMatchObject({ added: 1, rows: [{ known: false }, { known: true }] });
    const before = desk.text();
    expect(desk.run(a, b)).toMatchObject({ added: 0, rows: [{ known: true }, { known: true }] });
    expect(desk.text()).toBe(before);
  });

  it('keeps what it has to the letter', () => {
    const desk = new Desk();
    const mine = `${HEADER}\r\nmine,kimi-k2.5,int4,,vllm,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,1,1,1,0,1,,,median,2026-01-01,"a, b","by\r\nhand"`;
    desk.hold(mine);
    desk.run(desk.put('a.json', RUN));
    desk.run(desk.put('b.json', OTHER));
    expect(desk.text().startsWith(`${mine}\r\n`)).toBe(true);
    expect(desk.text().split('\r\n')).toHaveLength(6);
  });

  it('is left alone where no run is good', () => {
    const desk = new Desk();
    expect(desk.run(desk.put('a.json', '{}'))).toMatchObject({ added: 0, rows: [], refused: [{ code: 'invalid' }] });
    expect(existsSync(desk.catalog)).toBe(false);
    expect(desk.run(join(desk.folder, 'none.json'))).toMatchObject({ refused: [{ code: 'missing' }] });
    expect(desk.run(desk.folder)).toMatchObject({ refused: [{ code: 'invalid' }] });
  });

  it.each([
    ['id,model\n', 'invalid'],
    ['', 'invalid'],
    [`${HEADER},more\n`, 'invalid'],
    [`${HEADER}\ntoo,short\n`, 'invalid'],
    [`${HEADER}\n"open`, 'invalid'],
  ])('is refused and kept where it says %j', async (content, code) => {
    const desk = new Desk();
    desk.hold(content);
    expect(await faultOf(() => desk.run(desk.put('a.json', RUN)))).toMatchObject({ code });
    expect(desk.text()).toBe(content);
  });

  it('is refused where it is a link or a folder', async () => {
    const desk = new Desk();
    const elsewhere = desk.put('elsewhere.csv', `${HEADER}\n`);
    mkdirSync(join(desk.catalog, 'measurements'), { recursive: true });
    symlinkSync(elsewhere, desk.csv);
    expect(await faultOf(() => desk.run(desk.put('a.json', RUN)))).toMatchObject({ code: 'invalid' });
    expect(readFileSync(elsewhere, 'utf8')).toBe(`${HEADER}\n`);
    const other = new Desk();
    mkdirSync(other.csv, { recursive: true });
    expect(await faultOf(() => other.run(other.put('a.json', RUN)))).toMatchObject({ code: 'invalid' });
  });

  it('is refused where its folder cannot be made', async () => {
    const desk = new Desk();
    writeFileSync(desk.catalog, 'a file');
    expect(await faultOf(() => desk.run(desk.put('a.json', RUN)))).toMatchObject({ code: 'unwritable' });
  });

  it.skipIf(process.getuid?.() === 0)('is refused where its folder is closed', async () => {
    const desk = new Desk();
    desk.hold(`${HEADER}\n`);
    chmodSync(join(desk.catalog, 'measurements'), 0o500);
    expect(await faultOf(() => desk.run(desk.put('a.json', RUN)))).toMatchObject({ code: 'unwritable' });
  });

  it('waits for no other import, and takes over what one left behind', async () => {
    const desk = new Desk();
    desk.hold(`${HEADER}\n`);
    const draft = join(desk.catalog, 'measurements', '.bench.csv.kplan-tmp');
    writeFileSync(draft, 'half');
    const run = () => desk.run(desk.put('a.json', RUN));
    expect(await faultOf(run)).toMatchObject({ code: 'exists' });
    expect([desk.text(), readFileSync(draft, 'utf8')]).toEqual([`${HEADER}\n`, 'half']);
    utimesSync(draft, new Date(0), new Date(0));
    expect(run().added).toBe(1);
    expect(existsSync(draft)).toBe(false);
  });

  it('keeps a name that a spreadsheet would run behind the name of the tool', () => {
    const desk = new Desk();
    desk.run(desk.put('=1+1,"x".json', RUN));
    expect(desk.text()).toContain(',"vllm bench serve: =1+1,""x"".json",');
  });
});
