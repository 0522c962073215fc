import type { HeldRun } from '../calibration/client/readRecords.ts';
import type { RunLimits } from '../calibration/ladder/limits.ts';
import type { LadderStep } from '../calibration/ladder/step.ts';
import { worstCaseOf } from '../calibration/ladder/worstCase.ts';
import { Spending } from '../calibration/run/spending.ts';
import type { Tariff } from '../cost/tariff.ts';
import { counted } from '../plan/hosting/hostingWords.ts';
import { formatDuration } from '../units/duration.ts';
import { formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';

/** What a run is going to do. */
export interface Announced {
  /** Still to be run. */
  readonly steps: readonly LadderStep[];
  readonly limits: RunLimits;
  readonly tariff: Tariff | null;
  readonly held: HeldRun;
}

/** After what a run goes on; nothing of one that begins. */
function goesOn({ records, unanswered }: HeldRun): string {
  if (records.length + unanswered.length === 0) return '';
  const lost = unanswered.length === 0 ? '' : ` and ${unanswered.length} whose answers were lost`;
  return `goes on after ${counted(records.length, 'request')}${lost}: `;
}

/** What an option leaves of the whole ladder; the ladder itself where it leaves all. */
function within(whole: number, left: number | null, option: string, words: (value: number) => string): string {
  if (left === null || left >= whole) return words(whole);
  return `${words(Math.max(0, left))} (${option}; the whole ladder would take ${words(whole)})`;
}

/**
 * What a run is going to do and may cost at most, in one line, as its limits allow.
 *
 * @param of the run, with what an earlier part of it has sent and spent
 */
export function announcement({ steps, limits, tariff, held }: Announced): string {
  const worst = worstCaseOf(steps, tariff);
  const before = new Spending(limits, tariff, held);
  const { maxRequests, maxUsd, maxDurationMs } = limits;
  const requests = within(worst.requests, maxRequests === null ? null : maxRequests - before.sent, '--max-requests', (count) =>
    counted(count, 'request'),
  );
  const left = maxUsd === null ? null : maxUsd - (before.spentUsd ?? 0);
  const price = worst.usd === null ? 'no price is known (--tariff)' : `at most ${within(worst.usd, left, '--max-usd', formatUsd)}`;
  const tokens = `${formatTokens(worst.inputTokens)} input and ${formatTokens(worst.outputTokens)} output tokens at worst`;
  const end = maxDurationMs === null ? '' : `; it ends after ${formatDuration(maxDurationMs)} (--max-duration)`;
  return `${goesOn(held)}${counted(steps.length, 'step')}, up to ${requests}, ${tokens}, ${price}${end}`;
}
