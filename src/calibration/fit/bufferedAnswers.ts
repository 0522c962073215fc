import type { RequestRecord } from '../client/record.ts';
import { cameInOnePiece } from '../client/timings.ts';
import type { PointFlag } from './physics.ts';

/** From this share of answers in one piece on, a point says nothing of the time between tokens. */
const LARGE_SHARE = 0.5;

/**
 * The flag of a point whose answers came in one piece: what lies between the endpoint and the client holds them back, so that its first
 * token came with its last.
 *
 * @param point id of the point
 * @param records of its step
 * @returns none where most answers came as they were made
 */
export function bufferedFlags(point: string, records: readonly RequestRecord[]): PointFlag[] {
  const answered = records.filter(({ failure }) => failure === null);
  const whole = answered.filter(cameInOnePiece).length;
  if (whole === 0 || whole < LARGE_SHARE * answered.length) return [];
  const message = `${whole} of ${answered.length} answers came in one piece: no time between tokens; a proxy that buffers may lie between`;
  return [{ code: 'buffered', point, message }];
}
