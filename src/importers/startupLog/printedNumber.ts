/** Powers of two that the units of logs stand for: all of these engines divide by 1024, whatever they call it. */
const GIB_PER_UNIT: Readonly<Record<string, number>> = {
  GiB: 1,
  GB: 1,
  MiB: 2 ** -10,
  MB: 2 ** -10,
  KiB: 2 ** -20,
  KB: 2 ** -20,
  B: 2 ** -30,
};

/** Whether a unit of a log is one of memory. */
export function isMemoryUnit(unit: string): boolean {
  return Object.hasOwn(GIB_PER_UNIT, unit);
}

/**
 * A printed amount of memory in GiB.
 *
 * @example inGiB('37803', 'MiB') // 36.9169921875
 */
export function inGiB(printed: string, unit: string): number {
  return Number(printed.replaceAll(',', '')) * (GIB_PER_UNIT[unit] ?? Number.NaN);
}

/**
 * Half a unit of the last digit: by so much may the true figure differ from the printed one.
 *
 * Python prints `round(x, 2)` without a trailing zero, so one decimal stands for two. A count is exact.
 *
 * @example roundingOf('19.55', 'GiB') // 0.005
 */
export function roundingOf(printed: string, unit: string): number {
  if (!isMemoryUnit(unit)) return 0;
  const decimals = printed.split('.')[1]?.length ?? 0;
  return 0.5 * 10 ** -(decimals === 1 ? 2 : decimals) * (GIB_PER_UNIT[unit] ?? 1);
}
