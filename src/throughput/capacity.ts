import { type Estimate, estimate, through } from '../evidence/estimate.ts';
import { type Capacity, type CapacityQuestion, concurrencyLimit, type NoMeasurement } from './capacityQuestion.ts';
import { type LoadPoint, meanContextTokens, tokensPerRequest } from './loadPoint.ts';
import { measuredCapacity } from './measuredCapacity.ts';
import { modelledCapacity } from './modelledCapacity.ts';

/** A modelled capacity beyond the end of a measured sweep: it cannot be less than what was measured there. */
function aboveFloor(modelled: Capacity, measured: Capacity): Capacity {
  const { low, value, high } = modelled.requestsPerSecond;
  return {
    ...modelled,
    requestsPerSecond: estimate('modelled', Math.max(low, measured.requestsPerSecond.low), value, high),
    method: `${modelled.method}; no less than the ${measured.method}`,
    curves: [...new Set([...modelled.curves, ...measured.curves])],
  };
}

/**
 * Requests per second that one replica sustains: measured where the load point lies inside curves of the same GPU, format,
 * engine and layout; else from the step-time model anchored to curves of that GPU and format; else nothing. Where the KV cache admits
 * more sequences than were measured and the model gains from them, the model speaks and the measured end of the sweep is its floor.
 *
 * @param question the replica and its load
 * @returns a capacity in requests per second with its band, or the reason why nothing can be said
 * @example capacity(question).kind // 'measured'
 */
export function capacity(question: CapacityQuestion): Capacity | NoMeasurement {
  const { gpu, format, load } = question;
  const curves = question.curves.filter((curve) => curve.gpu === gpu.id && curve.format === format);
  if (curves.length === 0) {
    const others = [...new Set(question.curves.filter((curve) => curve.gpu === gpu.id).map((curve) => curve.format))];
    const elsewhere = others.length > 0 ? `; there are measurements in ${others.join(' and ')}` : '';
    return {
      kind: 'no-measurement',
      reason: `no measured throughput of this model in ${format} on ${gpu.name} is in the catalog${elsewhere}`,
    };
  }
  if (concurrencyLimit(question) < 1) {
    return {
      kind: 'no-measurement',
      reason: `the KV cache of ${question.kvTokens} tokens holds no request of ${meanContextTokens(load)} tokens`,
    };
  }
  const measured = measuredCapacity(question, curves);
  if (measured && (question.maxTpotMs !== null || measured.concurrency === concurrencyLimit(question))) return measured;
  const modelled = modelledCapacity(question, curves);
  if (!measured) return modelled;
  return modelled.kind === 'modelled' && modelled.requestsPerSecond.value > measured.requestsPerSecond.high
    ? aboveFloor(modelled, measured)
    : measured;
}

/**
 * Capacity that the user states as processed tokens per second: `requests/s = tokens/s / (input + output)`.
 *
 * @param tokensPerSecond input tokens, reused or not, plus output tokens of one replica
 * @example assumedCapacity(exactly(8_500), { inputTokens: 84_000, outputTokens: 1_000, reuse: 0.8 }) // 0.1 requests per second
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
