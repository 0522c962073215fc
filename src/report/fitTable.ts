import { layoutName } from '../layout/layout.ts';
import type { ContextRow, FitAnswer, FitResult, FormatRow, Remedy } from '../plan/fit/fitAnswer.ts';
import { inGiB } from '../units/bytes.ts';
import { formatContext, formatTokens } from '../units/tokens.ts';
import { type Band, codeInWords } from './format.ts';
import { grouped } from './group.ts';
import type { Cell, Column, Table } from './table.ts';

const gib = (bytes: number) => inGiB(bytes, 1);

type Field = readonly [Column, (result: FitResult) => Cell];

const WHAT: readonly Field[] = [
  [{ title: 'GPUs', align: 'right' }, ({ gpus }) => gpus],
  [{ title: 'nodes', align: 'right' }, ({ nodes }) => nodes],
  [{ title: 'layout' }, ({ layout }) => layoutName(layout).replaceAll('+', ' +')],
];
const GPU: Field = [{ title: 'GPU' }, ({ gpuName }) => gpuName];
const ENGINE: Field = [{ title: 'engine' }, (result) => releaseName(result)];
const VERDICT: Field = [{ title: 'verdict' }, ({ verdict }) => codeInWords(verdict)];
const BUDGET: readonly Field[] = [
  [{ title: 'weights', unit: 'GiB', align: 'right', format: gib }, ({ weightBytesPerGpu }) => weightBytesPerGpu],
  [{ title: 'overhead', unit: 'GiB', align: 'right', format: gib }, ({ overheadBytesPerGpu }) => overheadBytesPerGpu],
  [{ title: 'budget', unit: 'GiB', align: 'right', format: gib }, ({ budgetBytesPerGpu }) => budgetBytesPerGpu],
];
const ROOM: readonly Field[] = [
  [{ title: 'KV memory left', unit: 'GiB', align: 'right', format: gib }, ({ kvMemoryBytesPerGpu }) => kvMemoryBytesPerGpu],
  [{ title: 'KV tokens', align: 'right', format: formatTokens }, ({ kvTokens }) => kvTokens],
  [{ title: 'sequences', align: 'right', format: (count) => String(Math.floor(count)) }, ({ sequences }) => sequences],
];

/** A fleet in words: `16× H200 SXM on 2 nodes`. */
export function fleetName({ gpus, gpuName, nodes }: Pick<FitResult, 'gpus' | 'gpuName' | 'nodes'>): string {
  return `${gpus}× ${gpuName}${nodes > 1 ? ` on ${nodes} nodes` : ''}`;
}

