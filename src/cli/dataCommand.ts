import { loadCatalog } from '../catalog/index.ts';
import type { Catalog } from '../plan/catalog.ts';
import { judgeClaims } from '../plan/claims/claims.ts';
import type { Report } from '../report/report.ts';
import type { Cell, Table } from '../report/table.ts';
import { COLUMNS, type Columns, type Kind } from './dataColumns.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { OutputOptions } from './options.ts';

interface Listing {
  readonly schema: string;
  readonly answer: string;
  readonly document: unknown;
  readonly titles: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** How many of the last columns stand below their row as a sentence where a person reads. */
  readonly noteColumns?: number;
  readonly banded?: readonly string[];
}

function listing<T>(
  kind: Kind,
  entries: readonly T[],
  { words, columns, noteColumns = 0, banded = [] }: Columns<T>,
  { date, sources }: Catalog,
): Listing {
  const schema = 'kplan/data@1';
  return {
    schema,
    answer: `${entries.length} ${words}, collected up to ${date}.`,
    document: { schema, kind, date, entries, sources },
    titles: Object.keys(columns),
    rows: entries.map((entry) => Object.values(columns).map((cell) => cell(entry))),
    noteColumns,
    banded,
  };
}

/** One part of the catalog as it is. */
function kindListing<K extends Kind>(kind: K, catalog: Catalog): Listing {
  return listing<Catalog[K][number]>(kind, catalog[kind] as readonly Catalog[K][number][], COLUMNS[kind], catalog);
}

function claimListing(catalog: Catalog): Listing {
  const answer = judgeClaims(catalog);
  const rows = answer.claims.map(({ id, who, claimed, computed, judgement, date, statement, arithmetic }): Cell[] => [
    id,
    who,
    claimed,
    computed,
    judgement,
    date,
    statement,
    arithmetic,
  ]);
  const titles = ['id', 'who', 'claimed', 'kplan', 'judgement', 'date', 'claim', 'arithmetic'];
  return { schema: answer.schema, answer: answer.answer, document: answer, titles, rows, noteColumns: 2 };
}

const KINDS = Object.keys(COLUMNS) as Kind[];

const LISTINGS: Readonly<Record<string, (catalog: Catalog) => Listing>> = {
  ...Object.fromEntries(KINDS.map((kind) => [kind, (catalog: Catalog) => kindListing(kind, catalog)])),
  claims: claimListing,
};

function tableOf({ titles, rows, banded = [] }: Listing): Table {
  const numeric = (column: number) => rows.some((cells) => typeof cells[column] === 'number');
  return {
    columns: titles.map((title, column) => ({
      title,
      ...(numeric(column) ? { align: 'right' as const } : {}),
      ...(banded.includes(title) ? { align: 'right' as const, banded: true } : {}),
      ...(title === 'id' ? { whole: true } : {}),
    })),
    rows: rows.map((cells) => ({ cells })),
  };
}

/** The table for reading: the last columns as a sentence below each row. */
function readableTable(list: Listing): Table {
  const { columns, rows } = tableOf(list);
  const shown = columns.length - (list.noteColumns ?? 0);
  return {
    columns: columns.slice(0, shown),
    rows: rows.map(({ cells }) =>
      shown === cells.length
        ? { cells }
        : {
            cells: cells.slice(0, shown),
            note: cells
              .slice(shown)
              .filter((cell) => cell !== null)
              .join(' '),
          },
    ),
  };
}

/** Answers `kplan data KIND`. */
export async function runData(kind: string, options: OutputOptions, io: Io): Promise<number> {
  const make = LISTINGS[kind];
  if (!make) throw new Error(`no listing ${kind}`);
  await checkDelivery(options);
  const list = make(loadCatalog());
  const report = (): Report => ({
    schema: list.schema,
    blocks: [
      { kind: 'answer', text: list.answer },
      { kind: 'table', title: kind, table: readableTable(list) },
    ],
  });
  await deliver({ schema: list.schema, document: () => list.document, table: () => tableOf(list), report }, options, io);
  return EXIT.done;
}
