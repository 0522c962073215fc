import { Fault } from '../../faults/fault.ts';
import { nearestNames } from '../../faults/nearest.ts';
import { type CsvRow, readCsvTable } from '../shared/csvTable.ts';
import { attempted } from '../shared/refusal.ts';
import { GPUHUNT_COLUMNS, gpuHuntRow } from './gpuHunt.ts';
import type { LeftOut, Listing } from './listing.ts';
import { SKYPILOT_COLUMNS, skyPilotRow } from './skyPilot.ts';

/** Catalogs of GPU prices by the columns of their files. */
interface Shape {
  readonly catalog: string;
  readonly columns: readonly string[];
  readonly read: (row: CsvRow) => (Listing | LeftOut)[];
}

const SHAPES: readonly Shape[] = [
  { catalog: 'SkyPilot catalog', columns: SKYPILOT_COLUMNS, read: skyPilotRow },
  { catalog: 'gpuhunt catalog', columns: GPUHUNT_COLUMNS, read: gpuHuntRow },
];

/** What a catalog file holds. */
export interface Listed {
  /** Whose catalog it is. */
  readonly catalog: string;
  readonly outcomes: readonly (Listing | LeftOut | Fault)[];
}

/** A header that is nearly one of the known ones, or none at all. */
function unknownHeader(columns: readonly string[], name: string): Fault {
  const missing = SHAPES.map(({ columns: wanted, ...shape }) => ({
    ...shape,
    wanted,
    absent: wanted.filter((column) => !columns.includes(column)),
  })).sort((a, b) => a.absent.length / a.wanted.length - b.absent.length / b.wanted.length);
  const [closest] = missing;
  const [absent = ''] = closest?.absent ?? [];
  const isClose = closest !== undefined && closest.absent.length < closest.wanted.length;
  return new Fault('invalid', isClose ? `a ${closest.catalog} without ${closest.absent.join(', ')}` : 'no known catalog has such columns', {
    where: `${name}:1`,
    value: columns.join(),
    allowed: SHAPES.map(({ catalog, columns: wanted }) => `${wanted.join()} (${catalog})`).join(' or '),
    nearest: isClose
      ? nearestNames(
          absent,
          columns.filter((column) => !closest.wanted.includes(column)),
        )
      : [],
  });
}

/**
 * Reads a catalog of GPU prices, known by its columns and never by its name.
 *
 * @param text of the file
 * @param name the file, for messages
 * @returns for each row what it lists, why it is left out, or what is wrong with it
 * @throws Fault where the file is empty or its columns are those of no known catalog
 */
export function readListings(text: string, name: string): Listed {
  const { columns, rows, broken } = readCsvTable(text, name);
  const shape = SHAPES.find(({ columns: wanted }) => wanted.every((column) => columns.includes(column)));
  if (!shape) throw unknownHeader(columns, name);
  const outcomes = rows.flatMap((row): readonly (Listing | LeftOut | Fault)[] => {
    const outcome = attempted(() => shape.read(row));
    return outcome instanceof Fault ? [outcome] : outcome;
  });
  return { catalog: shape.catalog, outcomes: [...outcomes, ...broken] };
}
