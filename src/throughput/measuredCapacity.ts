import { estimate } from '../evidence/estimate.ts';
import { replicaGpus } from '../layout/layout.ts';
import { type Capacity, type CapacityQuestion, concurrencyLimit } from './capacityQuestion.ts';
import { type Curve, concurrencyRange, isStale, STALE_DAYS, throughputAt, tpotAt } from './curve.ts';
import { freshTokens, type LoadPoint } from './loadPoint.ts';

/** 90th percentile of the error between measured points of one configuration. */
const SAME_SHAPE_SPREAD = 0.15;
/** 90th percentile of the error at a shape that was not measured itself. */
const NEW_SHAPE_SPREAD = 0.35;
/** 90th percentile of the difference between repeat runs under another version of the engine. */
const OTHER_VERSION_SPREAD = 0.26;
const SHAPE_TOLERANCE = 0.1;
const REUSE_TOLERANCE = 0.02;

function near(a: number, b: number): boolean {
  return Math.abs(a / b - 1) <= SHAPE_TOLERANCE;
}

function sameReuse(curve: Curve, load: LoadPoint): boolean {
  return Math.abs(curve.shape.reuse - load.reuse) <= REUSE_TOLERANCE && near(load.outputTokens, curve.shape.outputTokens);
}

function sameShape(curve: Curve, load: LoadPoint): boolean {
  return sameReuse(curve, load) && near(freshTokens(load), freshTokens(curve.shape));
}

function sameConfiguration(a: Curve, b: Curve): boolean {
  return (
    a.engine === b.engine && a.engineVersion === b.engineVersion && a.gpus === b.gpus && a.tp === b.tp && a.pp === b.pp && a.ep === b.ep
  );
}

function label(curve: Curve): string {
  return `${curve.engine} ${curve.engineVersion || '(version unknown)'}, ${curve.gpus} GPUs, ${curve.date}`;
}

/** `0.25.1` and `0.25.0` count as one version, `vllm-v0.25.1-nightly` as 0.25 too. */
function minorVersion(text: string): string {
  return /(\d+\.\d+)/.exec(text)?.[1] ?? '';
}

/** Spread of a reading: independent relative errors add in quadrature. */
function spread(question: CapacityQuestion, curve: Curve, shapeSpread: number): { factor: number; words: string } {
  const sameVersion = curve.engine === question.engine && minorVersion(curve.engineVersion) === minorVersion(question.engineVersion);
  const fresh = !isStale(curve.date, question.asOf);
  const factor = sameVersion && fresh ? shapeSpread : Math.hypot(shapeSpread, OTHER_VERSION_SPREAD);
  const doubts = [...(sameVersion ? [] : ['another version of the engine']), ...(fresh ? [] : [`over ${STALE_DAYS} days old`])];
  return { factor, words: `±${Math.round(factor * 100)} %${doubts.length > 0 ? `, ${doubts.join(' and ')}` : ''}` };
}

function reading(
  question: CapacityQuestion,
  curves: readonly [Curve, ...Curve[]],
  shapeSpread: number,
  at: { concurrency: number; throughput: number; tpotMs: number | null },
  where: string,
): Capacity {
  const curve = curves.at(-1) ?? curves[0];
  const requests = at.throughput / question.load.outputTokens;
  const { factor, words } = spread(question, curve, shapeSpread);
  return {
    kind: 'measured',
    requestsPerSecond: estimate('measured', requests * (1 - factor), requests, requests * (1 + factor)),
    concurrency: at.concurrency,
    tpotMs: at.tpotMs,
    method: `${where}, concurrency ${at.concurrency} (${label(curve)}), ${words}`,
    curves,
    source: curve.source,
  };
}

function shapeOf({ shape }: Curve): string {
  return `${shape.inputTokens}/${shape.outputTokens}`;
}

/** The highest concurrency that the KV cache holds, the curves reach and the asked time per token allows. */
function readAt(question: CapacityQuestion, highest: number, tpot: (concurrency: number) => number | null): number {
  let concurrency = Math.min(concurrencyLimit(question), highest);
  if (question.maxTpotMs === null) return concurrency;
  while (concurrency > 0 && (tpot(concurrency) ?? 0) > question.maxTpotMs) concurrency--;
  return concurrency;
}

