import { estimate } from '../evidence/estimate.ts';
import { replicaGpus } from '../layout/layout.ts';
import { type Capacity, type CapacityQuestion, concurrencyLimit, type NoMeasurement } from './capacityQuestion.ts';
import { type Curve, concurrencyRange, isStale, STALE_DAYS, throughputAt } from './curve.ts';
import { freshTokens, type LoadPoint, meanContextTokens } from './loadPoint.ts';
import { type Machine, machineOf, stepTime } from './stepTime.ts';

/** The least factor by which a modelled capacity may be wrong either way. */
const LEAST_FACTOR = 2;
/** Each doubt about the anchoring curves widens the band by this factor. */
const DOUBT_FACTOR = 1.25;

/** The entries that pass, or all where none does. */
function preferring(curves: readonly Curve[], test: (curve: Curve) => boolean): readonly Curve[] {
  const passing = curves.filter(test);
  return passing.length > 0 ? passing : curves;
}

/** Curves of the replica's engine (or of the others, where a single point is all of it), those of its number of GPUs before others. */
function anchorsOf({ engine, layout }: CapacityQuestion, curves: readonly Curve[]): readonly Curve[] {
  const sweeps = new Set(curves.filter(({ points }) => points.length > 1).map((curve) => curve.engine));
  const swept = preferring(curves, (curve) => sweeps.has(curve.engine));
  const own = preferring(swept, (curve) => curve.engine === engine);
  return preferring(own, (curve) => curve.gpus === replicaGpus(layout));
}

/** Prompt tokens to compute for each token of output. */
function prefillShare(load: LoadPoint): number {
  return freshTokens(load) / load.outputTokens;
}

/** What makes the anchoring curves a weaker witness, in words. */
function doubts(question: CapacityQuestion, anchors: readonly Curve[], concurrency: number): string[] {
  const { layout, load, engine } = question;
  const newest =
    anchors
      .map(({ date }) => date)
      .sort()
      .at(-1) ?? '';
  const shapes = anchors.map(({ shape }) => shape);
  const shares = shapes.map(prefillShare);
  const share = prefillShare(load);
  const highest = Math.max(...anchors.map((curve) => concurrencyRange(curve)[1]));
  const list: readonly [applies: boolean, words: string][] = [
    [anchors.every((curve) => curve.engine !== engine), `measured on ${anchors[0]?.engine}, not ${engine}`],
    [anchors.every(({ gpus }) => gpus !== replicaGpus(layout)), `measured on ${anchors[0]?.gpus} GPUs`],
    [layout.dcp > 1 || layout.attentionDp > 1, `no measurement with ${layout.dcp > 1 ? 'DCP' : 'attention DP'}`],
    [isStale(newest, question.asOf), `newest measurement ${newest}, over ${STALE_DAYS} days old`],
    [anchors.every(({ complete }) => !complete), 'measured without the wait for the first token'],
    [meanContextTokens(load) > 2 * Math.max(...shapes.map(meanContextTokens)), 'a longer context than measured'],
    [share > 2 * Math.max(...shares) || share < Math.min(...shares) / 2, 'another share of prompt tokens than measured'],
    [load.reuse > 0.1 && shapes.every(({ reuse }) => reuse === 0), 'measured without prefix reuse'],
    [concurrency > 1.5 * highest, `a higher concurrency than the ${highest} measured`],
  ];
  return list.flatMap(([applies, words]) => (applies ? [words] : []));
}

/** Measured over modelled throughput of one curve; beyond its range, the ratio at its end. */
function ratioAt(curve: Curve, question: CapacityQuestion, machine: Machine, concurrency: number): number {
  const [lowest, highest] = concurrencyRange(curve);
  const at = Math.min(Math.max(concurrency, lowest), highest);
  const layout = { tp: curve.tp, pp: curve.pp, dp: 1, ep: curve.ep, dcp: 1, attentionDp: 1 };
  const { seconds } = stepTime(question.traffic, { ...machine, layout }, curve.shape, at);
  return ((throughputAt(curve, at) ?? 0) * seconds) / at;
}

