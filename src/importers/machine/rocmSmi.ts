import { Fault } from '../../faults/fault.ts';
import { MIB } from '../../units/bytes.ts';
import { type DeviceReading, readNumber, readWord } from './deviceReading.ts';
import { field, groupOf, jsonIn } from './vendorJson.ts';

/** The words after `rocm-smi`, the older of AMD's tools. */
export const ROCM_QUERY = [
  '--showproductname',
  '--showmeminfo',
  'vram',
  '--showdriverversion',
  '--showcomputepartition',
  '--json',
] as const;

function mebibytes(bytes: unknown): number | null {
  const size = readNumber(bytes);
  return size === null ? null : Math.round(size / MIB);
}

/**
 * Reads what `rocm-smi … --json` prints: a group for each card, and one for the system.
 *
 * @param text its output
 * @throws Fault `invalid` where a card has no name
 * @example parseRocmSmi('{"card0":{"Card series":"AMD Instinct MI300X","VRAM Total Memory (B)":"206141652992"}}')[0].memoryMiB // 196592
 */
export function parseRocmSmi(text: string): DeviceReading[] {
  const document = groupOf(jsonIn(text, 'rocm-smi'));
  const driver = readWord(field(groupOf(document['system']), 'Driver version'));
  return Object.entries(document).flatMap(([key, value]) => {
    const index = readNumber(/^card(\d+)$/.exec(key)?.[1]);
    if (index === null) return [];
    const card = groupOf(value);
    const name = readWord(field(card, 'Card series')) ?? readWord(field(card, 'Device Name'));
    if (name === null) {
      throw new Fault('invalid', 'rocm-smi describes a card without a name', {
        where: '--here',
        value: `${key}: ${JSON.stringify(card)}`,
        allowed: 'Card Series or Device Name',
      });
    }
    const mode = readWord(field(card, 'Compute Partition'))?.toUpperCase() ?? 'SPX';
    return {
      vendor: 'amd' as const,
      index,
      name,
      memoryMiB: mebibytes(field(card, 'VRAM Total Memory (B)')),
      usedMiB: mebibytes(field(card, 'VRAM Total Used Memory (B)')),
      computeCapability: null,
      driverVersion: readWord(field(card, 'Driver version')) ?? driver,
      partition: mode === 'SPX' ? null : mode,
    };
  });
}
