import { groupDigits } from './number.ts';

/** `$1,234,567`, or with cents below $1,000 and more places below one cent. */
export function formatUsd(usd: number): string {
  const size = Math.abs(usd);
  const digits = size === 0 || size >= 1000 ? 0 : size >= 0.01 ? 2 : 6;
  return `${usd < 0 ? '-' : ''}$${groupDigits(size.toFixed(digits))}`;
}
