import type { OffloadAnswer, OffloadPlacement, OffloadResult } from '../plan/offload/offloadAnswer.ts';
import { GB, GIB } from '../units/bytes.ts';
import { remedyOptions } from './fitTable.ts';
import { codeInWords } from './format.ts';
import type { Cell, Column, Table } from './table.ts';

type Field = readonly [Column, (result: OffloadResult) => Cell];

const gb = (bytes: number) => (bytes / GB).toFixed(0);
const gib = (bytes: number) => (bytes / GIB).toFixed(1);

/** What lies on the GPUs, in a cell: `7 of 60 expert layers`. */
function placed({ kind, onGpus, of }: OffloadPlacement): string {
  const what = { 'expert-layers': 'expert layers', layers: 'layers', 'experts-per-layer': 'experts of each layer' }[kind];
  return `${onGpus === 0 ? 'none' : onGpus} of ${of} ${what}`;
}

const FIELDS: readonly Field[] = [
  [{ title: 'format' }, ({ format }) => format],
  [{ title: 'verdict' }, ({ verdict }) => codeInWords(verdict)],
  [{ title: 'files', unit: 'GB', align: 'right', format: gb }, ({ fileBytes }) => fileBytes],
  [{ title: 'on GPUs' }, ({ placement }) => placement && placed(placement)],
  [{ title: 'weights on GPUs', unit: 'GiB', align: 'right', format: gib }, ({ gpuWeightBytes }) => gpuWeightBytes],
  [{ title: 'KV cache', unit: 'GiB', align: 'right', format: gib }, ({ kvBytes }) => kvBytes],
  [{ title: 'overhead per GPU', unit: 'GiB', align: 'right', format: gib }, ({ gpuOverheadBytes }) => gpuOverheadBytes],
  [{ title: 'RAM needed', unit: 'GB', align: 'right', format: gb }, ({ ramNeededBytes }) => ramNeededBytes],
  [{ title: 'speed' }, ({ speed }) => codeInWords(speed.code)],
];

/** The formats on one host, one row each; where one does not simply fit, what binds stands below it. */
export function offloadTable(results: readonly OffloadResult[]): Table {
  return {
    columns: FIELDS.map(([column]) => column),
    rows: results.map((result) => ({
      cells: FIELDS.map(([, cell]) => cell(result)),
      ...(result.verdict === 'fits' ? {} : { note: result.binding.message }),
    })),
  };
}

const RAW: readonly Field[] = [
  [{ title: 'key' }, ({ key }) => key],
  [{ title: 'engine' }, ({ engine }) => engine],
  [{ title: 'gpu' }, ({ gpu }) => gpu],
  [{ title: 'gpus' }, ({ gpus }) => gpus],
  [{ title: 'ramBytes' }, ({ ramBytes }) => ramBytes],
  [{ title: 'diskBytes' }, ({ diskBytes }) => diskBytes],
  [{ title: 'format' }, ({ format }) => format],
  [{ title: 'kvCacheDtype' }, ({ kvCacheDtype }) => kvCacheDtype],
  [{ title: 'contextTokens' }, ({ contextTokens }) => contextTokens],
  [{ title: 'sequences' }, ({ sequences }) => sequences],
  [{ title: 'verdict' }, ({ verdict }) => verdict],
  [{ title: 'bindingCode' }, ({ binding }) => binding.code],
  [{ title: 'bindingMessage' }, ({ binding }) => binding.message],
  [{ title: 'remedy' }, ({ remedy }) => remedy && remedyOptions(remedy)],
  [{ title: 'placement' }, ({ placement }) => placement?.kind ?? null],
  [{ title: 'onGpus' }, ({ placement }) => placement?.onGpus ?? null],
  [{ title: 'of' }, ({ placement }) => placement?.of ?? null],
  [{ title: 'fileBytes', banded: true }, ({ fileBytes }) => fileBytes],
  [{ title: 'gpuMemoryBytes' }, ({ gpuMemoryBytes }) => gpuMemoryBytes],
  [{ title: 'gpuWeightBytes' }, ({ gpuWeightBytes }) => gpuWeightBytes],
  [{ title: 'kvBytes' }, ({ kvBytes }) => kvBytes],
  [{ title: 'gpuOverheadBytes', banded: true }, ({ gpuOverheadBytes }) => gpuOverheadBytes],
  [{ title: 'ramNeededBytes', banded: true }, ({ ramNeededBytes }) => ramNeededBytes],
  [{ title: 'diskNeededBytes' }, ({ diskNeededBytes }) => diskNeededBytes],
  [{ title: 'launchOptions' }, ({ launchOptions }) => launchOptions.join(' ')],
  [{ title: 'speed' }, ({ speed }) => speed.code],
];

/** All results: unrounded numbers under the names of the JSON, for CSV. */
export function offloadRawTable({ results }: OffloadAnswer): Table {
  return { columns: RAW.map(([column]) => column), rows: results.map((result) => ({ cells: RAW.map(([, cell]) => cell(result)) })) };
}
