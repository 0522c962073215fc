import type { BandTable } from '../../throughput/band.ts';
import { calibrateSpeed, LEAST_CALIBRATION_POINTS } from '../../throughput/fitting/calibrate.ts';
import { leftOutMisses } from '../../throughput/fitting/leftOutMiss.ts';
import { fitSpeed, type SpeedFits, type Witness } from '../../throughput/fitting/speedFit.ts';
import { randomNumbers } from '../statistics.ts';
import { type HeldOut, knowledgeFrom, predict } from './heldOut.ts';
import { configurationOf } from './holdOut.ts';

/** How often other points are drawn from a configuration. */
const DRAWS = 3;
const LEAST_ROWS = 10;
const SHAPES = 2;

function shapeOf({ measurement: { inputTokens, outputTokens } }: Witness): string {
  return `${inputTokens}/${outputTokens}`;
}

/** Points at random, spread over two shapes. */
function drawn(rows: readonly Witness[], points: number, random: () => number): Witness[] {
  const shuffle = <T>(items: readonly T[]) =>
    items
      .map((item) => ({ item, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  const shapes = shuffle([...new Set(rows.map(shapeOf))]).slice(0, SHAPES);
  return shapes.flatMap((shape, index) => {
    const share = Math.floor((points + index) / SHAPES);
    return shuffle(rows.filter((row) => shapeOf(row) === shape)).slice(0, share);
  });
}

/**
 * What a few measurements of a configuration that kplan knows nothing of are worth: its system is hidden from the fit, some of its points over
 * two shapes calibrate, and the rest is predicted; three draws of each configuration with ten points or more.
 *
 * @param rows to be predicted, and to draw from
 * @param evidence measurements that kplan ships
 * @param points how many calibrate
 */
export function calibratedHeldOut(
  rows: readonly Witness[],
  evidence: readonly Witness[],
  start: SpeedFits,
  bands: BandTable,
  points = LEAST_CALIBRATION_POINTS,
): HeldOut[] {
  const configurations = new Map<string, Witness[]>();
  for (const row of rows) configurations.set(configurationOf(row), [...(configurations.get(configurationOf(row)) ?? []), row]);
  return [...configurations.values()].flatMap((members) => {
    const [first] = members;
    if (!first || members.length < LEAST_ROWS || new Set(members.map(shapeOf)).size < SHAPES) return [];
    const { gpu, engine, format, family } = first.system;
    const rest = evidence.filter(
      ({ system }) => system.gpu !== gpu || system.engine !== engine || system.format !== format || system.family !== family,
    );
    const fits = fitSpeed(rest, start);
    const random = randomNumbers(members.length);
    return Array.from({ length: DRAWS }, () => drawn(members, points, random)).flatMap((taken) => {
      if (taken.length < points) return [];
      const { system } = first;
      const [one, ...more] = taken;
      const misses = one ? leftOutMisses(fits, [one, ...more]) : null;
      const knowledge = knowledgeFrom(rest, calibrateSpeed(fits, system, taken, points), bands, family);
      return members.filter((row) => !taken.includes(row)).map((row) => predict(row, knowledge, misses));
    });
  });
}
