import { formatCount } from '../units/tokens.ts';
import type { EndpointCalibration } from './endpointCalibration.ts';

/** From this median error at points left out on, the model hardly describes the endpoint. */
const LARGE_MISS = 0.15;
/** The same of TTFT, which scatters far more between runs of one load. */
const LARGE_WAIT_MISS = 0.5;
/** From this share of points that nothing can have measured on, all of them are in doubt. */
const LARGE_SHARE = 1 / 3;

/** How many points are flagged; one may be for several reasons. */
export function flaggedPoints(flags: EndpointCalibration['speed']['flags']): number {
  return new Set(flags.map(({ point }) => point)).size;
}

function memoryDoubts(kvTokens: EndpointCalibration['kvTokens'], file: string): string[] {
  const said = kvTokens?.predicted ?? null;
  if (kvTokens === null || said === null || (kvTokens.measured >= said.low && kvTokens.measured <= said.high)) return [];
  const figures = [kvTokens.measured, said.low, said.high].map((tokens) => formatCount(tokens));
  return [
    `the endpoint of ${file} holds ${figures[0]} KV tokens where kplan says ${figures[1]} to ${figures[2]}: answers keep kplan's figure; state the memory options that it was started with`,
  ];
}

/**
 * What speaks against believing a calibration, in words: a fit that misses its own points, many points that contradict physics.
 *
 * @param file as it is named
 */
export function calibrationDoubts({ kvTokens, speed: { points, flags, leftOut } }: EndpointCalibration, file: string): string[] {
  const miss = leftOut?.tpotError ?? 0;
  const waitMiss = leftOut?.ttftError ?? 0;
  const miscounted = flaggedPoints(flags.filter(({ code }) => code === 'usage'));
  const buffered = flaggedPoints(flags.filter(({ code }) => code === 'buffered'));
  const flagged = flaggedPoints(flags.filter(({ code }) => code !== 'usage' && code !== 'buffered'));
  const many = (count: number) => count > 0 && count >= LARGE_SHARE * points.length;
  return [
    ...memoryDoubts(kvTokens, file),
    ...(miss < LARGE_MISS
      ? []
      : [
          `the fit of ${file} misses the TPOT of points left out of it by ${Math.round(100 * miss)} % (median), and bands of answers away from its points are that wide`,
        ]),
    ...(waitMiss < LARGE_WAIT_MISS
      ? []
      : [
          `the fit of ${file} misses the TTFT of points left out of it by ${Math.round(100 * waitMiss)} % (median): what it says of waits away from its points is a guess`,
        ]),
    ...(many(flagged)
      ? [`${flagged} of ${points.length} points of ${file} cannot be: what runs there may not be the model, GPU or layout that was stated`]
      : []),
    ...(many(buffered)
      ? [`${buffered} of ${points.length} points of ${file} say nothing of the time between tokens: answers came in one piece`]
      : []),
    ...(many(miscounted)
      ? [`${miscounted} of ${points.length} points of ${file} are made of tokens that the endpoint counts as they cannot be`]
      : []),
  ];
}
