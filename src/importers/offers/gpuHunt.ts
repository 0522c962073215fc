import { Fault } from '../../faults/fault.ts';
import { parseNumber } from '../../units/number.ts';
import type { CsvRow } from '../shared/csvTable.ts';
import { gpuCount, LeftOut, type ListedPrice, type Listing, listedPrice, plainName } from './listing.ts';

/** Columns by which a file of gpuhunt's catalog is known; provider, gpu_memory and flags may be beside them. */
export const GPUHUNT_COLUMNS = ['instance_name', 'location', 'price', 'gpu_count', 'gpu_name', 'spot'] as const;

/** Flags of prices that are paid for a reserved time or for several instances, such as `gcp-dws-calendar-mode` and `runpod-cluster`. */
const PLAN = /dws|calendar|reserv|commit|plan|prepaid|cluster/i;

function pricingOf(row: CsvRow): ListedPrice['pricing'] {
  const cell = row.cell('spot').toLowerCase();
  if (cell === 'true' || cell === 'false') return cell === 'true' ? 'spot' : 'on-demand';
  throw new Fault('invalid', 'neither true nor false', { where: row.where('spot'), value: row.cell('spot'), allowed: 'True or False' });
}

/** What the row says of the memory of one GPU, GB. */
function memoryOf(row: CsvRow): number[] {
  const cell = row.cell('gpu_memory');
  const size = cell === '' ? 0 : parseNumber(cell, row.where('gpu_memory'), { min: 0, max: 1e5 });
  return size === 0 ? [] : [size];
}

/**
 * A row of gpuhunt's catalog: one price per instance.
 *
 * @returns what is left out: machines without GPUs, prices of plans, prices that are none
 * @throws Fault for a cell that cannot be read
 */
export function gpuHuntRow(row: CsvRow): (Listing | LeftOut)[] {
  const gpus = gpuCount(row, 'gpu_count');
  if (gpus instanceof LeftOut) return [gpus];
  const name = plainName(row, 'gpu_name');
  const where = row.where('gpu_name');
  if (name === '') return [new LeftOut('no-gpu', where)];
  if (PLAN.test(row.cell('flags'))) return [new LeftOut('plan', row.where('flags'))];
  const price = listedPrice(row, 'price', pricingOf(row));
  if (price === null) return [new LeftOut('no-price', row.where('price'))];
  if (price instanceof LeftOut) return [price];
  const instance = plainName(row, 'instance_name');
  const gpu = { name, where, beside: [instance], memoryGB: memoryOf(row) };
  const provider = plainName(row, 'provider');
  return [
    {
      provider: provider === '' ? null : provider,
      instance,
      region: plainName(row, 'location'),
      zone: '',
      gpus,
      gpu,
      prices: [price],
      where: row.where('instance_name'),
    },
  ];
}
