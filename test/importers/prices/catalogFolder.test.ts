import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOwnTariffs } from '../../../src/catalog/ownTariffs.ts';
import type { PricesImport, PricesWords } from '../../../src/importers/prices/index.ts';
import { faultOf } from '../model/support/environment.ts';
import { catalog, imported, READ_ON, temporaryFolder } from './support.ts';

const HEADER =
  'id,provider,model,tier,currency,input_per_mtok,cache_read_per_mtok,cache_write_per_mtok,cache_write_1h_per_mtok,output_per_mtok,thinking_per_mtok,from,until,date,source';
const CONDITIONS_HEADER =
  'tariff,above_input_tokens,hours_utc,input_per_mtok,cache_read_per_mtok,cache_write_per_mtok,cache_write_1h_per_mtok,output_per_mtok,thinking_per_mtok';

/** A folder with registry files in it, and a catalog folder beside them. */
class Desk {
  readonly folder = temporaryFolder();
  readonly catalog = join(this.folder, 'facts');
  readonly tariffs = join(this.catalog, 'tariffs.csv');
  readonly conditions = join(this.catalog, 'tariff-conditions.csv');

  /** A file of models.dev with one price of gpt-5.5, with a length or without. */
  put(name: string, input: number, above?: number): string {
    const tiers = above === undefined ? [] : [{ tier: { type: 'context', size: 272_000 }, input: above, output: 45 }];
    const path = join(this.folder, name);
    writeFileSync(path, JSON.stringify({ openai: { models: { 'gpt-5.5': { cost: { input, output: 30, tiers } } } } }));
    return path;
  }

  run(files: readonly string[], words: PricesWords = READ_ON): PricesImport {
    return imported(files, words, this.catalog);
  }

  text(): string {
    return readFileSync(this.tariffs, 'utf8');
  }

  hold(tariffs: string, conditions?: string): void {
    mkdirSync(this.catalog, { recursive: true });
    writeFileSync(this.tariffs, tariffs);
    if (conditions !== undefined) writeFileSync(this.conditions, conditions);
  }
}

