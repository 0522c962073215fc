import type { Coefficients } from '../coefficients.ts';
import { COMMON_LEVEL, deviationOf, levelsOf, type System } from '../effects.ts';
import { type Combination, modelled } from '../stepModel.ts';
import { BlockCholesky } from './blockCholesky.ts';

/** One measured quantity with the terms that should explain it. */
export interface FitRow {
  readonly system: System;
  /** Milliseconds at datasheet rates, in the order of the terms. */
  readonly times: readonly number[];
  readonly measuredMs: number;
}

/** How a quantity is fitted. */
export interface FitPlan {
  readonly terms: readonly string[];
  readonly combination: Combination;
  /** Likely coefficients before any data. */
  readonly firstGuess: readonly number[];
  /** Relative error that counts as usual; a row at twice of it has half its weight, one far beyond hardly any (Cauchy). */
  readonly usualError: number;
}

const MOST_STEPS = 12;
const LONGEST_STEP = 0.7;
const PRECISE = 2e-3;
/** Usual errors beyond which a row soon loses its weight. */
const FAR = 2;

interface Normal {
  readonly matrix: Float64Array;
  readonly gradient: Float64Array;
}

/** The unknowns: the effect of every level that occurs on every term; levels of fewest rows first, which keeps the matrix sparse. */
class Unknowns {
  readonly levels: string[] = [];
  readonly places: number[][];
  readonly values: Float64Array;
  readonly prior: Float64Array;
  readonly strength: Float64Array;

  constructor(
    rows: readonly FitRow[],
    readonly plan: FitPlan,
    start?: Coefficients,
  ) {
    const levels = rows.map(({ system }) => levelsOf(system));
    const rarest = levels[0]?.length ?? 0;
    const index = new Map<string, number>();
    for (let kind = rarest - 1; kind >= 0; kind--) {
      for (const of of levels) {
        const level = of[kind] ?? '';
        if (!index.has(level)) index.set(level, this.levels.push(level) - 1);
      }
    }
    this.places = levels.map((of) => of.map((level) => index.get(level) ?? 0));
    const width = plan.terms.length;
    this.values = new Float64Array(this.levels.length * width);
    this.prior = new Float64Array(this.values.length);
    this.strength = new Float64Array(this.values.length);
    this.levels.forEach((level, place) => {
      for (let term = 0; term < width; term++) {
        const at = place * width + term;
        if (level === COMMON_LEVEL) this.prior[at] = Math.log(plan.firstGuess[term] ?? 1);
        this.strength[at] = 1 / deviationOf(level) ** 2;
        this.values[at] = start?.effects[level]?.[term] ?? this.prior[at] ?? 0;
      }
    });
  }

  /** Logarithms of the coefficients that hold for a row. */
  logs(places: readonly number[]): number[] {
    const width = this.plan.terms.length;
    const logs = new Array<number>(width).fill(0);
    for (const place of places)
      for (let term = 0; term < width; term++) logs[term] = (logs[term] ?? 0) + (this.values[place * width + term] ?? 0);
    return logs;
  }
}

/** Adds the slopes of one row to the lower triangle of the normal matrix. */
function accumulate({ matrix, gradient }: Normal, places: readonly number[], slopes: readonly number[], residual: number, weight: number) {
  const width = slopes.length;
  const size = gradient.length;
  for (const first of places) {
    for (let term = 0; term < width; term++) {
      const row = first * width + term;
      const scaled = weight * (slopes[term] ?? 0);
      gradient[row] = (gradient[row] ?? 0) + scaled * residual;
      for (const second of places) {
        if (second > first) continue;
        const last = second === first ? term : width - 1;
        for (let other = 0; other <= last; other++) {
          const at = row * size + second * width + other;
          matrix[at] = (matrix[at] ?? 0) + scaled * (slopes[other] ?? 0);
        }
      }
    }
  }
}

