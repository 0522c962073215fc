import { loadCatalog } from '../catalog/index.ts';
import type { Catalog } from '../plan/catalog.ts';
import { judgeClaims } from '../plan/claims.ts';
import type { Report } from '../report/report.ts';
import type { Cell, Table } from '../report/table.ts';
import { deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { SharedOptions } from './options.ts';

interface Listing {
  readonly schema: string;
  readonly answer: string;
  readonly document: unknown;
  readonly titles: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

function listing(kind: string, entries: readonly unknown[], titles: readonly string[], rows: readonly (readonly Cell[])[], { date, sources }: Catalog): Listing {
  const schema = 'kplan/data@1';
  return { schema, answer: `${entries.length} ${kind}, collected up to ${date}.`, document: { schema, kind, date, entries, sources }, titles, rows };
}

const LISTINGS: Readonly<Record<string, (catalog: Catalog) => Listing>> = {
  gpus: (catalog) =>
    listing('GPU profiles', catalog.gpus, ['id', 'name', 'aliases', 'engine sees GiB', 'GB/s', 'GPUs per node'], catalog.gpus.map((gpu) => [
      gpu.id,
      gpu.name,
      gpu.aliases.join(' '),
      gpu.torchTotalGiB?.value ?? null,
      gpu.memoryBandwidthGBPerSecond?.value ?? null,
      gpu.gpusPerNode,
    ]), catalog),
  models: (catalog) =>
    listing('models', catalog.models, ['id', 'name', 'formats', 'aliases'], catalog.models.map((model) => [
      model.id,
      model.name,
      model.checkpoints.map(({ format }) => format).join(' '),
      model.aliases.join(' '),
    ]), catalog),
  workloads: (catalog) =>
    listing('workload presets', catalog.workloads, ['id', 'input tokens', 'output tokens', 'reuse', 'note'], catalog.workloads.map((workload) => [
      workload.id,
      workload.inputTokens,
      workload.outputTokens,
      workload.reuse.value,
      workload.note,
    ]), catalog),
  tariffs: (catalog) =>
    listing('API prices', catalog.tariffs, ['id', 'provider', 'tier', 'input $/Mtok', 'cache read $/Mtok', 'output $/Mtok', 'date'], catalog.tariffs.map((tariff) => [
      tariff.id,
      tariff.provider,
      tariff.tier,
      tariff.inputUsdPerMtok,
      tariff.cacheReadUsdPerMtok,
      tariff.outputUsdPerMtok,
      tariff.date,
    ]), catalog),
  offers: (catalog) =>
    listing('prices of instances', catalog.offers, ['id', 'GPU', 'pricing', '$/GPU-h', 'date'], catalog.offers.map((offer) => [
      offer.id,
      offer.gpu,
      offer.pricing,
      offer.usdPerGpuHour,
      offer.date,
    ]), catalog),
  claims: (catalog) => {
    const answer = judgeClaims(catalog);
    const rows = answer.claims.map((claim): Cell[] => [claim.id, claim.statement, claim.who, claim.judgement, claim.computed, claim.arithmetic, claim.date]);
    return { schema: answer.schema, answer: answer.answer, document: answer, titles: ['id', 'claim', 'who', 'judgement', 'kplan', 'arithmetic', 'date'], rows };
  },
};

/** Answers `kplan data KIND`. */
export async function runData(kind: string, options: SharedOptions, io: Io): Promise<number> {
  const list = LISTINGS[kind];
  if (!list) throw new Error(`no listing ${kind}`);
  const { schema, answer, document, titles, rows } = list(loadCatalog());
  const table: Table = {
    columns: titles.map((title, column) => ({ title, ...(typeof rows[0]?.[column] === 'number' ? { align: 'right' as const } : {}) })),
    rows: rows.map((cells) => ({ cells })),
  };
  const report = (): Report => ({ schema, blocks: [{ kind: 'answer', text: answer }, { kind: 'table', title: '', table }] });
  await deliver({ schema, document: () => document, table: () => table, report }, options, io);
  return EXIT.done;
}
