import type { RequestRecord } from '../client/record.ts';
import { worstTokens } from '../ladder/step.ts';
import type { PointFlag } from './physics.ts';

/** Whether a request states more output than it was allowed. */
export function overstatesOutput({ ask, usage }: RequestRecord): boolean {
  return (usage.outputTokens ?? 0) > ask.maxOutputTokens;
}

/** Whether a request states far more input than was sent. */
export function overstatesInput({ ask, usage }: RequestRecord): boolean {
  return (usage.inputTokens ?? 0) > worstTokens({ inputTokens: ask.inputTokens, outputTokens: ask.maxOutputTokens }).input;
}

/**
 * The flag of a point whose answers count tokens as they cannot be: counts that contradict one another (`usageDisagrees`), more output than
 * was allowed, far more input than was sent. Its speeds are made of these counts.
 *
 * @param point id of the point
 * @param records of its step
 * @returns none where all counts may be right
 */
export function usageFlags(point: string, records: readonly RequestRecord[]): PointFlag[] {
  const answered = records.filter(({ failure }) => failure === null);
  const doubtful = answered.filter(
    (record) => record.oddities?.usageDisagrees === true || overstatesOutput(record) || overstatesInput(record),
  );
  if (doubtful.length === 0) return [];
  const message = `the usage of ${doubtful.length} of ${answered.length} answers cannot be: its counts contradict one another, or what was asked`;
  return [{ code: 'usage', point, message }];
}
