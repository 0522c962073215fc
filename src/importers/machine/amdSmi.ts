import { Fault } from '../../faults/fault.ts';
import { type DeviceReading, readNumber, readWord } from './deviceReading.ts';
import { field, groupOf, type JsonGroup, jsonIn } from './vendorJson.ts';

/** The words after `amd-smi` for what a GPU is, and for what is in use of it. */
export const AMD_STATIC = ['static', '--json'] as const;
export const AMD_MEMORY = ['metric', '--mem-usage', '--json'] as const;

const MIB_PER_UNIT: Readonly<Record<string, number>> = { b: 2 ** -20, kb: 2 ** -10, mb: 1, mib: 1, gb: 2 ** 10, gib: 2 ** 10 };

/** An amount of memory: `{ value: 196592, unit: 'MB' }` or `196592 MB`; the tool's MB are MiB. */
function mebibytes(amount: unknown): number | null {
  const { value, unit } = groupOf(amount);
  const [, number = '', letters = ''] =
    /^\s*([\d.]+)\s*([a-z]*)\s*$/i.exec(typeof amount === 'string' ? amount : `${value} ${unit ?? ''}`) ?? [];
  const size = readNumber(number);
  const factor = MIB_PER_UNIT[(letters || 'mb').toLowerCase()];
  return size === null || factor === undefined ? null : Math.round(size * factor);
}

/** The GPUs of a document: a list, or since ROCm 6.4 the list under `gpu_data`. */
function gpusIn(document: unknown): JsonGroup[] {
  const list = Array.isArray(document) ? document : field(groupOf(document), 'gpu_data');
  return (Array.isArray(list) ? list : []).map(groupOf).filter((gpu) => field(gpu, 'gpu') !== undefined);
}

function usedByIndex(metric: string | null): ReadonlyMap<number, number | null> {
  const gpus = metric === null || metric.trim() === '' ? [] : gpusIn(jsonIn(metric, 'amd-smi'));
  return new Map(gpus.map((gpu) => [readNumber(field(gpu, 'gpu')) ?? -1, mebibytes(field(groupOf(field(gpu, 'mem_usage')), 'used_vram'))]));
}

/** The mode that cuts a GPU into several; `SPX` is the whole one. */
function partitionOf(gpu: JsonGroup): string | null {
  const mode = readWord(field(groupOf(field(gpu, 'partition')), 'accelerator_partition', 'compute_partition'));
  return mode === null || mode.toUpperCase() === 'SPX' ? null : mode.toUpperCase();
}

/**
 * Reads what `amd-smi static --json` prints, of ROCm 6 and 7.
 *
 * @param text its output
 * @param metric what `amd-smi metric --mem-usage --json` prints; null where it failed
 * @throws Fault `invalid` where a GPU has no name
 * @example parseAmdSmi('[{"gpu":0,"asic":{"market_name":"AMD Instinct MI300X"},"vram":{"size":{"value":196592,"unit":"MB"}}}]', null)[0].memoryMiB // 196592
 */
export function parseAmdSmi(text: string, metric: string | null): DeviceReading[] {
  const used = usedByIndex(metric);
  return gpusIn(jsonIn(text, 'amd-smi')).map((gpu) => {
    const asic = groupOf(field(gpu, 'asic'));
    const index = readNumber(field(gpu, 'gpu'));
    const name = readWord(field(asic, 'market_name')) ?? readWord(field(groupOf(field(gpu, 'board')), 'product_name'));
    if (index === null || name === null) {
      throw new Fault('invalid', 'amd-smi describes a GPU without number or name', {
        where: '--here',
        value: JSON.stringify(gpu),
        allowed: 'gpu, and asic.market_name or board.product_name',
      });
    }
    return {
      vendor: 'amd',
      index,
      name,
      memoryMiB: mebibytes(field(groupOf(field(gpu, 'vram')), 'size')),
      usedMiB: used.get(index) ?? null,
      computeCapability: null,
      driverVersion: readWord(field(groupOf(field(gpu, 'driver')), 'version', 'driver_version')),
      partition: partitionOf(gpu),
    };
  });
}
