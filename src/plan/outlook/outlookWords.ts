import { formatUsd } from '../../units/money.ts';
import { percent } from '../hosting/hostingWords.ts';
import type { Sensitivity, SensitivityRow } from './sensitivityAnswer.ts';

/** Assumptions that are told as those which turn an answer. */
const MOST_TURNS = 3;

/** A likelihood in per cent; what is sure is not called certain. */
export function likelihood(share: number): string {
  if (share < 0.01) return 'under 1 %';
  return share > 0.99 ? 'over 99 %' : percent(share);
}

/**
 * How sure a pair is, as a clause.
 *
 * @param months of the plan; null: a month at today's prices
 */
export function sureness({ probability, savedUsdPerMonth, savedPresentUsd }: Sensitivity, months: number | null): string {
  const { now, p10, p50, p90 } = savedPresentUsd ?? savedUsdPerMonth;
  const over = months === null ? '' : ` over ${months} month${months === 1 ? '' : 's'}`;
  const unit = months === null ? ' a month' : ' in money of today';
  const verb = now < 0 ? 'loses' : 'saves';
  return `hosting is ${likelihood(probability.value)} likely to be cheaper${over}; with every assumption at its middle it ${verb} ${formatUsd(Math.abs(now))}${unit}, and over all doubts the saving is ${formatUsd(p10)} to ${formatUsd(p90)} (10th to 90th percentile, half of them above ${formatUsd(p50)})`;
}

/**
 * The assumptions that may turn an answer, the likeliest to do so first; those that would have to go far beyond their doubt stand last.
 *
 * @returns at most three rows that have a value at which nothing is saved
 */
export function turning({ rows }: Pick<Sensitivity, 'rows'>): SensitivityRow[] {
  const moves = ({ savedAtLow, savedAtHigh }: SensitivityRow) => Math.abs((savedAtHigh ?? 0) - (savedAtLow ?? 0));
  const beyond = ({ probabilityBeyond }: SensitivityRow) => probabilityBeyond ?? 0;
  return rows
    .filter(({ flipsAt }) => flipsAt !== null)
    .sort((a, b) => beyond(b) - beyond(a) || moves(b) - moves(a))
    .slice(0, MOST_TURNS);
}
