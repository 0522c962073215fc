import { basename } from 'node:path';
import { readInputFile } from '../../catalog/inputFile.ts';
import { utf8Text } from '../../catalog/utf8Text.ts';
import { Fault } from '../../faults/fault.ts';
import { cellNumber, csvRecords } from '../shared/csvRecords.ts';

/** Demand that was counted by the hour. */
export interface HourlyDemand {
  readonly unit: 'tokens' | 'requests';
  readonly counts: readonly number[];
}

const UNITS = ['tokens', 'requests'] as const;
const ALLOWED = 'a CSV file with a column tokens or requests, one row for each hour';

/**
 * Reads a table of demand by the hour.
 *
 * @param path of a CSV file
 * @throws Fault `missing` without such a column or rows, `invalid` with line and column for a cell that is no count
 */
export function readHourlyFile(path: string): HourlyDemand {
  const { bytes } = readInputFile(path, { kind: ALLOWED, remedy: 'one row for each hour is small', mostMiB: 16 });
  const name = basename(path);
  const [header, ...rows] = csvRecords(utf8Text(bytes, path, 'CSV'), name);
  const titles = header?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const unit = UNITS.find((title) => titles.includes(title));
  if (!unit) throw new Fault('missing', 'no column of demand', { where: name, value: titles.join(', '), allowed: ALLOWED });
  const at = titles.indexOf(unit);
  const counts = rows.map(({ cells, line }) => {
    const where = `${name}:${line}: ${unit}`;
    const count = cellNumber(cells[at], where);
    if (count === null || count < 0)
      throw new Fault('invalid', 'not a count', { where, value: cells[at] ?? 'nothing', allowed: '0 or more' });
    return count;
  });
  return { unit, counts };
}
