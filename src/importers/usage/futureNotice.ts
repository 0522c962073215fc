import { DAY_MS } from '../../units/time.ts';
import type { WorkloadDocument } from './workloadDocument.ts';

/** Buckets end with the day, and zones differ by less. */

/**
 * What must be said of traffic that ends after now: its rate is that of the whole period.
 *
 * @param nowMs milliseconds since 1970
 */
export function futureNotice({ period: { to } }: Pick<WorkloadDocument, 'period'>, nowMs: number): string[] {
  if (to === null || Date.parse(to) - DAY_MS <= nowMs) return [];
  return [`times go on into the future, to ${to.slice(0, 10)}; the rate is that of the whole period`];
}
