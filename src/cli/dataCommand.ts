import { loadCatalog } from '../catalog/index.ts';
import type { Catalog } from '../plan/catalog.ts';
import { judgeClaims } from '../plan/claims.ts';
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

function listing(
  kind: string,
  entries: readonly unknown[],
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  { date, sources }: Catalog,
): Listing {
  const schema = 'kplan/data@1';
  return {
    schema,
    answer: `${entries.length} ${kind}, collected up to ${date}.`,
    document: { schema, kind, date, entries, sources },
    titles,
    rows,
  };
}

const LISTINGS: Readonly<Record<string, (catalog: Catalog) => Listing>> = {
  gpus: (catalog) =>
    listing(
      'GPU profiles',
      catalog.gpus,
      ['id', 'name', 'aliases', 'engine sees GiB', 'GB/s', 'GPUs per node'],
      catalog.gpus.map((gpu) => [
        gpu.id,
        gpu.name,
        gpu.aliases.join(' '),
        gpu.torchTotalGiB?.value ?? null,
        gpu.memoryBandwidthGBPerSecond?.value ?? null,
        gpu.gpusPerNode,
      ]),
      catalog,
    ),
  models: (catalog) =>
    listing(
      'models',
      catalog.models,
      ['id', 'name', 'formats', 'aliases'],
      catalog.models.map((model) => [
        model.id,
        model.name,
        model.checkpoints.map(({ format }) => format).join(' '),
        model.aliases.join(' '),
      ]),
      catalog,
    ),
  workloads: (catalog) =>
    listing(
      'workload presets',
      catalog.workloads,
      ['id', 'input tokens', 'output tokens', 'reuse', 'note'],
      catalog.workloads.map((workload) => [workload.id, workload.inputTokens, workload.outputTokens, workload.reuse.value, workload.note]),
      catalog,
    ),
  tariffs: (catalog) =>
    listing(
      'API prices',
      catalog.tariffs,
      ['id', 'provider', 'tier', 'input $/Mtok', 'cache read $/Mtok', 'output $/Mtok', 'date'],
      catalog.tariffs.map((tariff) => [
        tariff.id,
        tariff.provider,
        tariff.tier,
        tariff.inputUsdPerMtok,
        tariff.cacheReadUsdPerMtok,
        tariff.outputUsdPerMtok,
        tariff.date,
      ]),
      catalog,
    ),
  offers: (catalog) =>
    listing(
      'prices of instances',
      catalog.offers,
      ['id', 'GPU', 'pricing', '$/GPU-h', 'date'],
      catalog.offers.map((offer) => [offer.id, offer.gpu, offer.pricing, offer.usdPerGpuHour, offer.date]),
      catalog,
    ),
  claims: (catalog) => {
    const answer = judgeClaims(catalog);
    const titles = ['id', 'who', 'claimed', 'kplan', 'judgement', 'date', 'claim', 'arithmetic'];
    const rows = answer.claims.map((claim): Cell[] => [
      claim.id,
      claim.who,
      claim.claimed,
      claim.computed,
      claim.judgement,
      claim.date,
      claim.statement,
      claim.arithmetic,
    ]);
    return { schema: answer.schema, answer: answer.answer, document: answer, titles, rows, noteColumns: 2 };
  },
};

function tableOf({ titles, rows }: Listing): Table {
  const numeric = (column: number) => rows.some((cells) => typeof cells[column] === 'number');
  return {
    columns: titles.map((title, column) => ({ title, ...(numeric(column) ? { align: 'right' as const } : {}) })),
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
