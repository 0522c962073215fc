import { formatCents } from '../../units/money.ts';
import { formatCount } from '../../units/tokens.ts';
import type { TokenMix } from './moneyClaim.ts';

/**
 * USD so that the arithmetic of a claim can be followed by hand.
 *
 * @example [0.0675, 151.68, 4613.6].map(inUsd) // ['0.0675', '151.68', '4,613.60']
 */
export function inUsd(usd: number): string {
  return usd >= 1000 ? formatCents(usd).slice(1) : String(Number(usd.toPrecision(5)));
}

/**
 * How many times.
 *
 * @example [0.375 / 0.0675, 4321.1].map(times) // ['5.56 ×', '4,321 ×']
 */
export function times(ratio: number): string {
  return `${ratio >= 1000 ? formatCount(ratio) : Number(ratio.toPrecision(3))} ×`;
}

/**
 * A share at three digits.
 *
 * @example inPercent(0.3 * 0.2963) // '8.89 %'
 */
export function inPercent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/**
 * The tokens of a claim.
 *
 * @example mixInWords({ uncached: 13, cacheRead: 71, output: 1 }) // '13 in + 71 cached + 1 out'
 */
export function mixInWords({ uncached, cacheRead, output }: TokenMix): string {
  const parts = [
    [uncached, 'in'],
    [cacheRead, 'cached'],
    [output, 'out'],
  ] as const;
  return parts.flatMap(([tokens, word]) => (tokens > 0 ? [`${formatCount(tokens)} ${word}`] : [])).join(' + ');
}

/**
 * A list as words.
 *
 * @example listed(['a', 'b', 'c']) // 'a, b and c'
 */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
