import { Fault } from '../../faults/fault.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { agreed } from './agreed.ts';
import type { BenchFlags } from './benchFlags.ts';
import { benchIdentity } from './benchIdentity.ts';
import { type CountedLayout, completeLayout, countedLayout } from './benchLayout.ts';
import type { BenchRun, TimeSpread } from './benchRun.ts';
import { type ClosedLoop, checkLittlesLaw, impliedConcurrency, TOLERANCE } from './littlesLaw.ts';
import { atSixDecimals, identified, type MeasurementRow, sourceOf } from './measurementRow.ts';

/** Median and mean of one time that are further apart are in two units. */
const OTHER_UNIT = 300;
/** Shares of failed requests from which they are told, and from which a run says nothing. */
const TOLD_FAILURES = 0.05;
const MOST_FAILURES = 0.5;
/** By how much a length that was asked for may differ from the one that was measured. */
const SAME_LENGTH = 0.05;

/** A file that runs were read from. */
export interface BenchOrigin {
  readonly path: string;
  /** ISO day on which it was last changed. */
  readonly modified: string;
}

/** A row, and what was taken for given in it. */
export interface BenchMeasurement {
  readonly row: MeasurementRow;
  readonly assumed: readonly string[];
}

function checkUnits({ where, ttft, tpot, latency }: BenchRun): void {
  const times: readonly (readonly [string, TimeSpread])[] = [
    ['TTFT', ttft],
    ['TPOT', tpot],
    ['request latency', latency],
  ];
  for (const [name, { median, mean }] of times) {
    if (median === null || mean === null || Math.abs(Math.log(median / mean)) < Math.log(OTHER_UNIT)) continue;
    throw new Fault('contradiction', `the mean is ${mean}, so one of the two is in another unit`, {
      where: `${where}: median ${name}`,
      value: median,
      allowed: 'median and mean in one unit',
    });
  }
}

/** What is to be told about requests that failed. */
function failureNotes({ where, completed, failed }: BenchRun): string[] {
  if (failed === null || failed === 0 || completed === null) return [];
  const share = failed / (failed + completed);
  if (share > MOST_FAILURES)
    throw new Fault('invalid', 'most requests failed', {
      where: `${where}: failed`,
      value: failed,
      allowed: `at most half of the ${failed + completed} requests`,
    });
  return share > TOLD_FAILURES ? [`${failed} of ${failed + completed} requests failed`] : [];
}

/** The mean tokens of one kind: as measured, or as an option says where the file gives no mean of its own. */
function tokensOf(run: BenchRun, asked: number | null, stated: number | null, flag: string): number {
  const same = (a: number, b: number) => Math.abs(a / b - 1) <= SAME_LENGTH;
  const tokens = agreed(asked, stated, { flag, where: run.where, same, words: (value) => String(Number(value.toFixed(1))) });
  if (tokens !== null) return stated ?? tokens;
  throw new Fault('missing', 'the file does not say how long the requests were', {
    where: `${run.where}: ${flag}`,
    allowed: 'the mean tokens per request',
  });
}

function loopOf(run: BenchRun, outputTokensPerSecond: number, outputTokens: number): ClosedLoop {
  const { ttft, tpot, latency } = run;
  const measured = run.nominalLengths ? null : outputTokensPerSecond / outputTokens;
  return {
    outputTokensPerSecond,
    outputTokens,
    requestsPerSecond: run.requestsPerSecond ?? measured,
    latencyMs: latency.mean ?? latency.median,
    ttftMs: ttft.mean ?? ttft.median,
    tpotMs: tpot.mean ?? tpot.median,
  };
}

interface InFlight {
  readonly concurrency: number;
  readonly notes: readonly string[];
}

/** The limit on requests in flight where it was reached, else their mean: a rate may keep a run below its limit. */
function concurrencyOf({ load, where }: BenchRun, asked: number | null, loop: ClosedLoop): InFlight {
  const limit = agreed(asked, load.maxConcurrency, { flag: '--concurrency', where });
  const mean = load.meanConcurrency ?? impliedConcurrency(loop)[0] ?? null;
  const reached = limit !== null && (mean === null || Math.abs(mean / limit - 1) <= TOLERANCE);
  if (limit !== null && (asked !== null || reached || !load.openLoop)) return { concurrency: limit, notes: [] };
  if (mean === null)
    throw new Fault('missing', 'nothing says how many requests were in flight', {
      where: `${where}: --concurrency`,
      allowed: 'the limit on requests in flight',
    });
  return { concurrency: atSixDecimals(Number(mean.toPrecision(4))), notes: ['concurrency is the measured mean'] };
}

