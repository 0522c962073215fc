import { estimate } from '../evidence/estimate.ts';
import { replicaGpus } from '../layout/layout.ts';
import { type Capacity, type CapacityQuestion, concurrencyLimit } from './capacityQuestion.ts';
import { type Curve, concurrencyRange, throughputAt, tpotAt } from './curve.ts';
import { freshTokens, type LoadPoint } from './loadPoint.ts';

/** 90th percentile of the error between measured points of one configuration. */
const SAME_SHAPE_SPREAD = 0.15;
/** 90th percentile of the error at a shape that was not measured itself. */
const NEW_SHAPE_SPREAD = 0.35;
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

function atOneShape(question: CapacityQuestion, curve: Curve): Capacity | null {
  const [lowest, highest] = concurrencyRange(curve);
  const concurrency = Math.min(concurrencyLimit(question), highest);
  const throughput = throughputAt(curve, concurrency);
  if (concurrency < lowest || throughput === null) return null;
  const requests = throughput / question.load.outputTokens;
  const { inputTokens, outputTokens } = curve.shape;
  return {
    kind: 'measured',
    requestsPerSecond: estimate('measured', requests * (1 - SAME_SHAPE_SPREAD), requests, requests * (1 + SAME_SHAPE_SPREAD)),
    concurrency,
    tpotMs: tpotAt(curve, concurrency),
    method: `measured curve at ${inputTokens}/${outputTokens} tokens, concurrency ${concurrency} (${label(curve)}), ±15 %`,
    curves: [curve],
    source: curve.source,
  };
}

function betweenShapes(question: CapacityQuestion, shorter: Curve, longer: Curve): Capacity | null {
  const [from, to] = [freshTokens(shorter.shape), freshTokens(longer.shape)];
  const [lowest, highest] = [shorter, longer].map(concurrencyRange).reduce(([a, b], [c, d]) => [Math.max(a, c), Math.min(b, d)]);
  const concurrency = Math.min(concurrencyLimit(question), highest);
  const [fast, slow] = [throughputAt(shorter, concurrency), throughputAt(longer, concurrency)];
  if (concurrency < lowest || fast === null || slow === null) return null;
  const share = Math.log(freshTokens(question.load) / from) / Math.log(to / from);
  const between = (a: number, b: number) => a * (b / a) ** share;
  const requests = between(fast, slow) / question.load.outputTokens;
  const [tpotFast, tpotSlow] = [tpotAt(shorter, concurrency), tpotAt(longer, concurrency)];
  return {
    kind: 'measured',
    requestsPerSecond: estimate('measured', requests * (1 - NEW_SHAPE_SPREAD), requests, requests * (1 + NEW_SHAPE_SPREAD)),
    concurrency,
    tpotMs: tpotFast === null || tpotSlow === null ? null : between(tpotFast, tpotSlow),
    method: `between the measured curves at ${shorter.shape.inputTokens}/${shorter.shape.outputTokens} and ${longer.shape.inputTokens}/${longer.shape.outputTokens} tokens, concurrency ${concurrency} (${label(longer)}), ±35 %`,
    curves: [shorter, longer],
    source: longer.source,
  };
}

/**
 * Capacity read from curves alone: one curve of the same shape (fresh input and output within 10 %, reuse within 0.02),
 * or two of one configuration that bracket the fresh input at the same output (within 10 %), straight on logarithmic axes.
 * It is read at the highest measured concurrency that the KV cache holds.
 *
 * @param question the replica and its load
 * @param curves of its GPU and format, newest first
 * @returns ±15 % at a measured shape and ±35 % between two (the 90th percentiles of the error seen for either), or null
 */
export function measuredCapacity(question: CapacityQuestion, curves: readonly Curve[]): Capacity | null {
  const { load, layout } = question;
  const own = curves.filter(
    (curve) => curve.complete && curve.engine === question.engine && curve.gpus === replicaGpus(layout) && curve.tp === layout.tp,
  );
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
