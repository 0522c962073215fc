import type { ImportedOffer, OffersImport } from '../importers/offers/offersImport.ts';
import { formatNumber } from './format.ts';
import { grouped } from './group.ts';
import type { Cell, Table } from './table.ts';

/** What a row says that was not known, in a word or two. */
function changeWords({ status, percent, known }: ImportedOffer): string {
  const words = status === 'changed' && percent !== null ? `${percent > 0 ? '+' : ''}${formatNumber(percent)} %` : status;
  return known ? `${words}, there already` : words;
}

/** Rows of which only the region differs. */
function likeness(row: ImportedOffer): string {
  const { provider, gpu, gpusPerInstance, instance, pricing, usdPerGpuHour, before } = row;
  return JSON.stringify([
    provider,
    gpu,
    gpusPerInstance,
    instance,
    pricing,
    usdPerGpuHour,
    before?.usdPerGpuHour,
    before?.date,
    changeWords(row),
  ]);
}

function regionWords(rows: readonly ImportedOffer[]): string {
  return rows.length > 1 ? `${rows.length} regions` : (rows[0]?.region ?? '');
}

function beforeWords({ before }: ImportedOffer): Cell {
  return before === null ? null : `${formatNumber(before.usdPerGpuHour)} (${before.date}${before.own ? ', own' : ''})`;
}

/** The prices of an import for reading, regions with one price together. */
export function importOffersTable({ rows }: OffersImport): Table {
  return {
    columns: [
      { title: 'provider' },
      { title: 'GPU' },
      { title: 'GPUs', align: 'right' },
      { title: 'instance' },
      { title: 'region' },
      { title: 'pricing' },
      { title: '$/GPU-h', align: 'right' },
      { title: 'before', align: 'right' },
      { title: 'change', align: 'right' },
    ],
    rows: [...grouped(rows, likeness).values()].flatMap((same) =>
      same[0]
        ? [
            {
              cells: [
                same[0].provider,
                same[0].gpu,
                same[0].gpusPerInstance,
                same[0].instance,
                regionWords(same),
                same[0].pricing,
                same[0].usdPerGpuHour,
                beforeWords(same[0]),
                changeWords(same[0]),
              ],
            },
          ]
        : [],
    ),
  };
}

/** The rows of an import with the columns of the catalog, and against what was known. */
export function importOffersRawTable({ rows }: OffersImport): Table {
  const columns: Readonly<Record<string, (row: ImportedOffer) => Cell>> = {
    id: ({ id }) => id,
    provider: ({ provider }) => provider,
    gpu: ({ gpu }) => gpu,
    gpus_per_instance: ({ gpusPerInstance }) => gpusPerInstance,
    instance: ({ instance }) => instance,
    region: ({ region }) => region,
    pricing: ({ pricing }) => pricing,
    term_months: ({ termMonths }) => termMonths,
    usd_per_gpu_hour: ({ usdPerGpuHour }) => usdPerGpuHour,
    date: ({ date }) => date,
    source: ({ source }) => source,
    note: ({ note }) => note,
    status: ({ status }) => status,
    before_usd_per_gpu_hour: ({ before }) => before?.usdPerGpuHour ?? null,
    before_id: ({ before }) => before?.id ?? null,
    percent: ({ percent }) => percent,
    known: ({ known }) => (known ? 'yes' : 'no'),
  };
  return {
    columns: Object.keys(columns).map((title) => ({ title })),
    rows: rows.map((row) => ({ cells: Object.values(columns).map((cell) => cell(row)) })),
  };
}
