import { Fault } from '../../faults/fault.ts';
import type { Arrivals } from '../../workload/traffic.ts';
import type { BadRowCount } from './badRows.ts';
import { noticesOf } from './notices.ts';
import { reuseFound } from './reuseFound.ts';
import type { UsageFile } from './usageFile.ts';
import type { UsageTally } from './usageTally.ts';
import type { WorkloadDocument } from './workloadDocument.ts';

const MOST_CELLS = 200;

function instantText(ms: number): string | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** From the first request to the last, or to the end of the last bucket. */
function periodOf(tally: UsageTally, quantumMs: number | null): WorkloadDocument['period'] {
  const { firstMs, isUtc } = tally;
  const lastMs = tally.lastMs + (tally.guessedSpanMs ?? quantumMs ?? 0);
  if (!Number.isFinite(firstMs)) return { from: null, to: null, seconds: null };
  const seconds = (lastMs - firstMs) / 1000;
  return { from: isUtc ? instantText(firstMs) : null, to: isUtc ? instantText(lastMs) : null, seconds };
}

function arrivalsOf(tally: UsageTally, requests: number | null, seconds: number | null, counted: Arrivals | null): Arrivals | null {
  if (counted && tally.counts.buckets === 0 && tally.counts.noTime === 0) return counted;
  if (requests === null || requests === 0 || !seconds || tally.counts.buckets < tally.counts.used) return null;
  return { requestsPerSecond: requests / seconds, gapCv: null, hours: null };
}

function plainArrivals(arrivals: Arrivals | null): WorkloadDocument['arrivals'] {
  return arrivals && { ...arrivals, hours: arrivals.hours && [...arrivals.hours] };
}

/** What the user says of files that do not say it themselves. */
export interface AskedTraffic {
  /** How many the rows stand for. */
  readonly requests: number | null;
  /** At which sessions with clocks of their own begin. */
  readonly sessionsPerHour: number | null;
}

/**
 * The workload that rows make: means, lengths, arrivals, reuse and what was paid.
 *
 * @throws Fault `missing` where no row could be used
 */
export function importedWorkload(
  files: readonly UsageFile[],
  tally: UsageTally,
  bad: BadRowCount,
  { requests, sessionsPerHour }: AskedTraffic,
): WorkloadDocument {
  const { counts, leaves } = tally;
  const leftOut = bad.list();
  const names = files.map(({ name }) => name).join(', ');
  if (counts.used === 0) {
    const [first] = leftOut;
    const reason = first
      ? `no row can be used: ${bad.count} are broken, first ${first.first[0]}: ${first.reason}`
      : 'no rows with output tokens';
    throw new Fault('missing', reason, { where: names, allowed: 'at least one row of usage' });
  }
  const times = tally.times.result();
  const quantumMs = times?.quantumMs ?? null;
  const period = periodOf(tally, quantumMs);
  const all = requests ?? (counts.uncounted > 0 ? null : tally.requests);
  const inputTokens = leaves.uncached + leaves.cacheRead + leaves.cacheWrite + leaves.cacheWrite1h;
  const mean = (tokens: number) => (all === null || all === 0 || tokens === 0 ? null : tokens / all);
  const arrivals = arrivalsOf(tally, all, period.seconds, times?.arrivals ?? null);
  const found = reuseFound(tally, arrivals?.requestsPerSecond ?? null, sessionsPerHour);
  const notices = [...noticesOf(files, tally, leftOut, quantumMs), ...found.notices];
  return {
    schema: 'kplan/workload@1',
    inputTokens: mean(inputTokens),
    outputTokens: mean(leaves.output),
    lengths: counts.buckets > 0 ? [] : tally.lengths.cells(MOST_CELLS),
    arrivals: plainArrivals(arrivals),
    quantumMs,
    reuse: tally.cached.band(),
    reuseFrom: tally.fromBlocks ? 'blocks' : counts.cachedUnknown === counts.used ? 'none' : 'counts',
    reuseCurve: found.curve,
    reuseCurveRequestsPerSecond: found.requestsPerSecond,
    conversations: tally.conversations.figures(),
    thinkingShare: tally.thinkingOutput === 0 ? null : tally.thinkingTokens / tally.thinkingOutput,
    models: [...tally.models]
      .map(([name, sums]) => ({ name, ...sums }))
      .sort((a, b) => b.inputTokens + b.outputTokens - a.inputTokens - a.outputTokens),
    period,
    rows: {
      read: files.reduce((sum, { rows }) => sum + rows, 0),
      used: counts.used,
      empty: files.reduce((sum, { empty }) => sum + empty, 0),
      failed: counts.failed,
      cancelled: counts.cancelled,
      leftOut: [...leftOut, ...(counts.noOutput > 0 ? [{ reason: 'no output tokens', count: counts.noOutput, first: [] }] : [])],
    },
    totals: { requests: all, ...leaves },
    paid: counts.paid === 0 ? null : { usd: tally.paidUsd, currency: 'USD', requests: tally.paidRequests, tokens: { ...tally.paidLeaves } },
    files: files.map(({ name, format, rows }) => ({ name, format: format.name, rows })),
    notices: notices.filter((notice) => requests === null || !notice.includes('--requests')),
    note: `Your own traffic: ${counts.used} of ${files.reduce((sum, { rows }) => sum + rows, 0)} rows of ${names}${tally.fromBlocks ? '; reuse is that of a KV cache without limits' : ''}.`,
  };
}
