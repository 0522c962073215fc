import { Fault } from '../faults/fault.ts';
import { checkNumber, parseNumber } from './number.ts';

const SIZES: Readonly<Record<string, number>> = {
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Reads an amount of memory: `512GB` is 512e9 bytes, `512GiB` is 512 * 2^30.
 *
 * @param text digits with one of the units kB, MB, GB, TB, KiB, MiB, GiB, TiB
 * @param where option or field, for the message
 * @returns bytes, above 0
 * @throws Fault `invalid` for a number without a unit, which could mean either, and for anything else
 */
export function parseByteSize(text: string, where: string): number {
  const [, digits = '', unit = ''] = /^([+-]?[\d.,e]*\d)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const size = Object.hasOwn(SIZES, unit.toLowerCase()) ? SIZES[unit.toLowerCase()] : undefined;
  if (size === undefined) {
    throw new Fault('invalid', unit === '' && digits !== '' ? 'a size needs its unit' : 'not a size', {
      where,
      value: text,
      allowed: 'for example 512GB (512e9 bytes), 512GiB (512 * 2^30 bytes) or 2TB',
    });
  }
  return checkNumber(Math.round(parseNumber(digits, where) * size), where, { above: 0, max: Number.MAX_SAFE_INTEGER }, text);
}