/** How much a curve counts: `1 / (1 + d^2)` with `d` the distance in the logarithm of the prefill share, in factors of e. */
function nearness(curve: Curve, load: LoadPoint): number {
  const distance = Math.log((prefillShare(load) + 0.1) / (prefillShare(curve.shape) + 0.1));
  return 1 / (1 + distance ** 2);
}

/** Measured over modelled throughput at a concurrency: geometric mean over the curves, the nearer ones in prefill share counting more. */
function anchorAt(anchors: readonly Curve[], question: CapacityQuestion, machine: Machine, concurrency: number): number {
  const weights = anchors.map((curve) => nearness(curve, question.load));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const logs = anchors.map((curve, index) => ((weights[index] ?? 0) / total) * Math.log(ratioAt(curve, question, machine, concurrency)));
  return Math.exp(logs.reduce((sum, log) => sum + log, 0));
}

/** Concurrencies worth trying: every one up to 64, then steps of an eighth. */
function concurrencies(limit: number): number[] {
  const tried = [];
  for (let n = 1; n < limit; n += Math.max(1, Math.floor(n / 8))) tried.push(n);
  return [...tried, limit];
}

/**
 * Capacity from the step-time model, anchored to measurements:
 * `requests/s = ratio * concurrency / (output * step)`, where `ratio` is the mean of measured over modelled throughput at the same
 * concurrency (at its end beyond the measured range), over the curves of its engine and, where there are any, of its number of
 * GPUs. The concurrency is the best one up to what the KV cache and the engine's limit allow.
 *
 * @param question the replica and its load
 * @param curves of its GPU and format, at least one
 * @returns a band of ×/÷ 2, times 1.25 for each way in which the load or the replica is unlike what was measured
 */
export function modelledCapacity(question: CapacityQuestion, curves: readonly Curve[]): Capacity | NoMeasurement {
  const { gpu, layout, load, traffic } = question;
  const machine = machineOf(gpu, layout, question.kvBytesPerElement);
  if (!machine)
    return {
      kind: 'no-measurement',
      reason: `bandwidth or BF16 peak of ${gpu.name} is unknown, so nothing outside its measurements can be said`,
    };
  const anchors = anchorsOf(question, curves);
  const candidates = concurrencies(concurrencyLimit(question)).map((concurrency) => {
    const step = stepTime(traffic, machine, load, concurrency);
    const anchor = anchorAt(anchors, question, machine, concurrency);
    return { step, anchor, outputTokensPerSecond: (anchor * step.concurrency) / step.seconds };
  });
  const tpotOf = ({ step, outputTokensPerSecond }: (typeof candidates)[number]) => (1000 * step.concurrency) / outputTokensPerSecond;
  const quick = candidates.filter((candidate) => question.maxTpotMs === null || tpotOf(candidate) <= question.maxTpotMs);
  const [first] = quick;
  if (!first)
    return {
      kind: 'no-measurement',
      reason: `even one sequence takes ${Math.round(Math.min(...candidates.map(tpotOf)))} ms per token by the model`,
    };
  const best = quick.reduce((a, b) => (b.outputTokensPerSecond > a.outputTokensPerSecond ? b : a), first);
  const doubt = doubts(question, anchors, best.step.concurrency);
  const factor = LEAST_FACTOR * DOUBT_FACTOR ** doubt.length;
  const requests = best.outputTokensPerSecond / load.outputTokens;
  const why = doubt.length > 0 ? ` (${doubt.join('; ')})` : '';
  return {
    kind: 'modelled',
    requestsPerSecond: estimate('modelled', requests / factor, requests, requests * factor),
    concurrency: best.step.concurrency,
    tpotMs: tpotOf(best),
    method: `step-time model at concurrency ${best.step.concurrency}, times ${best.anchor.toFixed(2)} = measured over modelled on ${anchors.length} ${anchors.length === 1 ? 'curve' : 'curves'}; band ×/÷ ${Number(factor.toFixed(1))}${why}`,
    curves: anchors,
    source: anchors[0]?.source ?? '',
    step: best.step,
    anchor: best.anchor,
  };
}