type Times = Pick<MeasurementRow, 'ttftMs' | 'tpotMs' | 'statistic'>;

/** The statistic that all times of the run have, medians before means; a run that was not streamed has no times. */
function timesOf({ ttft, tpot, where }: BenchRun): Times {
  const inRow = (value: number | null) => (value === null ? null : atSixDecimals(value));
  const spreads = [ttft, tpot].filter(({ median, mean }) => median !== null || mean !== null);
  const statistic = (['median', 'mean'] as const).find((name) => spreads.every((spread) => spread[name] !== null));
  if (statistic) return { ttftMs: inRow(ttft[statistic]), tpotMs: inRow(tpot[statistic]), statistic };
  throw new Fault('missing', 'of one time only the median is there, of the other only the mean', {
    where: `${where}: TTFT, TPOT`,
    allowed: 'medians of both, or means of both',
  });
}

/** Refuses figures of which nothing is left at the digits of a row. */
function checkPlausible(row: Readonly<Record<string, unknown>>, where: string): void {
  for (const name of ['inputTokens', 'outputTokens', 'concurrency', 'outputTokensPerSecond', 'ttftMs', 'tpotMs']) {
    if (row[name] === null || Number(row[name]) > 0) continue;
    throw new Fault('invalid', 'too small to have been measured', {
      where: `${where}: ${name}`,
      value: row[name],
      allowed: 'at least 1e-6',
    });
  }
}

function countNotes({ replacedGpus, gpus }: CountedLayout): string[] {
  return replacedGpus === null ? [] : [`the file counts ${replacedGpus} GPUs; by Little's law it was ${gpus}`];
}

/**
 * The row of a run: file and options together, units checked, and figures held against Little's law.
 *
 * @param run as the file states it
 * @param flags what the options say beside it
 * @param catalog where models and GPUs have their ids
 * @param origin the file
 * @throws Fault naming file, field, value and what is allowed
 */
export function benchMeasurement(run: BenchRun, flags: BenchFlags, catalog: Catalog, origin: BenchOrigin): BenchMeasurement {
  checkUnits(run);
  const failures = failureNotes(run);
  const { assumed, ...identity } = benchIdentity(run, flags, catalog);
  const counted = countedLayout(run, flags);
  const decodeGpus = counted.gpus - counted.prefillGpus;
  const outputTokensPerSecond = run.output.tokensPerSecond * (run.output.per === 'decode GPU' ? decodeGpus : 1);
  const inputTokens = tokensOf(run, flags.inputTokens, run.inputTokens, '--isl');
  const outputTokens = tokensOf(run, flags.outputTokens, run.outputTokens, '--osl');
  const loop = loopOf(run, outputTokensPerSecond, outputTokens);
  const times = timesOf(run);
  const { concurrency, notes } = concurrencyOf(run, flags.concurrency, loop);
  checkLittlesLaw(loop, concurrency, run.output.per === 'decode GPU' ? counted : null, run.where);
  const date = agreed(flags.date, run.date, { flag: '--date', where: run.where });
  const unchecked = impliedConcurrency(loop).length === 0;
  const row = {
    ...identity,
    ...completeLayout(counted, run.where),
    inputTokens: atSixDecimals(inputTokens),
    outputTokens: atSixDecimals(outputTokens),
    concurrency,
    outputTokensPerSecond: atSixDecimals(outputTokensPerSecond),
    ...times,
    date: date ?? origin.modified,
    source: sourceOf(run.tool, origin.path),
    note: [
      ...run.notes,
      ...failures,
      ...notes,
      ...countNotes(counted),
      ...(run.nominalLengths ? ['nominal lengths'] : []),
      ...(times.ttftMs === null && times.tpotMs === null ? ['no TTFT and no TPOT'] : []),
      ...(unchecked ? ["too few figures to check Little's law"] : []),
    ].join('; '),
  };
  checkPlausible(row, run.where);
  return {
    row: identified(row, run.tool),
    assumed: [...assumed, ...(date === null ? ['date of a run that states none: that of its file'] : [])],
  };
}
