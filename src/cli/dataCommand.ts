import { loadCatalog } from '../catalog/index.ts';
import type { Catalog } from '../plan/catalog.ts';
import { judgeClaims } from '../plan/claims/claims.ts';
import type { Report } from '../report/report.ts';
import type { Cell, Table } from '../report/table.ts';
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
}

/** The parts of the catalog that are listed as they are. */
type Kind = 'gpus' | 'models' | 'workloads' | 'tariffs' | 'offers';

interface Columns<T> {
  /** What the entries are, as words. */
  readonly words: string;
  readonly columns: Readonly<Record<string, (entry: T) => Cell>>;
}

const COLUMNS: { readonly [K in Kind]: Columns<Catalog[K][number]> } = {
  gpus: {
    words: 'GPU profiles',
    columns: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      aliases: ({ aliases }) => aliases.join(' '),
      'engine sees GiB': ({ torchTotalGiB }) => torchTotalGiB?.value ?? null,
      'GB/s': ({ memoryBandwidthGBPerSecond }) => memoryBandwidthGBPerSecond?.value ?? null,
      'GPUs per node': ({ gpusPerNode }) => gpusPerNode,
    },
  },
  models: {
    words: 'models',
    columns: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      formats: ({ checkpoints }) => checkpoints.map(({ format }) => format).join(' '),
      aliases: ({ aliases }) => aliases.join(' '),
    },
  },
  workloads: {
    words: 'workload presets',
    columns: {
      id: ({ id }) => id,
      'input tokens': ({ inputTokens }) => inputTokens,
      'output tokens': ({ outputTokens }) => outputTokens,
      reuse: ({ reuse }) => reuse.value,
      note: ({ note }) => note,
    },
  },
  tariffs: {
    words: 'API prices',
    columns: {
      id: ({ id }) => id,
      provider: ({ provider }) => provider,
      tier: ({ tier }) => tier,
      'input $/Mtok': ({ inputUsdPerMtok }) => inputUsdPerMtok,
      'cache read $/Mtok': ({ cacheReadUsdPerMtok }) => cacheReadUsdPerMtok,
      'output $/Mtok': ({ outputUsdPerMtok }) => outputUsdPerMtok,
      date: ({ date }) => date,
    },
  },
  offers: {
    words: 'prices of instances',
    columns: {
      id: ({ id }) => id,
      GPU: ({ gpu }) => gpu,
      pricing: ({ pricing }) => pricing,
      '$/GPU-h': ({ usdPerGpuHour }) => usdPerGpuHour,
      date: ({ date }) => date,
    },
  },
};

function listing<T>(kind: Kind, entries: readonly T[], { words, columns }: Columns<T>, { date, sources }: Catalog): Listing {
  const schema = 'kplan/data@1';
  return {
    schema,
    answer: `${entries.length} ${words}, collected up to ${date}.`,
    document: { schema, kind, date, entries, sources },
    titles: Object.keys(columns),
    rows: entries.map((entry) => Object.values(columns).map((cell) => cell(entry))),
  };
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

const LISTINGS: Readonly<Record<string, (catalog: Catalog) => Listing>> = {
  gpus: (catalog) => listing('gpus', catalog.gpus, COLUMNS.gpus, catalog),
  models: (catalog) => listing('models', catalog.models, COLUMNS.models, catalog),
  workloads: (catalog) => listing('workloads', catalog.workloads, COLUMNS.workloads, catalog),
  tariffs: (catalog) => listing('tariffs', catalog.tariffs, COLUMNS.tariffs, catalog),
  offers: (catalog) => listing('offers', catalog.offers, COLUMNS.offers, catalog),
  claims: claimListing,
};

function tableOf({ titles, rows }: Listing): Table {
  const numeric = (column: number) => rows.some((cells) => typeof cells[column] === 'number');
  return {
    columns: titles.map((title, column) => ({
      title,
      ...(numeric(column) ? { align: 'right' as const } : {}),
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
      shown === cells.length ? { cells } : { cells: cells.slice(0, shown), note: cells.slice(shown).join(' ') },
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
