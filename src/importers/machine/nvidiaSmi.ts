import { Fault } from '../../faults/fault.ts';
import { type DeviceReading, readNumber, readWord } from './deviceReading.ts';

/** Fields that are asked of nvidia-smi; the name stands last because it may hold a comma. */
export const NVIDIA_FIELDS = ['index', 'memory.total', 'memory.used', 'compute_cap', 'driver_version', 'mig.mode.current', 'name'] as const;

export type NvidiaField = (typeof NVIDIA_FIELDS)[number];

/** The words after `nvidia-smi` that print these fields of every GPU, memory in MiB. */
export function nvidiaQuery(fields: readonly NvidiaField[]): string[] {
  return [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'];
}

/**
 * The field that a driver does not know, where that is what nvidia-smi complains of; older drivers lack some.
 *
 * @example unknownField('Field "compute_cap" is not a valid field to query.') // 'compute_cap'
 */
export function unknownField(text: string): NvidiaField | null {
  const named = /Field "([\w.]+)" is not a valid field/.exec(text)?.[1];
  return NVIDIA_FIELDS.find((field) => field === named) ?? null;
}

function cellsOf(line: string, fields: readonly NvidiaField[]): Partial<Record<NvidiaField, string>> {
  const parts = line.split(',');
  const cells = [...parts.slice(0, fields.length - 1), parts.slice(fields.length - 1).join(',')];
  return Object.fromEntries(fields.map((field, index) => [field, cells[index]?.trim() ?? '']));
}

/**
 * Reads what `nvidia-smi --query-gpu=… --format=csv,noheader,nounits` prints: one GPU per line.
 *
 * @param text its output
 * @param fields those that were asked, `name` last
 * @throws Fault `invalid` for a line that does not hold them, such as one of a GPU that is lost
 * @example parseNvidiaSmi('0, 46068, 4, NVIDIA L40S', ['index', 'memory.total', 'memory.used', 'name'])[0].memoryMiB // 46068
 */
export function parseNvidiaSmi(text: string, fields: readonly NvidiaField[]): DeviceReading[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const cells = cellsOf(line, fields);
    const index = readNumber(cells.index);
    const name = readWord(cells.name);
    if (index === null || name === null) {
      throw new Fault('invalid', 'nvidia-smi describes a GPU that does not answer, or prints what is no GPU', {
        where: '--here',
        value: line.trim(),
        allowed: `per line ${fields.join(', ')}`,
      });
    }
    return {
      vendor: 'nvidia',
      index,
      name,
      memoryMiB: readNumber(cells['memory.total']),
      usedMiB: readNumber(cells['memory.used']),
      computeCapability: readNumber(cells.compute_cap),
      driverVersion: readWord(cells.driver_version),
      partition: /^enabled$/i.test(cells['mig.mode.current'] ?? '') ? 'MIG' : null,
    };
  });
}
