import type { OverheadFit } from '../../engine/engine.ts';
import { quantileOf } from '../../evidence/quantileOf.ts';
import { overheadParts, sumOfParts } from '../../memory/overhead.ts';
import { planMemory } from '../../memory/plan.ts';
import { layersOf } from '../../model/layers.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { GIB } from '../../units/bytes.ts';
import { isReadable, rowDeployment } from '../observed/rowDeployment.ts';
import type { StartupRow } from '../observed/startupRow.ts';
import { loggedOverheadGiB } from '../score/rowFigures.ts';
import { medianOf } from '../statistics.ts';
import { type Equation, solve } from './leastSquares.ts';
import { nearestLog, type Observed } from './nearestLog.ts';
import {
  fitOf,
  linearised,
  PRIORS,
  RANGES,
  type ReleaseRange,
  rangeOf,
  type Solution,
  type Spread,
  UNKNOWNS,
  type Unknown,
} from './overheadModel.ts';

type Vendor = keyof typeof PRIORS;

/** A row whose overhead the fit learns from. */
interface Case extends Observed {
  readonly vendor: Vendor;
  readonly range: ReleaseRange;
  readonly overheadGiB: number;
}

/** The constants of one vendor and range of releases, with what they are worth. */
export interface FittedRange {
  readonly fit: OverheadFit;
  /** Rows of the same sampler and vendor, from which the spread was taken. */
  readonly rows: number;
  /** Errors when each model is left out in turn, GiB. */
  readonly medianAbsGiB: number;
  readonly p90AbsGiB: number;
}

const SOURCE = 'startup-logs';

function casesOf(rows: readonly StartupRow[], catalog: Catalog): Case[] {
  return rows.flatMap((row) => {
    const reading = rowDeployment(row, catalog);
    if (!isReadable(reading) || !reading.statesRelease) return [];
    const { deployment } = reading;
    const { vendor } = deployment.gpu;
    const range = rangeOf(deployment.release.version);
    if (deployment.release.engine.id !== 'vllm' || !range || (vendor !== 'nvidia' && vendor !== 'amd')) return [];
    const weights = row.weightsGiB ?? planMemory(deployment).weightBytesPerGpu / GIB;
    const overheadGiB = loggedOverheadGiB(row, deployment, weights);
    return overheadGiB === null ? [] : [{ row, deployment, vendor, range, overheadGiB }];
  });
}

