import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendRows, type CatalogFile, heldRows } from '../../../src/importers/shared/catalogFile.ts';
import { faultOf } from '../model/support/environment.ts';

const [A, B]: readonly CatalogFile[] = ['a.csv', 'b.csv'].map((name) => ({ name, columns: ['id', 'text'], writer: 'kplan test' }));
if (!A || !B) throw new Error('two files');

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'kplan-catalog-'));
}

describe('files of a catalog folder', () => {
  it('hold what was appended, whatever is in the cells', () => {
    const path = folder();
    const rows = [
      ['1', 'plain'],
      ['2', 'a, "b"'],
      ['3', 'two\nlines'],
    ];
    appendRows(path, [A], () => [rows]);
    appendRows(path, [A], ([held]) => {
      expect(held).toEqual(rows);
      return [[['4', '']]];
    });
    expect(heldRows(path, A)).toEqual([...rows, ['4', '']]);
  });

  it.each([null, 'id,text\r\n0,kept'])('change together or not at all, from %j', async (before) => {
    const path = folder();
    if (before !== null) writeFileSync(join(path, 'a.csv'), before);
    const fault = await faultOf(() =>
      appendRows(path, [A, B], () => {
        mkdirSync(join(path, 'b.csv'));
        return [[['1', 'x']], [['1', 'y']]];
      }),
    );
    expect([fault.code, readdirSync(path)]).toEqual(['unwritable', before === null ? ['b.csv'] : ['a.csv', 'b.csv']]);
    expect(existsSync(join(path, 'a.csv')) ? readFileSync(join(path, 'a.csv'), 'utf8') : null).toBe(before);
  });

  it('are left as they are where nothing is chosen, or the choice is a fault', async () => {
    const path = folder();
    appendRows(path, [A, B], () => [[], []]);
    expect(readdirSync(path)).toEqual([]);
    await expect(async () =>
      appendRows(path, [A, B], () => {
        throw new TypeError('x');
      }),
    ).rejects.toThrow();
    expect(readdirSync(path)).toEqual([]);
  });
});