function atOneShape(question: CapacityQuestion, curve: Curve): Capacity | null {
  const [lowest, highest] = concurrencyRange(curve);
  const concurrency = readAt(question, highest, (at) => tpotAt(curve, at));
  const throughput = throughputAt(curve, concurrency);
  if (concurrency < lowest || throughput === null) return null;
  const at = { concurrency, throughput, tpotMs: tpotAt(curve, concurrency) };
  return reading(question, [curve], SAME_SHAPE_SPREAD, at, `measured curve at ${shapeOf(curve)} tokens`);
}

function betweenShapes(question: CapacityQuestion, shorter: Curve, longer: Curve): Capacity | null {
  const [from, to] = [freshTokens(shorter.shape), freshTokens(longer.shape)];
  const [lowest, highest] = [shorter, longer].map(concurrencyRange).reduce(([a, b], [c, d]) => [Math.max(a, c), Math.min(b, d)]);
  const share = Math.log(freshTokens(question.load) / from) / Math.log(to / from);
  const between = (quantity: (curve: Curve) => number | null): number | null => {
    const [fast, slow] = [quantity(shorter), quantity(longer)];
    return fast === null || slow === null ? null : fast * (slow / fast) ** share;
  };
  const concurrency = readAt(question, highest, (at) => between((curve) => tpotAt(curve, at)));
  const throughput = between((curve) => throughputAt(curve, concurrency));
  if (concurrency < lowest || throughput === null) return null;
  const at = { concurrency, throughput, tpotMs: between((curve) => tpotAt(curve, concurrency)) };
  return reading(
    question,
    [shorter, longer],
    NEW_SHAPE_SPREAD,
    at,
    `between the measured curves at ${shapeOf(shorter)} and ${shapeOf(longer)} tokens`,
  );
}

/** Whether a curve was measured on this very layout; a plug-in of the engine counts as another version of it. */
function ownCurve(curve: Curve, { engine, layout, format, kvBytesPerElement }: CapacityQuestion): boolean {
  const engines = [engine, `atom-${engine}`];
  const plainLayout =
    layout.dcp === 1 && layout.attentionDp === 1 && curve.ep === layout.ep && curve.pp === layout.pp && curve.tp === layout.tp;
  const plainCache = kvBytesPerElement === 2 || format === 'nvfp4' || format === 'mxfp4';
  return curve.complete && engines.includes(curve.engine) && curve.gpus === replicaGpus(layout) && plainLayout && plainCache;
}

/**
 * Capacity read from curves alone: one curve of the same shape (fresh input and output within 10 %, reuse within 0.02),
 * or two of one configuration that bracket the fresh input at the same output (within 10 %), straight on logarithmic axes.
 * It is read at the highest measured concurrency that the KV cache holds.
 *
 * @param question the replica and its load
 * @param curves of its GPU and format, newest first
 * @returns ±15 % at a measured shape and ±35 % between two (90th percentiles of the error seen), with another 26 % in quadrature for
 *   another engine version or a measurement over 180 days old; or null
 */
export function measuredCapacity(question: CapacityQuestion, curves: readonly Curve[]): Capacity | null {
  const { load } = question;
  const longestFirst = (a: Curve, b: Curve) => concurrencyRange(b)[1] - concurrencyRange(a)[1];
  const own = curves.filter((curve) => ownCurve(curve, question)).sort(longestFirst);
  for (const curve of own.filter((candidate) => sameShape(candidate, load))) {
    const found = atOneShape(question, curve);
    if (found) return found;
  }
  const fresh = freshTokens(load);
  const comparable = own.filter((curve) => sameReuse(curve, load));
  for (const shorter of comparable.filter((curve) => freshTokens(curve.shape) <= fresh)) {
    const longer = comparable.find((curve) => freshTokens(curve.shape) > fresh && sameConfiguration(shorter, curve));
    const found = longer ? betweenShapes(question, shorter, longer) : null;
    if (found) return found;
  }
  return null;
}