/** Graph memory of a vendor's GPUs, GiB per decoder layer, in the middle and at 10 % and 90 %. */
interface Graphs {
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

/** Graph memory that rows print, forks among them; captures that free memory say nothing. */
function graphsPerLayer(vendor: Vendor, rows: readonly StartupRow[], catalog: Catalog): Graphs {
  const printed = rows.flatMap((row) => {
    const gib = Number(/graph (?:capture|estimate) (\d+(?:\.\d+)?)/.exec(row.nonKv)?.[1]);
    const reading = rowDeployment(row, catalog);
    if (!(gib > 0) || !isReadable(reading) || reading.deployment.gpu.vendor !== vendor) return [];
    return [gib / layersOf(reading.deployment.model.architecture).length];
  });
  if (printed.length === 0) return { low: 0, value: 0, high: 0 };
  return { low: quantileOf(printed, 0.1), value: medianOf(printed), high: quantileOf(printed, 0.9) };
}

const NO_SPREAD: Spread = { graphsGiBPerLayer: 0, lowGiB: 0, highGiB: 0, calibratedLowGiB: 0, calibratedHighGiB: 0 };

function solutionOf(values: readonly number[]): Solution {
  return Object.fromEntries(UNKNOWNS.map((unknown, index) => [unknown, values[index] ?? 0])) as Record<Unknown, number>;
}

function predicted({ deployment, range, vendor }: Case, solution: Solution, graphs: number): number {
  const fit = fitOf(range, solution, vendor, { ...NO_SPREAD, graphsGiBPerLayer: graphs }, SOURCE);
  return sumOfParts(overheadParts(deployment, fit)) / GIB;
}

/** Spread of one equation, and the error beyond which a row loses weight, GiB. */
const NOISE_GIB = 0.5;
const OUTLIER_GIB = 1;
const ROUNDS = 60;

/** How many rows tell of the same model, GPU and range: together they count as their square root. */
function siblings(one: Case, cases: readonly Case[]): number {
  return cases.filter(
    ({ deployment, range }) => deployment.model === one.deployment.model && deployment.gpu === one.deployment.gpu && range === one.range,
  ).length;
}

/** Solves for the unknowns of a vendor, taking turns with which of forward pass and sampler leads in each row. */
function solveFor(vendor: Vendor, cases: readonly Case[], graphs: number): Solution {
  const priors = UNKNOWNS.map((unknown) => PRIORS[vendor][unknown]);
  let solution = solutionOf(priors.map(({ mean }) => mean));
  for (let round = 0; round < ROUNDS; round++) {
    const equations = cases.map((one): Equation => {
      const fit = fitOf(one.range, solution, vendor, { ...NO_SPREAD, graphsGiBPerLayer: graphs }, SOURCE);
      const { coefficients, constant } = linearised(one.deployment, fit, one.range);
      const error = Math.abs(one.overheadGiB - predicted(one, solution, graphs));
      const trust = Math.sqrt(Math.min(1, OUTLIER_GIB / error)) / siblings(one, cases) ** 0.25;
      return { coefficients, value: one.overheadGiB - constant, weight: trust / NOISE_GIB };
    });
    const next = solve(equations, priors);
    solution = solutionOf(UNKNOWNS.map((unknown, index) => (solution[unknown] + (next[index] ?? 0)) / 2));
  }
  return solution;
}

interface Residual {
  readonly one: Case;
  /** Logged less predicted by a fit that has not seen the model, GiB. */
  readonly gib: number;
}

function leftOutResiduals(vendor: Vendor, cases: readonly Case[], graphs: number): Residual[] {
  const models = [...new Set(cases.map(({ deployment }) => deployment.model))];
  return models.flatMap((model) => {
    const others = cases.filter(({ deployment }) => deployment.model !== model);
    const solution = solveFor(vendor, others, graphs);
    return cases
      .filter(({ deployment }) => deployment.model === model)
      .map((one) => ({ one, gib: one.overheadGiB - predicted(one, solution, graphs) }));
  });
}

/** Ends of a band that holds 80 % of further cases: ranks of the residuals as split-conformal prediction takes them. */
function bandOf(residuals: readonly number[]): readonly [low: number, high: number] {
  const n = residuals.length;
  if (n < 2) return [Number.NaN, Number.NaN];
  const place = (share: number) => Math.min(1, Math.max(0, ((n + 1) * share - 1) / (n - 1)));
  return [Math.min(0, quantileOf(residuals, place(0.1))), Math.max(0, quantileOf(residuals, place(0.9)))];
}

/** Residuals that remain once the nearest other log of the same model and GPU has moved the formula. */
function calibratedResiduals(residuals: readonly Residual[]): number[] {
  const cases = residuals.map(({ one, gib }) => ({ ...one, gib }));
  return cases.flatMap((one) => {
    const log = nearestLog(one, cases);
    return log ? [one.gib - log.gib] : [];
  });
}

/** Decoder layers of the models that most deployments serve, by which the spread of graph memory is carried into a band. */
const USUAL_LAYERS = 60;

/** A band with a further, independent deviation. */
function widened(end: number, deviation: number): number {
  return Math.sign(end || deviation) * Math.hypot(end, deviation);
}

function rounded(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}

function fittedRange(range: ReleaseRange, vendor: Vendor, solution: Solution, graphs: Graphs, residuals: readonly Residual[]): FittedRange {
  const own = residuals.filter(({ one }) => one.range.sampler === range.sampler);
  const taken = own.length >= FEWEST_ROWS ? own : residuals;
  const [low, high] = bandOf(taken.map(({ gib }) => gib));
  const [calibratedLowGiB, calibratedHighGiB] = bandOf(calibratedResiduals(residuals));
  const counted = range.graphsCounted ? USUAL_LAYERS : 0;
  const spread = {
    graphsGiBPerLayer: graphs.value,
    lowGiB: widened(low, counted * (graphs.low - graphs.value)),
    highGiB: widened(high, counted * (graphs.high - graphs.value)),
    calibratedLowGiB,
    calibratedHighGiB,
  };
  const { since, source, graphsCounted, indexerContexts, ...figures } = fitOf(range, solution, vendor, spread, SOURCE);
  const { vendor: _, ...numbers } = figures;
  const sizes = taken.map(({ gib }) => Math.abs(gib));
  return {
    fit: {
      since,
      vendor,
      ...(Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, rounded(value)])) as typeof numbers),
      indexerContexts,
      graphsCounted,
      source,
    },
    rows: taken.length,
    medianAbsGiB: rounded(medianOf(sizes)),
    p90AbsGiB: rounded(quantileOf(sizes, 0.9)),
  };
}

/** Rows that a band needs of its own; with fewer it is taken over all releases of the vendor. */
const FEWEST_ROWS = 8;

/**
 * Fits the constants of vLLM's overhead to start-up logs, vendor by vendor: weighted least squares with non-negative unknowns drawn to
 * their priors, outliers held down, bands from errors on models that a fit has not seen.
 *
 * @param rows observations; those without a release, a memory fraction or printed KV memory teach nothing
 * @returns one entry per vendor and range of releases; same rows, same constants
 */
export function fitOverhead(rows: readonly StartupRow[], catalog: Catalog): FittedRange[] {
  const cases = casesOf(rows, catalog);
  return (Object.keys(PRIORS) as Vendor[]).flatMap((vendor) => {
    const own = cases.filter((one) => one.vendor === vendor);
    if (own.length < FEWEST_ROWS) return [];
    const graphs = graphsPerLayer(vendor, rows, catalog);
    const solution = solveFor(vendor, own, graphs.value);
    const residuals = leftOutResiduals(vendor, own, graphs.value);
    return RANGES.map((range) => fittedRange(range, vendor, solution, graphs, residuals));
  });
}
