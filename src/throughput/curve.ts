import type { SourceId } from '../evidence/source.ts';
import { daysBetween } from '../units/time.ts';
import type { LoadPoint } from './loadPoint.ts';
import type { Measurement } from './measurement.ts';

/** A measured load point as used: output tokens per second of the whole deployment. */
interface CurvePoint {
  readonly concurrency: number;
  readonly outputTokensPerSecond: number;
  readonly tpotMs: number | null;
}

/** Measurements of one configuration and shape, ascending in concurrency. */
export interface Curve extends Pick<Measurement, 'format' | 'engine' | 'engineVersion' | 'gpu' | 'gpus' | 'tp' | 'pp' | 'ep'> {
  readonly key: string;
  readonly shape: LoadPoint;
  readonly points: readonly CurvePoint[];
  /** Whether every point states its throughput or the latencies that imply it; else the wait for the first token is missing. */
  readonly complete: boolean;
  /** Of the newest of its measurements, and of the oldest. */
  readonly date: string;
  readonly oldestDate: string;
  readonly source: SourceId;
}

const IDENTITY_TOLERANCE = 0.1;

/** Days after which engines have usually become faster than a measurement says. */
export const STALE_DAYS = 180;

/** Whether a measurement of this date is too old to speak for the engines of a day; without a date it is. */
export function isStale(date: string, asOf: string): boolean {
  return !(daysBetween(date, asOf) <= STALE_DAYS);
}

/**
 * Output tokens per second of a closed loop: `concurrency * output / (TTFT + output * TPOT)`.
 *
 * @param row needs TTFT and TPOT in milliseconds
 * @returns tokens per second of the whole deployment, or null where a latency is missing
 */
export function closedLoopThroughput({ concurrency, outputTokens, ttftMs, tpotMs }: Measurement): number | null {
  if (ttftMs === null || tpotMs === null) return null;
  return (concurrency * outputTokens * 1000) / (ttftMs + outputTokens * tpotMs);
}

/**
 * The stated throughput, or the one that the latencies imply; null where the two contradict each other: a cold or saturated run.
 * Without TTFT the wait for the first token counts as none, which is a few per cent too fast.
 */
function trustedThroughput(row: Measurement): number | null {
  const implied = closedLoopThroughput(row);
  const stated = row.outputTokensPerSecond;
  if (stated !== null && implied !== null) return Math.abs(stated / implied - 1) <= IDENTITY_TOLERANCE ? stated : null;
  return stated ?? implied ?? closedLoopThroughput({ ...row, ttftMs: 0 });
}

function curveKey(row: Measurement): string {
  const { family, format, engine, engineVersion, gpu, gpus, tp, pp, ep, inputTokens, outputTokens, reuse } = row;
  return [
    family,
    format,
    engine,
    engineVersion || '?',
    gpu,
    gpus,
    `tp${tp}`,
    `pp${pp}`,
    `ep${ep}`,
    `${inputTokens}/${outputTokens}`,
    reuse,
  ].join(' ');
}

function curveOf(key: string, rows: readonly Measurement[]): Curve | null {
  const newest = new Map<number, { row: Measurement; point: CurvePoint }>();
  for (const row of [...rows].sort((a, b) => a.date.localeCompare(b.date) || a.id.localeCompare(b.id))) {
    const outputTokensPerSecond = trustedThroughput(row);
    if (outputTokensPerSecond === null) continue;
    newest.set(row.concurrency, { row, point: { concurrency: row.concurrency, outputTokensPerSecond, tpotMs: row.tpotMs } });
  }
  const used = [...newest.values()].sort((a, b) => a.point.concurrency - b.point.concurrency);
  const byDate = used.map(({ row }) => row).sort((a, b) => b.date.localeCompare(a.date));
  const [last] = byDate;
  if (!last) return null;
  const oldestDate = byDate.at(-1)?.date ?? last.date;
  const { format, engine, engineVersion, gpu, gpus, tp, pp, ep, inputTokens, outputTokens, reuse, date, source } = last;
  const shape = { inputTokens, outputTokens, reuse };
  const complete = byDate.every((row) => row.outputTokensPerSecond !== null || row.ttftMs !== null);
  return {
    key,
    format,
    engine,
    engineVersion,
    gpu,
    gpus,
    tp,
    pp,
    ep,
    shape,
    points: used.map(({ point }) => point),
    date,
    complete,
    oldestDate,
    source,
  };
}

/**
 * Groups measurements into curves: same family, format, engine, version, GPU, layout and shape, without speculation.
 * Of two runs at one concurrency the newer counts; a run whose throughput contradicts its latencies by more than 10 % counts not at all.
 *
 * @param measurements rows as the catalog holds them
 * @returns curves, newest first
 */
export function curvesOf(measurements: readonly Measurement[]): Curve[] {
  const groups = new Map<string, Measurement[]>();
  for (const row of measurements) {
    if (row.speculation !== 'none') continue;
    const key = curveKey(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups]
    .map(([key, rows]) => curveOf(key, rows))
    .filter((curve) => curve !== null)
    .sort((a, b) => b.date.localeCompare(a.date) || a.key.localeCompare(b.key));
}

/** The lowest and highest measured concurrency. */
export function concurrencyRange({ points }: Curve): readonly [low: number, high: number] {
  return [points[0]?.concurrency ?? 0, points.at(-1)?.concurrency ?? 0];
}

function readBetween(points: readonly CurvePoint[], concurrency: number, quantity: (point: CurvePoint) => number | null): number | null {
  const above = points.find((point) => point.concurrency >= concurrency);
  const below = points.findLast((point) => point.concurrency <= concurrency);
  if (!above || !below) return null;
  const [from, to] = [quantity(below), quantity(above)];
  if (from === null || to === null) return null;
  if (above === below) return to;
  return from * (to / from) ** (Math.log(concurrency / below.concurrency) / Math.log(above.concurrency / below.concurrency));
}

/**
 * Output tokens per second at a concurrency, straight between the measured points on logarithmic axes.
 *
 * @param concurrency sequences in flight
 * @returns tokens per second of the whole deployment; null outside the measured range: a curve is never extended
 * @example throughputAt(curve, 32) // between the points at 16 and 64
 */
export function throughputAt(curve: Curve, concurrency: number): number | null {
  return readBetween(curve.points, concurrency, (point) => point.outputTokensPerSecond);
}

/** Time per output token at a concurrency, in milliseconds, read like the throughput; null where it was not measured. */
export function tpotAt(curve: Curve, concurrency: number): number | null {
  return readBetween(curve.points, concurrency, (point) => point.tpotMs);
}
