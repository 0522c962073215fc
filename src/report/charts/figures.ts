import { formatUsd } from '../../units/money.ts';

/** Below that, money is written out. */
const LEAST = 1e4;
const STEPS: readonly (readonly [size: number, letter: string])[] = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
];

/**
 * Money at three digits, for labels: `$1.66M`.
 *
 * @example briefUsd(-1663007) // '-$1.66M'
 */
export function briefUsd(usd: number): string {
  const size = Math.abs(usd);
  if (size < LEAST) return formatUsd(size >= 1000 ? Math.round(usd) : usd);
  const [unit, letter] = STEPS.find(([from]) => Number(size.toPrecision(3)) >= from) ?? [1, ''];
  return `${usd < 0 ? '-' : ''}$${Number((size / unit).toPrecision(3))}${letter}`;
}
