import { Fault } from '../faults/fault.ts';

const MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };

/**
 * Reads a length of time with its unit: `40ms`, `2s`, `1.5 s`, `3min`.
 *
 * @param where option or file that holds it, for the message
 * @returns milliseconds, above 0
 * @throws Fault `invalid` without a unit, for another one, or for no length
 * @example parseDurationMs('1.5s', '--ttft-p95') // 1500
 */
export function parseDurationMs(text: string, where: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?) ?(ms|s|min)$/.exec(text.trim()) ?? [];
  const value = Number(digits) * (MS[unit] ?? Number.NaN);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Fault('invalid', 'not a length of time', {
    where,
    value: text,
    allowed: 'a number above 0 with ms, s or min, such as 40ms or 2s',
  });
}

/** `40 ms`, `2.5 s`, `10 min`. */
export function formatDuration(ms: number): string {
  const [size, unit] = ms < 1000 ? [ms, 'ms'] : ms < 600_000 ? [ms / 1000, 's'] : [ms / 60_000, 'min'];
  return `${Number(size.toPrecision(3))} ${unit}`;
}
