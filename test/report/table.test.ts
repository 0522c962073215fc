import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvTable } from '../../src/report/csvTable.ts';
import { isMarked } from '../../src/report/mark.ts';
import { markdownTable } from '../../src/report/markdownTable.ts';
import { inert, widthOf, wrap } from '../../src/report/plainText.ts';
import type { Table } from '../../src/report/table.ts';
import { terminalTable } from '../../src/report/terminalTable.ts';

const GPUS: Table = { columns: [{ title: 'GPU' }, { title: 'n', align: 'right' }], rows: [{ cells: ['H200', 8] }] };

describe('terminalTable', () => {
  it('aligns numbers to the right', () => {
    expect(terminalTable(GPUS, 80)).toEqual(['GPU   n', '────  ─', 'H200  8']);
  });

  it('wraps cells between words, keeps the brackets of a band together and puts notes below', () => {
    const table: Table = {
      columns: [{ title: 'layout' }, { title: 'left', unit: 'GiB', align: 'right' }],
      rows: [{ cells: ['TP8 on 16 GPUs of two nodes', { low: 1.5, value: 2.5, high: 3.5 }], note: 'too few for one sequence' }],
    };
    expect(terminalTable(table, 28)).toEqual([
      'layout             left, GiB',
      '─────────────  ─────────────',
      'TP8 on 16                2.5',
      'GPUs of two     (1.5 to 3.5)',
      'nodes',
      '    too few for one sequence',
    ]);
  });

  it('parts the ends of a band where a line has no room for both', () => {
    const table: Table = {
      columns: [{ title: 'a' }, { title: 'b', align: 'right' }],
      rows: [{ cells: ['word', { low: 1_000_000, value: 2_000_000, high: 3_000_000 }] }],
    };
    expect(terminalTable(table, 20)).toEqual([
      'a                  b',
      '────  ──────────────',
      'word       2,000,000',
      '       (1,000,000 to',
      '          3,000,000)',
    ]);
  });

  it('becomes blocks where columns have no room', () => {
    const table: Table = {
      columns: [{ title: 'layout' }, { title: 'memory', unit: 'GiB', align: 'right' }, { title: 'id', whole: true }],
      rows: [{ cells: ['DP-attention16', 1234.5, 'a/very/long/id/that/is/copied'], note: 'too few' }, { cells: ['TP8', null, 'b'] }],
    };
    expect(terminalTable(table, 24)).toEqual([
      '• a/very/long/id/that/is/copied',
      '  layout: DP-attention16',
      '  memory, GiB: 1,235',
      '    too few',
      '• b',
      '  layout: TP8',
      '  memory, GiB: –',
    ]);
    expect(terminalTable(table, 40)[1]).toBe('  layout: DP-attention16');
  });

  it('strips what would steer a terminal', () => {
    const table: Table = {
      columns: [{ title: 'a\u001b[2Jb' }],
      rows: [{ cells: ['x\u001b]0;title\u0007\r\ny\u202e'], note: '\u009b31m' }],
    };
    const printed = [...terminalTable(table, 80).join('')].map((character) => character.codePointAt(0) ?? 0);
    expect(printed.filter((code) => code < 32 || (code >= 127 && code < 160) || code === 0x202e)).toEqual([]);
  });

  it('is never wider than asked where its words are short', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom('one', 'two', 'three', 'a b c d e f g h'), { minLength: 3, maxLength: 3 }), { minLength: 1 }),
        fc.integer({ min: 40, max: 120 }),
        (rows, width) => {
          const table: Table = {
            columns: [{ title: 'first' }, { title: 'second' }, { title: 'third', align: 'right' }],
            rows: rows.map((cells) => ({ cells })),
          };
          for (const line of terminalTable(table, width)) expect(widthOf(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('never prints NaN or Infinity', () => {
    const table: Table = {
      columns: [{ title: 'x' }],
      rows: [
        { cells: [Number.NaN] },
        { cells: [Number.POSITIVE_INFINITY] },
        { cells: [{ low: 1, value: 2, high: null, code: 'never-at-full-use' }] },
        { cells: [null] },
      ],
    };
    expect(terminalTable(table, 80).slice(2)).toEqual(['unknown', 'unbounded', '2 (1 to never)', '–']);
  });
});

describe('markdownTable', () => {
  it('writes GitHub tables and escapes what has a meaning', () => {
    expect(markdownTable(GPUS)).toEqual(['| GPU | n |', '| --- | ---: |', '| H200 | 8 |']);
    const table: Table = { columns: [{ title: 'x' }], rows: [{ cells: ['a|b <script> *c*'], note: '`d`' }] };
    expect(markdownTable(table)).toEqual(['| x | why |', '| --- | --- |', '| a\\|b &lt;script\\> \\*c\\* | \\`d\\` |']);
  });
});

describe('csvTable', () => {
  it('neutralises formulas, keeps numbers and marks the file', () => {
    const table: Table = { columns: [{ title: 'gpu' }, { title: 'gpus' }], rows: [{ cells: ['=1+1', 8] }] };
    const csv = csvTable(table, 'kplan/fit@1');
    expect(csv).toBe("kplanSchema,gpu,gpus\r\nkplan/fit@1,'=1+1,8\r\n");
    expect(isMarked(csv)).toBe(true);
  });

  it.each(['=a', '+a', '-a', '@a', '\t=a', '\r=a', '  =a', '＝a', '\ufeff+a'])('puts an apostrophe before %j', (text) => {
    const csv = csvTable({ columns: [{ title: 'x' }], rows: [{ cells: [text] }] }, 's');
    expect(parse(csv)[1]?.[1]).toMatch(/^'/);
  });

  it('writes bands as three columns, and negative numbers as numbers', () => {
    const table: Table = {
      columns: [{ title: 'kv', banded: true }],
      rows: [{ cells: [{ low: -2.5, value: -1, high: 1e12 }] }, { cells: [null] }],
    };
    expect(csvTable(table, 's')).toBe('kplanSchema,kvLow,kv,kvHigh\r\ns,-2.5,-1,1000000000000\r\ns,,,\r\n');
  });

  it('is read back by another parser', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 1 }), (cells) => {
        const table: Table = { columns: [{ title: 'text' }, { title: 'number' }], rows: cells.map((row) => ({ cells: row })) };
        const records: string[][] = parse(csvTable(table, 'kplan/fit@1'), { record_delimiter: '\r\n' });
        for (const [index, [text, number]] of cells.entries()) {
          expect(records[index + 1]?.[1]?.replace(/^'/, '')).toBe(inert(text).replace(/^'/, ''));
          expect(Number(records[index + 1]?.[2])).toBe(number === 0 ? 0 : number);
        }
      }),
    );
  });
});

describe('wrap', () => {
  it('cuts only words that are longer than a line', () => {
    expect(wrap('does not fit', 8)).toEqual(['does not', 'fit']);
    expect(wrap('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(inert('H200\u001b[31m')).toBe('H200 [31m');
  });
});
