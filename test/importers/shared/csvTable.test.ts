import { describe, expect, it } from 'vitest';
import { csvRecords } from '../../../src/importers/shared/csvRecords.ts';
import { readCsvTable } from '../../../src/importers/shared/csvTable.ts';

describe('tables with a header', () => {
  it('give cells by column, with their place', () => {
    const { columns, rows, broken } = readCsvTable('\ufeffa, b\r\n1,"x ""y""\nz"\r\n\r\n 2 ,\r\n', 't.csv');
    expect([columns, broken]).toEqual([['a', 'b'], []]);
    expect(rows.map((row) => [row.cell('a'), row.cell('b'), row.cell('c'), row.where('b')])).toEqual([
      ['1', 'x "y"\nz', '', 't.csv:3: b'],
      ['2', '', '', 't.csv:5: b'],
    ]);
  });

  it.each([',', ';', '\t'])('are separated by %j', (delimiter) => {
    expect(readCsvTable(`a${delimiter}b\n1${delimiter}2`, 't.csv').rows[0]?.cell('b')).toBe('2');
  });

  it('keep good rows between broken ones', () => {
    const { rows, broken } = readCsvTable('a,b\n1,2\n3\n4,x"y\n5,6,7\n8,9\n"10,11\n', 't.csv');
    expect(rows.map((row) => row.cell('a'))).toEqual(['1', '8']);
    expect(broken.map(({ details }) => details.where).sort()).toEqual(['t.csv:3', 't.csv:4', 't.csv:5', 't.csv:7']);
  });

  it.each([
    ['', 'the file is empty'],
    [' \n\n', 'no rows'],
    ['a,b\n', 'no rows'],
    ['a,a\n1,2\n', 'twice'],
    ['"a,b\n1,2\n', 'never closed'],
  ])('%j is refused', (text, reason) => {
    expect(() => readCsvTable(text, 't.csv')).toThrow(reason);
  });
});

describe('records', () => {
  it('end at the first flaw unless flaws are wanted', () => {
    expect(() => csvRecords('a\nx"y\n', 't.csv')).toThrow('t.csv:2: not CSV');
  });
});