/** The change of a remedy as options of the command: `--gpus 16 --pp 2`. */
export function remedyOptions({ change }: Remedy): string {
  return Object.entries(change)
    .map(([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`)
    .join(' ');
}

function releaseName({ engine, engineVersion, format, kvCacheDtype }: FitResult): string {
  return `${engine} ${engineVersion}, ${format}, ${kvCacheDtype} KV`;
}

/** Whether a fact is the same in all results, so that no column is spent on it. */
function mixed(results: readonly FitResult[], fact: (result: FitResult) => string): boolean {
  return new Set(results.map(fact)).size > 1;
}

/** Layouts under these columns, one row each; where a layout does not simply fit, what binds stands below it. */
function layoutTable(results: readonly FitResult[], fields: readonly Field[]): Table {
  return {
    columns: fields.map(([column]) => column),
    rows: results.map((result) => ({
      cells: fields.map(([, cell]) => cell(result)),
      ...(result.verdict === 'fits' ? {} : { note: result.binding.message }),
    })),
  };
}

/** Layouts of one GPU type with the memory of one GPU. */
export function fitTable(results: readonly FitResult[]): Table {
  const engine = mixed(results, releaseName) ? [ENGINE] : [];
  return layoutTable(results, [...WHAT, ...engine, VERDICT, ...BUDGET, ...ROOM]);
}

/** Layouts of many GPU types, with what their memory leaves for the KV cache. */
export function fleetsTable(results: readonly FitResult[]): Table {
  return layoutTable(results, [GPU, ...WHAT, VERDICT, ...ROOM]);
}

const RAW: readonly Field[] = [
  [{ title: 'key' }, ({ key }) => key],
  [{ title: 'gpu' }, ({ gpu }) => gpu],
  [{ title: 'gpus' }, ({ gpus }) => gpus],
  [{ title: 'nodes' }, ({ nodes }) => nodes],
  [{ title: 'engine' }, ({ engine }) => engine],
  [{ title: 'engineVersion' }, ({ engineVersion }) => engineVersion],
  [{ title: 'layout' }, ({ layout }) => layoutName(layout)],
  [{ title: 'format' }, ({ format }) => format],
  [{ title: 'kvCacheDtype' }, ({ kvCacheDtype }) => kvCacheDtype],
  [{ title: 'contextTokens' }, ({ contextTokens }) => contextTokens],
  [{ title: 'verdict' }, ({ verdict }) => verdict],
  [{ title: 'bindingCode' }, ({ binding }) => binding.code],
  [{ title: 'bindingMessage' }, ({ binding }) => binding.message],
  [{ title: 'remedy' }, ({ remedy }) => (remedy === null ? null : remedyOptions(remedy))],
  [{ title: 'weightBytesPerGpu' }, ({ weightBytesPerGpu }) => weightBytesPerGpu],
  [{ title: 'budgetBytesPerGpu' }, ({ budgetBytesPerGpu }) => budgetBytesPerGpu],
  [{ title: 'overheadBytesPerGpu', banded: true }, ({ overheadBytesPerGpu }) => overheadBytesPerGpu],
  [{ title: 'kvMemoryBytesPerGpu', banded: true }, ({ kvMemoryBytesPerGpu }) => kvMemoryBytesPerGpu],
  [{ title: 'kvBytesPerToken' }, ({ kvBytesPerToken }) => kvBytesPerToken],
  [{ title: 'kvTokens', banded: true }, ({ kvTokens }) => kvTokens],
  [{ title: 'sequences', banded: true }, ({ sequences }) => sequences],
];

const RAW_CONTEXT: readonly [Column, (row: ContextRow) => Cell][] = [
  [{ title: 'gpu' }, ({ gpu }) => gpu],
  [{ title: 'gpus' }, ({ gpus }) => gpus],
  [{ title: 'layout' }, ({ layout }) => layoutName(layout)],
  [{ title: 'contextTokens' }, ({ contextTokens }) => contextTokens],
  [{ title: 'kvCacheDtype' }, ({ kvCacheDtype }) => kvCacheDtype],
  [{ title: 'verdict' }, ({ verdict }) => verdict],
  [{ title: 'sequences', banded: true }, ({ sequences }) => sequences],
];

function rawTable<T>(fields: readonly (readonly [Column, (item: T) => Cell])[], items: readonly T[]): Table {
  return { columns: fields.map(([column]) => column), rows: items.map((item) => ({ cells: fields.map(([, cell]) => cell(item)) })) };
}

/** The context map where there is one, otherwise all results: unrounded numbers under the names of the JSON, for CSV. */
export function fitRawTable({ results, contextMap }: FitAnswer): Table {
  return contextMap === undefined ? rawTable(RAW, results) : rawTable(RAW_CONTEXT, contextMap);
}

/** Checkpoint formats side by side, each with the smallest fleet that holds it. */
export function formatTable(rows: readonly FormatRow[]): Table {
  return {
    columns: [
      { title: 'format' },
      { title: 'files', unit: 'GB', align: 'right', format: (bytes) => (bytes / 1e9).toFixed(1) },
      { title: 'GPUs' },
      { title: 'layout' },
      { title: 'verdict' },
      { title: 'weights', unit: 'GiB', align: 'right', format: gib },
      { title: 'sequences', align: 'right', format: (count) => String(Math.floor(count)) },
    ],
    rows: rows.map(({ format, checkpointBytes, gpus, gpuName, layout, verdict, binding, weightBytesPerGpu, sequences }) => ({
      cells: [format, checkpointBytes, `${gpus}× ${gpuName}`, layoutName(layout), codeInWords(verdict), weightBytesPerGpu, sequences],
      ...(verdict === 'fits' ? {} : { note: binding.message }),
    })),
  };
}

/** Context × KV cache dtype → sequences, one row for each fleet and context. */
export function contextTable(map: readonly ContextRow[]): Table {
  const dtypes = [...new Set(map.map(({ kvCacheDtype }) => kvCacheDtype))];
  const keyed = grouped(
    map,
    ({ gpu, gpus, layout, contextTokens }) => `${gpus}× ${gpu}\n${layoutName(layout)}\n${formatContext(contextTokens)}`,
  );
  const cell = (row: ContextRow | undefined): string | Band | null => {
    if (row === undefined) return null;
    return row.sequences === null || row.verdict === 'invalid' ? codeInWords(row.verdict) : row.sequences;
  };
  return {
    columns: [
      { title: 'GPUs' },
      { title: 'layout' },
      { title: 'context', align: 'right' },
      ...dtypes.map(
        (dtype): Column => ({ title: `sequences at ${dtype} KV`, align: 'right', format: (count) => String(Math.floor(count)) }),
      ),
    ],
    rows: [...keyed].map(([key, rows]) => ({
      cells: [...key.split('\n'), ...dtypes.map((dtype) => cell(rows.find(({ kvCacheDtype }) => kvCacheDtype === dtype)))],
    })),
  };
}
