import { expect } from 'vitest';
import type { WorkloadDocument } from '../../../../src/importers/usage/index.ts';

/** Sums of doubles depend on their order, and rows hold milliseconds as doubles; all else is equal to the last digit. */
const ROUNDING = 1e-9;
/** The Azure traces have steps of 100 ns, which a time of microseconds cuts: over an hour that is 3e-11, over its squared gaps more. */
export const CUT = 1e-8;

function near(a: number | null | undefined, b: number | null | undefined, within: number): void {
  if (a === null || a === undefined || b === null || b === undefined) expect(a).toBe(b);
  else expect(Math.abs(a - b)).toBeLessThanOrEqual(within * Math.max(Math.abs(b), 1e-300));
}

/** Compares two workloads field by field; files, their notices and the lines of broken rows are those of the import. */
export function expectSame(found: WorkloadDocument, raw: WorkloadDocument, within = ROUNDING): void {
  const leftOut = ({ rows }: WorkloadDocument) => rows.leftOut.map(({ reason, count }) => `${reason}: ${count}`).sort();
  for (const field of [
    'schema',
    'inputTokens',
    'outputTokens',
    'lengths',
    'quantumMs',
    'reuse',
    'reuseFrom',
    'reuseCurve',
    'thinkingShare',
    'models',
    'totals',
  ] as const)
    expect(found[field], field).toEqual(raw[field]);
  expect({ ...found.rows, leftOut: leftOut(found) }).toEqual({ ...raw.rows, leftOut: leftOut(raw) });
  expect({ ...found.paid, usd: 0 }).toEqual({ ...raw.paid, usd: 0 });
  near(found.paid?.usd, raw.paid?.usd, within);
  expect([found.period.from, found.period.to]).toEqual([raw.period.from, raw.period.to]);
  near(found.period.seconds, raw.period.seconds, within);
  near(found.arrivals?.requestsPerSecond, raw.arrivals?.requestsPerSecond, within);
  near(found.arrivals?.gapCv, raw.arrivals?.gapCv, within);
  expect(found.arrivals?.hours?.length).toBe(raw.arrivals?.hours?.length);
  for (const [hour, rate] of (raw.arrivals?.hours ?? []).entries()) near(found.arrivals?.hours?.[hour], rate, within);
}
