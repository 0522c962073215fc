import { layoutIdentity, layoutOf } from '../../throughput/curve.ts';
import type { Witness } from '../../throughput/fitting/speedFit.ts';
import type { Situation } from '../../throughput/situation.ts';

/** The situations that a score tells apart; that of an unknown pair of format and engine is a part of `uncalibrated`. */
export const SCORED_SITUATIONS = ['sameCurve', 'newShape', 'newLayout', 'newGpu', 'otherModel', 'uncalibrated', 'calibrated'] as const;

export type ScoredSituation = (typeof SCORED_SITUATIONS)[number];

/** Those that hiding measurements makes; to be calibrated takes measurements instead. */
export type HeldOutSituation = Exclude<ScoredSituation, 'calibrated'>;

export const HELD_OUT_SITUATIONS = SCORED_SITUATIONS.filter((situation) => situation !== 'calibrated');

/** Most fits per situation; more groups than that are hidden several at a time, never two of the same parent at once if it can be helped. */
const MOST_FOLDS = 6;

/** System and layout: what observations share that are not independent of each other. */
export function configurationOf({ system, measurement }: Witness): string {
  const { gpu, engine, format, family } = system;
  return `${gpu} ${engine} ${format} ${family} ${layoutIdentity(layoutOf(measurement))}`;
}

function shapeOf({ measurement: { inputTokens, outputTokens, reuse } }: Witness): string {
  return `${inputTokens}/${outputTokens} ${reuse}`;
}

/** One fold: what is hidden from the fit and the curves, and the rows that are then predicted. */
export interface Fold {
  readonly hidden: (witness: Witness) => boolean;
  readonly rows: readonly Witness[];
}

/** What is hidden together, and within what the groups are dealt out to folds. */
interface Grouping {
  readonly group: (witness: Witness) => string;
  readonly parent: (witness: Witness) => string;
  /** Order among siblings; by name where none is given. */
  readonly order?: (witness: Witness) => number;
}

const GROUPINGS: Readonly<Record<'sameCurve' | 'newShape' | 'newLayout', Grouping>> = {
  sameCurve: {
    group: (witness) => `${configurationOf(witness)} ${shapeOf(witness)} ${witness.measurement.concurrency}`,
    parent: (witness) => `${configurationOf(witness)} ${shapeOf(witness)}`,
    order: ({ measurement }) => measurement.concurrency,
  },
  newShape: {
    group: (witness) => `${configurationOf(witness)} ${shapeOf(witness)}`,
    parent: configurationOf,
  },
  newLayout: {
    group: configurationOf,
    parent: ({ system: { gpu, engine, format, family } }) => `${gpu} ${engine} ${format} ${family}`,
  },
};

/** Neighbours on a curve are never hidden together: every third point is. */
const CURVE_FOLDS = 3;

function dealt(rows: readonly Witness[], { group, parent, order }: Grouping, most: number): Fold[] {
  const siblings = new Map<string, Map<string, Witness>>();
  for (const row of rows) {
    const of = siblings.get(parent(row)) ?? new Map<string, Witness>();
    siblings.set(parent(row), of);
    if (!of.has(group(row))) of.set(group(row), row);
  }
  const folds = new Map<string, number>();
  for (const of of siblings.values()) {
    const names = [...of].sort(([a, first], [b, second]) => (order ? order(first) - order(second) : a.localeCompare(b)));
    names.forEach(([name], index) => {
      folds.set(name, index % most);
    });
  }
  return Array.from({ length: most }, (_, fold) => ({
    rows: rows.filter((row) => folds.get(group(row)) === fold),
    hidden: (witness: Witness) => folds.get(group(witness)) === fold,
  })).filter((fold) => fold.rows.length > 0);
}

function oneByOne(
  rows: readonly Witness[],
  key: (witness: Witness) => string,
  hides: (of: Witness) => (witness: Witness) => boolean,
): Fold[] {
  const groups = new Map<string, Witness[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return [...groups.values()].flatMap((members) => (members[0] ? [{ rows: members, hidden: hides(members[0]) }] : []));
}

/**
 * The folds of a situation: what must be hidden from kplan so that it meets the rows in that situation, and never with a measurement of
 * the same configuration and load point. A point of a curve, a shape, a layout, a GPU, a model family, or GPU and family together.
 *
 * @param rows to be predicted
 */
export function foldsOf(situation: HeldOutSituation, rows: readonly Witness[]): Fold[] {
  switch (situation) {
    case 'sameCurve':
      return dealt(rows, GROUPINGS.sameCurve, CURVE_FOLDS);
    case 'newShape':
    case 'newLayout':
      return dealt(rows, GROUPINGS[situation], MOST_FOLDS);
    case 'newGpu':
      return oneByOne(
        rows,
        ({ system }) => system.gpu,
        ({ system }) =>
          (witness) =>
            witness.system.gpu === system.gpu,
      );
    case 'otherModel':
      return oneByOne(
        rows,
        ({ system }) => system.family,
        ({ system }) =>
          (witness) =>
            witness.system.family === system.family,
      );
    case 'uncalibrated':
      return oneByOne(
        rows,
        ({ system }) => `${system.gpu} ${system.family}`,
        ({ system }) =>
          (witness) =>
            witness.system.gpu === system.gpu || witness.system.family === system.family,
      );
  }
}

/** The scored situation that a situation of a prediction counts to. */
export function scoredAs(situation: Situation): ScoredSituation {
  return situation === 'unknownPair' ? 'uncalibrated' : situation;
}
