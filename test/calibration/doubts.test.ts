import { describe, expect, it } from 'vitest';
import { calibrationDoubts } from '../../src/calibration/doubts.ts';
import type { EndpointCalibration } from '../../src/calibration/endpointCalibration.ts';

/** As much of a calibration as its doubts are read from. */
function calibration(
  tpotError: number | null,
  points: number,
  flagged: readonly string[],
  kvTokens: number | null = null,
  ttftError: number | null = null,
): EndpointCalibration {
  const speed = {
    points: Array.from({ length: points }),
    flags: flagged.map((point) => ({ point, code: point === 'u' ? 'usage' : point === 'w' ? 'buffered' : 'saturated' })),
    leftOut: { tpotError, ttftError },
  };
  const predicted = { low: 500_000, value: 550_000, high: 600_000, basis: 'modelled' };
  return { speed, kvTokens: kvTokens && { measured: kvTokens, predicted } } as unknown as EndpointCalibration;
}

describe('doubts about a calibration', () => {
  it.each([
    ['a good one', calibration(0.02, 9, []), []],
    ['no fit', calibration(null, 0, []), []],
    ['two of nine points', calibration(0.1, 9, ['a', 'b']), []],
    ['a fit that misses', calibration(0.31, 12, []), [/points left out of it by 31 % \(median\)/]],
    ['a fit that misses waits', calibration(0.02, 12, [], null, 0.8), [/misses the TTFT of points left out of it by 80 % \(median\)/]],
    ['a fit that misses waits as they scatter', calibration(0.02, 12, [], null, 0.4), []],
    ['a KV cache as kplan says', calibration(0.02, 9, [], 500_000), []],
    ['another KV cache', calibration(0.02, 9, [], 400_000), [/holds 400,000 KV tokens where kplan says 500,000 to 600,000/]],
    ['points flagged twice', calibration(0.02, 8, ['a', 'b', 'c', 'c', 'd']), [/^4 of 8 points of c\.json cannot be/]],
    ['one of two points that counts wrongly', calibration(0.02, 2, ['u']), [/^1 of 2 points of c\.json are made of tokens/]],
    [
      'one of two points that came whole',
      calibration(0.02, 2, ['w']),
      [/^1 of 2 points of c\.json say nothing of the time between tokens/],
    ],
    ['three of nine points, and a miss', calibration(0.15, 9, ['a', 'b', 'c']), [/15 %/, /^3 of 9/]],
  ])('%s', (_, of, doubts) => {
    const said = calibrationDoubts(of, 'c.json');
    expect(said).toHaveLength(doubts.length);
    for (const [at, doubt] of doubts.entries()) expect(said[at]).toMatch(doubt);
  });
});
