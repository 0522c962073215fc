import type { SourceId } from '../evidence/source.ts';
import { type Layout, replicaGpus } from '../layout/layout.ts';
import { daysBetween } from '../units/time.ts';
import type { LoadPoint } from './loadPoint.ts';
import type { Measurement } from './measurement.ts';

/** A measured load point as used. */
export interface CurvePoint {
  readonly id: string;
  readonly concurrency: number;
  readonly tpotMs: number;
  /** null where it was not measured. */
  readonly ttftMs: number | null;
}

/** What a curve is measured on: of its measurements all but the load and the figures. */
type Configuration = Pick<
  Measurement,
  'family' | 'format' | 'kvCacheDtype' | 'engine' | 'engineVersion' | 'gpu' | 'gpus' | 'speculation' | 'prefillGpus'
>;

/** Measurements of one configuration and shape, ascending in concurrency, times per token never falling. */
export interface Curve extends Configuration {
  readonly key: string;
  /** The model of the family that was measured last. */
  readonly model: string;
  readonly layout: Layout;
  readonly shape: LoadPoint;
  readonly points: readonly CurvePoint[];
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
 * @param row TTFT and TPOT in milliseconds
 * @returns tokens per second of the whole deployment
 * @example closedLoopThroughput({ concurrency: 64, outputTokens: 1024, ttftMs: 2000, tpotMs: 60 }).toFixed(0) // '1033'
 */
export function closedLoopThroughput(row: {
  readonly concurrency: number;
  readonly outputTokens: number;
  readonly ttftMs: number;
  readonly tpotMs: number;
}): number {
  return (row.concurrency * row.outputTokens * 1000) / (row.ttftMs + row.outputTokens * row.tpotMs);
}

/** `0.25.1` and `0.25.0` count as one version, `vllm-v0.25.1-nightly` as 0.25 too. */
export function minorVersion(text: string): string {
  return /(\d+\.\d+)/.exec(text)?.[1] ?? text;
}

/** Whether rate, TTFT and TPOT of a measurement agree within 10 %: a cold or saturated run does not. */
export function isConsistent({ concurrency, outputTokens, ttftMs, tpotMs, outputTokensPerSecond }: Measurement): boolean {
  if (ttftMs === null || tpotMs === null || outputTokensPerSecond === null) return true;
  const implied = closedLoopThroughput({ concurrency, outputTokens, ttftMs, tpotMs });
  return Math.abs(outputTokensPerSecond / implied - 1) <= IDENTITY_TOLERANCE;
}

/** Whether a run waited longer for first tokens than for all others: a full queue, which says nothing of the speed of a step. */
export function isSaturated({ ttftMs, tpotMs, outputTokens }: Measurement): boolean {
  return ttftMs !== null && tpotMs !== null && ttftMs > outputTokens * tpotMs;
}

/**
 * The time per token that rate and TTFT imply: `concurrency / rate - TTFT / output`; a few per cent too long where TTFT is unknown.
 *
 * @returns milliseconds; null without a rate
 * @example impliedTpotMs({ concurrency: 64, outputTokens: 1024, ttftMs: 2048, outputTokensPerSecond: 1000 }) // 62
 */
export function impliedTpotMs({
  ttftMs,
  concurrency,
  outputTokens,
  outputTokensPerSecond,
}: Pick<Measurement, 'ttftMs' | 'concurrency' | 'outputTokens' | 'outputTokensPerSecond'>): number | null {
  return outputTokensPerSecond === null ? null : (1000 * concurrency) / outputTokensPerSecond - (ttftMs ?? 0) / outputTokens;
}

function tpotOf(row: Measurement): number | null {
  return row.tpotMs ?? impliedTpotMs(row);
}

/** The layout of a measured deployment. */
export function layoutOf({ tp, pp, ep, attentionDp, dcp }: Measurement): Layout {
  return { tp, pp, dp: 1, ep, dcp, attentionDp };
}

/** A layout as far as it decides the speed. */
export function layoutIdentity(layout: Layout): string {
  return `${replicaGpus(layout)} tp${layout.tp} pp${layout.pp} ep${layout.ep} adp${layout.attentionDp} dcp${layout.dcp}`;
}

function curveKey(row: Measurement): string {
  const { family, format, kvCacheDtype, engine, engineVersion, gpu, speculation, prefillGpus, inputTokens, outputTokens, reuse } = row;
  const configuration = [family, format, kvCacheDtype, engine, engineVersion, gpu, row.gpus, layoutIdentity(layoutOf(row))];
  const laboratory = row.source === 'user' ? 'own' : 'shipped';
  return [laboratory, ...configuration, speculation, `prefill${prefillGpus}`, `${inputTokens}/${outputTokens}`, reuse].join('|');
}

/** Pools neighbours until times per token never fall with concurrency (isotonic regression in the logarithm). */
function neverFalling(points: readonly CurvePoint[]): CurvePoint[] {
  const pools: { log: number; points: CurvePoint[] }[] = [];
  for (const point of points) {
    pools.push({ log: Math.log(point.tpotMs), points: [point] });
    for (;;) {
      const [before, last] = [pools.at(-2), pools.at(-1)];
      if (!before || !last || before.log <= last.log) break;
      const count = before.points.length + last.points.length;
      const log = (before.log * before.points.length + last.log * last.points.length) / count;
      pools.splice(-2, 2, { log, points: [...before.points, ...last.points] });
    }
  }
  return pools.flatMap(({ log, points: pooled }) =>
    pooled.length === 1 ? pooled : pooled.map((point) => ({ ...point, tpotMs: Math.exp(log) })),
  );
}

function curveOf(key: string, rows: readonly Measurement[]): Curve | null {
  const newest = new Map<number, { row: Measurement; point: CurvePoint }>();
  for (const row of [...rows].sort((a, b) => a.date.localeCompare(b.date) || a.id.localeCompare(b.id))) {
    const tpotMs = tpotOf(row);
    if (tpotMs === null || tpotMs <= 0) continue;
    newest.set(row.concurrency, { row, point: { id: row.id, concurrency: row.concurrency, tpotMs, ttftMs: row.ttftMs } });
  }
  const used = [...newest.values()].sort((a, b) => a.point.concurrency - b.point.concurrency);
  const byDate = used.map(({ row }) => row).sort((a, b) => b.date.localeCompare(a.date));
  const [last] = byDate;
  if (!last) return null;
  const { family, format, kvCacheDtype, engine, engineVersion, gpu, gpus, speculation, prefillGpus, date, source } = last;
  return {
    key,
    model: last.model,
    family,
    format,
    kvCacheDtype,
    engine,
    engineVersion,
    gpu,
    gpus,
    speculation,
    prefillGpus,
    layout: layoutOf(last),
    shape: { inputTokens: last.inputTokens, outputTokens: last.outputTokens, reuse: last.reuse },
    points: neverFalling(used.map(({ point }) => point)),
    date,
    oldestDate: byDate.at(-1)?.date ?? date,
    source,
  };
}

/**
 * Groups measurements into curves, the user's own apart: same family, format, KV cache dtype, engine, version, GPU, layout, shape, speculation and prefill GPUs.
 * Of two runs at one concurrency the newer counts; a run whose throughput contradicts its latencies by more than 10 %, or whose queue was
 * full, counts not at all.
 * Where a time per token falls with concurrency, which is noise, neighbours are pooled.
 *
 * @param measurements rows as the catalog holds them
 * @returns curves, newest first
 */
export function curvesOf(measurements: readonly Measurement[]): Curve[] {
  const groups = new Map<string, Measurement[]>();
  for (const row of measurements) {
    if (!isConsistent(row) || isSaturated(row)) continue;
    const key = curveKey(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
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

/**
 * A quantity of a curve at a concurrency, through the measured points, with the shape of the model between them:
 * `ln y = ln y0 + (ln y1 - ln y0) * (ln m - ln m0) / (ln m1 - ln m0)`, which rises where `y1 >= y0` because the model does.
 *
 * @param quantity of a point; null where it was not measured
 * @param model the same quantity by the step-time model, at any concurrency
 * @returns null outside the measured range or where a neighbour lacks the quantity: a curve is never extended
 */
export function readCurve(
  { points }: Curve,
  concurrency: number,
  quantity: (point: CurvePoint) => number | null,
  model: (concurrency: number) => number,
): number | null {
  const above = points.find((point) => point.concurrency >= concurrency);
  const below = points.findLast((point) => point.concurrency <= concurrency);
  if (!above || !below) return null;
  const [from, to] = [quantity(below), quantity(above)];
  if (from === null || to === null) return null;
  if (above === below) return to;
  const [first, last] = [Math.log(model(below.concurrency)), Math.log(model(above.concurrency))];
  const straight = Math.log(concurrency / below.concurrency) / Math.log(above.concurrency / below.concurrency);
  const share = last - first > MODEL_RISE ? (Math.log(model(concurrency)) - first) / (last - first) : straight;
  return from * (to / from) ** share;
}

/** Where the model rises less than this between two points, it says nothing of the shape. */
const MODEL_RISE = 0.02;
