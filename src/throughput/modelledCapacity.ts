import { estimate } from '../evidence/estimate.ts';
import { replicaGpus } from '../layout/layout.ts';
import { daysBetween } from '../units/time.ts';
import { type Capacity, type CapacityQuestion, concurrencyLimit, type NoMeasurement } from './capacityQuestion.ts';
import { type Curve, concurrencyRange, throughputAt } from './curve.ts';
import { type Machine, machineOf, stepTime } from './stepTime.ts';

/** The least factor by which a modelled capacity may be wrong either way. */
const LEAST_FACTOR = 2;
/** Each doubt about the anchoring curves widens the band by this factor. */
const DOUBT_FACTOR = 1.25;
const STALE_DAYS = 180;

/** The entries that pass, or all where none does. */
function preferring(curves: readonly Curve[], test: (curve: Curve) => boolean): readonly Curve[] {
  const passing = curves.filter(test);
  return passing.length > 0 ? passing : curves;
}

/** Curves of the replica's engine, or of the others where a single point is all that was measured on it. */
function ofEngine({ engine }: CapacityQuestion, curves: readonly Curve[]): readonly Curve[] {
  const sweeps = new Set(curves.filter(({ points }) => points.length > 1).map((curve) => curve.engine));
  const swept = preferring(curves, (curve) => sweeps.has(curve.engine));
  return preferring(swept, (curve) => curve.engine === engine);
}

/** What makes the anchoring curves a weaker witness, in words. */
function doubts(question: CapacityQuestion, anchors: readonly Curve[]): string[] {
  const newest =
    anchors
      .map(({ date }) => date)
      .sort()
      .at(-1) ?? '';
  const doubt = [];
  if (anchors.every(({ engine }) => engine !== question.engine)) doubt.push(`measured on ${anchors[0]?.engine}, not ${question.engine}`);
  if (anchors.every(({ gpus }) => gpus !== replicaGpus(question.layout))) doubt.push(`measured on ${anchors[0]?.gpus} GPUs`);
  if (!(daysBetween(newest, question.asOf) <= STALE_DAYS)) doubt.push(`newest measurement ${newest}, over ${STALE_DAYS} days old`);
  if (anchors.every(({ complete }) => !complete)) doubt.push('measured without the wait for the first token');
  return doubt;
}

/** Measured over modelled throughput of one curve; beyond its range, the ratio at its end. */
function ratioAt(curve: Curve, question: CapacityQuestion, machine: Machine, concurrency: number): number {
  const [lowest, highest] = concurrencyRange(curve);
  const at = Math.min(Math.max(concurrency, lowest), highest);
  const layout = { tp: curve.tp, pp: curve.pp, dp: 1, ep: curve.ep, dcp: 1, attentionDp: 1 };
  const { seconds } = stepTime(question.traffic, { ...machine, layout }, curve.shape, at);
  return ((throughputAt(curve, at) ?? 0) * seconds) / at;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/**
 * Capacity from the step-time model, anchored to measurements:
 * `requests/s = ratio * concurrency / (output * step)`, where `ratio` is the geometric mean of measured over modelled throughput
 * at the same concurrency, over the curves of its engine and, where there are any, of its number of GPUs. The concurrency is the best one up to what the KV cache, the engine's limit and
 * the highest concurrency measured on that engine allow.
 *
 * @param question the replica and its load
 * @param curves of its GPU and format, at least one
 * @returns a band of ×/÷ 2, times 1.25 for each of: another engine, another number of GPUs, curves older than 180 days, curves without TTFT
 */
export function modelledCapacity(question: CapacityQuestion, curves: readonly Curve[]): Capacity | NoMeasurement {
  const { gpu, layout, load, traffic } = question;
  const machine = machineOf(gpu, layout, question.kvBytesPerElement);
  if (!machine)
    return {
      kind: 'no-measurement',
      reason: `bandwidth or BF16 peak of ${gpu.name} is unknown, so nothing outside its measurements can be said`,
    };
  const witnesses = ofEngine(question, curves);
  const anchors = preferring(witnesses, (curve) => curve.gpus === replicaGpus(layout));
  const cap = Math.floor(Math.min(concurrencyLimit(question), Math.max(...witnesses.map((curve) => concurrencyRange(curve)[1]))));
  const candidates = Array.from({ length: cap }, (_, index) => {
    const step = stepTime(traffic, machine, load, index + 1);
    const anchor = geometricMean(anchors.map((curve) => ratioAt(curve, question, machine, index + 1)));
    return { step, anchor, outputTokensPerSecond: (anchor * step.concurrency) / step.seconds };
  });
  const best = candidates.reduce((a, b) => (b.outputTokensPerSecond > a.outputTokensPerSecond ? b : a));
  const doubt = doubts(question, anchors);
  const factor = LEAST_FACTOR * DOUBT_FACTOR ** doubt.length;
  const requests = best.outputTokensPerSecond / load.outputTokens;
  const why = doubt.length > 0 ? ` (${doubt.join('; ')})` : '';
  return {
    kind: 'modelled',
    requestsPerSecond: estimate('modelled', requests / factor, requests, requests * factor),
    concurrency: best.step.concurrency,
    tpotMs: (1000 * best.step.concurrency) / best.outputTokensPerSecond,
    method: `step-time model at concurrency ${best.step.concurrency}, times ${best.anchor.toFixed(2)} = measured over modelled on ${anchors.length} ${anchors.length === 1 ? 'curve' : 'curves'}; band ×/÷ ${Number(factor.toFixed(3))}${why}`,
    curves: anchors,
    source: anchors[0]?.source ?? '',
    step: best.step,
    anchor: best.anchor,
  };
}