describe('the tariffs of a catalog folder', () => {
  it('are made with their folder and their headers, those of the project', () => {
    const desk = new Desk();
    const { added, catalog: path } = desk.run([desk.put('a.json', 5, 10)]);
    expect([added, path]).toEqual([1, desk.tariffs]);
    const data = (name: string) => readFileSync(new URL(`../../../data/${name}`, import.meta.url), 'utf8').split('\n')[0];
    expect([HEADER, CONDITIONS_HEADER]).toEqual([data('tariffs.csv'), data('tariff-conditions.csv')]);
    expect(desk.text()).toBe(
      `${HEADER}\nmodels.dev:openai:gpt-5.5@2026-11-22,openai,gpt-5.5,standard,USD,5,,,,30,,,,2026-11-22,models.dev: a.json\n`,
    );
    expect(readFileSync(desk.conditions, 'utf8')).toBe(`${CONDITIONS_HEADER}\nmodels.dev:openai:gpt-5.5@2026-11-22,272000,,10,,,,45,\n`);
    expect(readdirSync(desk.catalog).sort()).toEqual(['tariff-conditions.csv', 'tariffs.csv']);
  });

  it('gain nothing by a price that they have, from whatever file', () => {
    const desk = new Desk();
    const files = [desk.put('a.json', 5, 10), desk.put('b.json', 5, 10)];
    expect(desk.run(files)).toMatchObject({ added: 1, rows: [{ status: 'added' }, { status: 'known' }] });
    const before = [desk.text(), readFileSync(desk.conditions, 'utf8')];
    const again = desk.run(files);
    expect(again).toMatchObject({ added: 0, rows: [{ status: 'known' }, { status: 'known' }], refused: [] });
    expect(again.answer).toBe('2 prices there already.');
    expect([desk.text(), readFileSync(desk.conditions, 'utf8')]).toEqual(before);
  });

  it('never change a past price: another one of that day is refused, one of another day is added', () => {
    const desk = new Desk();
    desk.run([desk.put('a.json', 5, 10)]);
    const before = desk.text();
    for (const file of [desk.put('b.json', 4, 10), desk.put('c.json', 5, 11), desk.put('d.json', 5)]) {
      const { rows, refused } = desk.run([file]);
      expect(rows).toEqual([]);
      expect(refused).toMatchObject([
        {
          kind: 'conflict',
          code: 'contradiction',
          value: 'models.dev:openai:gpt-5.5@2026-11-22',
          allowed: 'an import under another --date',
        },
      ]);
    }
    expect(desk.text()).toBe(before);
    const later = desk.run([desk.put('b.json', 4, 10)], { date: '2026-11-23' });
    expect(later.rows).toMatchObject([
      { status: 'added', change: 'changed', before: { id: 'models.dev:openai:gpt-5.5@2026-11-22', inputUsdPerMtok: 5 } },
    ]);
    expect(desk.text().startsWith(before)).toBe(true);
  });

  it('are refused by two files of one import that do not agree, after the first', () => {
    const desk = new Desk();
    const { rows, refused } = desk.run([desk.put('a.json', 5), desk.put('b.json', 4)]);
    expect(rows).toMatchObject([{ inputUsdPerMtok: 5, status: 'added' }]);
    expect(refused).toMatchObject([{ kind: 'conflict', where: expect.stringMatching(/b\.json:1: openai\.models/) }]);
  });

  it('keep what they have to the letter, with lines that end as they do', () => {
    const desk = new Desk();
    const mine = `${HEADER}\r\nmine,somebody,kimi-k2.6,standard,USD,1.10,,,,4,,,,2026-01-01,"a, b"`;
    desk.hold(mine);
    desk.run([desk.put('a.json', 5, 10)]);
    expect(desk.text().startsWith(`${mine}\r\nmodels.dev:`)).toBe(true);
    expect(readOwnTariffs(desk.catalog, catalog)).toMatchObject([
      { id: 'mine', inputUsdPerMtok: 1.1, conditions: [] },
      { conditions: [{}] },
    ]);
  });

  it('are left alone where nothing is good', () => {
    const desk = new Desk();
    const path = join(desk.folder, 'bad.json');
    writeFileSync(path, '{}');
    expect(desk.run([path])).toMatchObject({ added: 0, rows: [], answer: '1 refused.' });
    expect(desk.run([join(desk.folder, 'none.json')]).refused).toMatchObject([
      { kind: 'file', code: 'missing', allowed: 'a file of a price registry' },
    ]);
    expect(existsSync(desk.catalog)).toBe(false);
  });

  it.each([
    ['id,model\n', undefined],
    [`${HEADER}\ntoo,short\n`, undefined],
    [`${HEADER}\n`, 'tariff\n'],
    [`${HEADER}\nx,y,z,standard,USD,0,,,,0,,,,2026-01-01,s\n`, undefined],
  ])('are refused and kept where they say %j and %j', async (tariffs, conditions) => {
    const desk = new Desk();
    desk.hold(tariffs, conditions);
    const fault = await faultOf(() => desk.run([desk.put('a.json', 5, 10)])).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Error);
    expect([desk.text(), existsSync(desk.conditions) && readFileSync(desk.conditions, 'utf8')]).toEqual([tariffs, conditions ?? false]);
  });

  it.each(['.tariffs.csv.kplan-tmp', '.tariff-conditions.csv.kplan-tmp'])(
    'wait for no other import that holds %s, and take over what one left',
    async (name) => {
      const desk = new Desk();
      desk.hold(`${HEADER}\n`, `${CONDITIONS_HEADER}\n`);
      const draft = join(desk.catalog, name);
      writeFileSync(draft, 'half');
      const run = () => desk.run([desk.put('a.json', 5, 10)]);
      expect(await faultOf(run)).toMatchObject({ code: 'exists' });
      expect(readdirSync(desk.catalog).sort()).toEqual([name, 'tariff-conditions.csv', 'tariffs.csv']);
      expect([desk.text(), readFileSync(draft, 'utf8')]).toEqual([`${HEADER}\n`, 'half']);
      utimesSync(draft, new Date(0), new Date(0));
      expect(run().added).toBe(1);
      expect(readdirSync(desk.catalog).sort()).toEqual(['tariff-conditions.csv', 'tariffs.csv']);
    },
  );

  it('are completed where an import was cut off between its two files', () => {
    const desk = new Desk();
    const orphan = 'models.dev:openai:gpt-5.5@2026-11-22,272000,,10,,,,45,\n';
    desk.hold(`${HEADER}\n`, `${CONDITIONS_HEADER}\n${orphan}`);
    expect(() => readOwnTariffs(desk.catalog, catalog)).toThrow('no such tariff');
    expect(desk.run([desk.put('b.json', 5, 11)]).refused).toMatchObject([{ kind: 'conflict' }]);
    expect(desk.run([desk.put('a.json', 5, 10)]).added).toBe(1);
    expect(readFileSync(desk.conditions, 'utf8')).toBe(`${CONDITIONS_HEADER}\n${orphan}`);
    expect(readOwnTariffs(desk.catalog, catalog)).toMatchObject([{ conditions: [{ aboveInputTokens: 272_000 }] }]);
  });

  it.skipIf(process.getuid?.() === 0)('are not half written where the folder is closed', async () => {
    const desk = new Desk();
    desk.hold(`${HEADER}\n`);
    chmodSync(desk.catalog, 0o500);
    expect(await faultOf(() => desk.run([desk.put('a.json', 5, 10)]))).toMatchObject({ code: 'unwritable' });
  });
});