function normalOf(rows: readonly FitRow[], unknowns: Unknowns): Normal {
  const { plan, values, prior, strength, places } = unknowns;
  const size = values.length;
  const normal = { matrix: new Float64Array(size * size), gradient: new Float64Array(size) };
  rows.forEach(({ times, measuredMs }, index) => {
    const at = places[index] ?? [];
    const { value, slopes } = modelled(times, unknowns.logs(at), plan.combination);
    const residual = Math.log(measuredMs / value);
    const far = residual / (FAR * plan.usualError);
    accumulate(normal, at, slopes, residual, 1 / plan.usualError ** 2 / (1 + far ** 2));
  });
  for (let at = 0; at < size; at++) {
    normal.matrix[at * size + at] = (normal.matrix[at * size + at] ?? 0) + (strength[at] ?? 0);
    normal.gradient[at] = (normal.gradient[at] ?? 0) + (strength[at] ?? 0) * ((prior[at] ?? 0) - (values[at] ?? 0));
  }
  return normal;
}

/** Covariance of the coefficients of one system: the columns of `inverse(A)` that its levels add up. */
function covarianceOf(factor: BlockCholesky, size: number, places: readonly number[], width: number): number[] {
  const columns = Array.from({ length: width }, (_, term) => {
    const column = new Float64Array(size);
    for (const place of places) column[place * width + term] = 1;
    factor.forward(column);
    return column;
  });
  return columns.flatMap((a) => columns.map((b) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)));
}

function varianceAt(covariance: readonly number[], slopes: readonly number[]): number {
  const width = slopes.length;
  return slopes.reduce(
    (sum, a, row) => sum + slopes.reduce((part, b, column) => part + a * b * (covariance[row * width + column] ?? 0), 0),
    0,
  );
}

function systemsOf(rows: readonly FitRow[], unknowns: Unknowns): Coefficients['systems'] {
  const { plan, places } = unknowns;
  const size = unknowns.values.length;
  const factor = new BlockCholesky(normalOf(rows, unknowns).matrix, unknowns.levels.length, plan.terms.length);
  const bySystem = new Map<string, number[]>();
  rows.forEach(({ system }, index) => {
    const key = levelsOf(system).at(-1) ?? '';
    bySystem.set(key, [...(bySystem.get(key) ?? []), index]);
  });
  return Object.fromEntries(
    [...bySystem].map(([key, members]) => {
      const at = places[members[0] ?? 0] ?? [];
      const covariance = covarianceOf(factor, size, at, plan.terms.length);
      const logs = unknowns.logs(at);
      const variances = members
        .map((index) => varianceAt(covariance, modelled(rows[index]?.times ?? [], logs, plan.combination).slopes))
        .sort((a, b) => a - b);
      return [key, { covariance, typicalVariance: variances[Math.floor(variances.length / 2)] ?? 0 }];
    }),
  );
}

/**
 * Fits coefficients to measured quantities: minimises
 * `sum(4 ln(1 + (ln(measured / modelled) / (2 usual error))^2)) + sum((effect / deviation)^2)`
 * over the effects of all levels, by damped Gauss-Newton. Every effect is drawn to zero (the common ones to the first guess), so that
 * a system with few rows borrows from those that share its GPU, engine, format or model.
 *
 * @param rows measured, above zero
 * @param options `start`: a fit of similar rows to begin from; `covariance: false` leaves the covariance out and saves its time
 * @returns effects by level, and the covariance of each system's coefficients
 */
export function fitEffects(
  rows: readonly FitRow[],
  plan: FitPlan,
  { start, covariance = true }: { readonly start?: Coefficients; readonly covariance?: boolean } = {},
): Coefficients {
  const unknowns = new Unknowns(rows, plan, start);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { matrix, gradient } = normalOf(rows, unknowns);
    const factor = new BlockCholesky(matrix, unknowns.levels.length, plan.terms.length);
    factor.forward(gradient);
    factor.backward(gradient);
    const longest = gradient.reduce((most, move) => Math.max(most, Math.abs(move)), 0);
    const damping = Math.min(1, LONGEST_STEP / longest);
    gradient.forEach((move, at) => {
      unknowns.values[at] = (unknowns.values[at] ?? 0) + damping * move;
    });
    if (longest < PRECISE) break;
  }
  const width = plan.terms.length;
  const effects = Object.fromEntries(
    unknowns.levels.map((level, place) => [level, [...unknowns.values.subarray(place * width, (place + 1) * width)]]),
  );
  return { terms: plan.terms, effects, systems: covariance ? systemsOf(rows, unknowns) : {} };
}
