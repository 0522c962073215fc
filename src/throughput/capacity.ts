import { type Estimate, through } from '../evidence/estimate.ts';
import { layoutName } from '../layout/layout.ts';
import { type Capacity, type CapacityQuestion, concurrencyLimit, type NoMeasurement } from './capacityQuestion.ts';
import type { Curve } from './curve.ts';
import { isOfSystem } from './curveChoice.ts';
import { SPEED_FIT } from './knowledge.ts';
import { type LoadPoint, meanContextTokens, tokensPerRequest } from './loadPoint.ts';
import type { Replica } from './replica.ts';
import type { Situation } from './situation.ts';
import { type Speed, speedModel } from './speed.ts';

/** Concurrencies worth trying: every one up to 16, then steps of an eighth. */
export function concurrencies(limit: number): number[] {
  const tried = [];
  for (let n = 1; n < limit; n += Math.max(1, Math.floor(n / 8))) tried.push(n);
  return [...tried, limit];
}

/** The concurrency with the most output, and what stops a replica at the first one that is too much. */
export interface MostOutput<Stop> {
  /** null where even one sequence is too much. */
  readonly best: Speed | null;
  readonly stop: Stop | null;
}

/**
 * The concurrency with the most output among those up to a limit, below the first one at which something stops the replica.
 *
 * @param at speed of the replica at a concurrency
 * @param stops what stops it at a speed; null: nothing
 * @example mostOutput(speedModel(h200TP8, question.load, knowledge), 8, () => null).best?.concurrency // 8
 */
export function mostOutput<Stop>(
  at: (concurrency: number) => Speed,
  limit: number,
  stops: (speed: Speed) => Stop | null,
): MostOutput<Stop> {
  let best: Speed | null = null;
  for (const concurrency of concurrencies(limit)) {
    const speed = at(concurrency);
    const stop = stops(speed);
    if (stop !== null) return { best, stop };
    if (best === null || speed.outputTokensPerSecond.value > best.outputTokensPerSecond.value) best = speed;
  }
  return { best, stop: null };
}

const WORDS: Readonly<Record<Exclude<Situation, 'sameCurve'>, (replica: Replica) => string>> = {
  calibrated: () => 'coefficients fitted to your measurements',
  newShape: () => 'this layout was measured at other loads',
  newLayout: () => 'this model was measured here in other layouts only',
  newGpu: ({ system }) => `this model in ${system.format} was measured on other GPUs of the vendor only`,
  otherModel: ({ system }) => `other models in ${system.format} were measured on this GPU, none of this one ships`,
  uncalibrated: ({ system }) => `nothing like it was measured: ${system.format} on this GPU with ${system.engine}`,
  unknownPair: ({ system }) => `no measurement of ${system.format} with ${system.engine} on any GPU of this vendor is known`,
};

/** How a curve is named in words. */
function curveLabel({ model, engine, engineVersion, gpus, date, shape }: Curve): string {
  return `${shape.inputTokens}/${shape.outputTokens} tokens (${model}, ${engine} ${engineVersion}, ${gpus} GPUs, ${date})`;
}

/** A band as its factors, in words. */
function bandWords({ low, value, high }: Pick<Estimate, 'low' | 'value' | 'high'>): string {
  const percent = (ratio: number) => `${ratio >= 1 ? '+' : '-'}${Math.round(Math.abs(ratio - 1) * 100)} %`;
  return high / value >= 1.95
    ? `÷ ${(value / low).toFixed(1)} to × ${(high / value).toFixed(1)}`
    : `${percent(low / value)} to ${percent(high / value)}`;
}

/** How a speed is known, as one sentence without its end. */
export function methodOf(speed: Speed, replica: Replica): string {
  const { situation, curve, doubts, concurrency } = speed;
  const doubt = doubts.length > 0 ? `; ${doubts.map(({ words }) => words).join('; ')}` : '';
  const band = `80 % band ${bandWords(speed.outputTokensPerSecond)} from ${speed.bandRows} held-out measurements`;
  if (situation === 'sameCurve' && curve)
    return `measured curve at ${curveLabel(curve)}, read at concurrency ${concurrency}; ${band}${doubt}`;
  const anchored = curve ? `, continued from the end of the curve at ${curveLabel(curve)}` : '';
  return `step-time model at concurrency ${concurrency}, ${layoutName(replica.layout)}${anchored}: ${WORDS[situation === 'sameCurve' ? 'newShape' : situation](replica)}; ${band}${doubt}`;
}

function curvesBehind(speed: Speed, { knowledge, replica }: CapacityQuestion): readonly Curve[] {
  if (speed.curve) return [speed.curve];
  return replica ? knowledge.curves.filter((curve) => isOfSystem(curve, replica.system)) : [];
}

/**
 * Requests per second that one replica sustains: `output tokens/s / output` at the concurrency, up to what the KV cache and the engine
 * admit and the asked time per token allows, at which that is most.
 *
 * @param question the replica, its load and what is known of speed
 * @returns a capacity in requests per second with its band, or the reason why nothing can be said
 * @example capacity(question).kind // 'measured'
 */
export function capacity(question: CapacityQuestion): Capacity | NoMeasurement {
  const { replica, load, knowledge, gpuName, maxTpotMs } = question;
  if (!replica)
    return { kind: 'no-measurement', reason: `bandwidth or peak of ${gpuName} is unknown, so nothing can be said of its speed` };
  const limit = concurrencyLimit(question, load);
  if (limit < 1) {
    return {
      kind: 'no-measurement',
      reason: `the KV cache of ${question.kvTokens} tokens holds no request of ${meanContextTokens(load)} tokens`,
    };
  }
  const at = speedModel(replica, load, knowledge);
  const { best } = mostOutput(at, limit, ({ tpotMs }) => (maxTpotMs !== null && tpotMs.value > maxTpotMs) || null);
  if (!best) return { kind: 'no-measurement', reason: `even one sequence takes ${Math.round(at(1).tpotMs.value)} ms per token` };
  const requestsPerSecond = through(best.outputTokensPerSecond, (tokens) => tokens / load.outputTokens);
  const curves = curvesBehind(best, question);
  return {
    kind: best.situation === 'sameCurve' ? 'measured' : replica.calibration ? 'calibrated' : 'modelled',
    requestsPerSecond,
    concurrency: best.concurrency,
    tpotMs: best.tpotMs,
    method: methodOf(best, replica),
    curves,
    source: best.curve?.source ?? curves[0]?.source ?? SPEED_FIT,
    speed: best,
  };
}

/**
 * Capacity that the user states as processed tokens per second: `requests/s = tokens/s / (input + output)`.
 *
 * @param tokensPerSecond input tokens, reused or not, plus output tokens of one replica
 * @example assumedCapacity(exactly(8_500), { inputTokens: 84_000, outputTokens: 1_000, reuse: 0.8 }).requestsPerSecond.value // 0.1
 */
export function assumedCapacity(tokensPerSecond: Estimate, load: LoadPoint): Capacity {
  const perRequest = tokensPerRequest(load);
  return {
    kind: 'assumed',
    requestsPerSecond: through(tokensPerSecond, (tokens) => tokens / perRequest),
    concurrency: null,
    tpotMs: null,
    method: 'tokens per second of one replica as given',
    curves: [],
    source: 'user',
  };
}
