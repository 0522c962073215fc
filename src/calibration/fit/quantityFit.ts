import { type Coefficients, coefficientsOf } from '../../throughput/coefficients.ts';
import { deviationOf, levelsOf, type System } from '../../throughput/effects.ts';
import { BlockCholesky } from '../../throughput/fitting/blockCholesky.ts';
import type { FitPlan, FitRow } from '../../throughput/fitting/effectFit.ts';
import { modelled } from '../../throughput/stepModel.ts';

/** A measured quantity with the terms that explain it, and how exactly it is known: the variance of its logarithm. */
export interface FitPoint extends FitRow {
  readonly sampling: number;
}

/** The coefficients of one quantity, fitted to the points of one system. */
export interface QuantityFit {
  readonly terms: readonly string[];
  /** Logarithms of the coefficients, and of the shipped ones from which the fit began. */
  readonly logs: readonly number[];
  readonly shipped: readonly number[];
  /** Of the logarithms, row by row. */
  readonly covariance: readonly number[];
  /** Standard deviation of whole runs from the fit, in the logarithm, beyond what few answers explain. */
  readonly deviation: number;
  /** Degrees of freedom of that deviation. */
  readonly freedom: number;
  readonly points: number;
}

const MOST_ROUNDS = 60;
const LONGEST_STEP = 0.7;
const PRECISE = 1e-4;
/** Deviations beyond which a point soon loses its weight (Cauchy), and what that costs: variance of the fit over that of least squares. */
const FAR = 2;
const ROBUST_VARIANCE = 1.08;
/** No run repeats itself more closely. */
const LEAST_DEVIATION = 0.002;
const LEAST_FREEDOM = 1;

/** `s' C s` */
export function varianceOf(covariance: readonly number[], slopes: readonly number[]): number {
  const size = slopes.length;
  return slopes.reduce((sum, a, row) => sum + slopes.reduce((part, b, at) => part + a * b * (covariance[row * size + at] ?? 0), 0), 0);
}

/** How far the coefficients of a system are likely to lie from the shipped ones: all its levels together. */
function priorVariance(system: System): number {
  return levelsOf(system).reduce((sum, level) => sum + deviationOf(level) ** 2, 0);
}

interface Slope {
  readonly residual: number;
  readonly slopes: readonly number[];
  readonly sampling: number;
}

function slopesOf(points: readonly FitPoint[], logs: readonly number[], { combination }: FitPlan): Slope[] {
  return points.map(({ times, measuredMs, sampling }) => {
    const { value, slopes } = modelled(times, logs, combination);
    return { residual: Math.log(measuredMs / value), slopes, sampling };
  });
}

/** `sum(w s s') + I / prior` as a factor, and the gradient beside it. */
function normalOf(points: readonly Slope[], weight: (point: Slope) => number, moved: readonly number[], prior: number) {
  const size = moved.length;
  const matrix = new Float64Array(size * size);
  const gradient = Float64Array.from(moved, (move) => -move / prior);
  for (let at = 0; at < size; at++) matrix[at * size + at] = 1 / prior;
  for (const point of points) {
    const { residual, slopes } = point;
    const weighed = weight(point);
    slopes.forEach((slope, row) => {
      gradient[row] = (gradient[row] ?? 0) + weighed * slope * residual;
      for (let at = 0; at <= row; at++) matrix[row * size + at] = (matrix[row * size + at] ?? 0) + weighed * slope * (slopes[at] ?? 0);
    });
  }
  return { factor: new BlockCholesky(matrix, 1, size), gradient };
}

function inverse(factor: BlockCholesky, size: number): number[] {
  const columns = Array.from({ length: size }, (_, at) => {
    const column = new Float64Array(size);
    column[at] = 1;
    factor.forward(column);
    factor.backward(column);
    return column;
  });
  return columns.flatMap((column) => [...column]);
}

/** Variance of runs at which the points scatter as much as they should: `sum(r^2 / (variance + sampling)) = freedom` (Paule and Mandel). */
function scatter(points: readonly Slope[], freedom: number): number {
  const excess = (variance: number) =>
    points.reduce((sum, { residual, sampling }) => sum + residual ** 2 / (variance + sampling), 0) - freedom;
  let [low, high] = [LEAST_DEVIATION ** 2, 4];
  if (excess(low) <= 0) return low;
  for (let halving = 0; halving < 60; halving++) {
    const middle = Math.sqrt(low * high);
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Fits the coefficients of one quantity to the points of one system, drawn to the shipped ones, which hold it where the points say
 * nothing: minimises `sum(4 ln(1 + (r / 2d)^2)) + sum((log - shipped)^2 / prior variance)` with `d^2 = s^2 + sampling variance` by damped
 * Gauss-Newton. How far whole runs scatter, `s`, is found from the points themselves.
 *
 * @param rows measured quantities of one system, with the terms that explain them
 * @param shipped coefficients of all systems
 */
export function fitQuantity(rows: readonly FitPoint[], plan: FitPlan, shipped: Coefficients, system: System): QuantityFit {
  const before = coefficientsOf(shipped, system);
  const prior = priorVariance(system);
  let variance = plan.usualError ** 2;
  let freedom = LEAST_FREEDOM;
  let logs: readonly number[] = before;
  let covariance: readonly number[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const scale = variance;
    const moved = () => logs.map((log, at) => log - (before[at] ?? 0));
    const weight = ({ residual, sampling }: Slope) => 1 / (scale + sampling + (residual / FAR) ** 2);
    const { factor, gradient } = normalOf(slopesOf(rows, logs, plan), weight, moved(), prior);
    factor.forward(gradient);
    factor.backward(gradient);
    const longest = gradient.reduce((most, move) => Math.max(most, Math.abs(move)), 0);
    const damping = Math.min(1, LONGEST_STEP / longest);
    logs = logs.map((log, at) => log + damping * (gradient[at] ?? 0));
    const points = slopesOf(rows, logs, plan);
    const known = ({ sampling }: Slope) => 1 / (ROBUST_VARIANCE * (scale + sampling));
    covariance = inverse(normalOf(points, known, moved(), prior).factor, before.length);
    const leverage = points.reduce((sum, { slopes, sampling }) => sum + varianceOf(covariance, slopes) / (scale + sampling), 0);
    freedom = Math.max(LEAST_FREEDOM, rows.length - leverage);
    variance = scatter(points, freedom);
    if (longest < PRECISE && Math.abs(variance / scale - 1) < PRECISE) break;
  }
  return { terms: plan.terms, logs, shipped: before, covariance, deviation: Math.sqrt(variance), freedom, points: rows.length };
}
