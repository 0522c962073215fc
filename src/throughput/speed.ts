import type { Basis, Estimate } from '../evidence/estimate.ts';
import { attentionOf, type Band, banded, type Doubt, type Quantity } from './band.ts';
import { coefficientsOf, excessVariance } from './coefficients.ts';
import { type Curve, closedLoopThroughput, concurrencyRange, isStale, readCurve, STALE_DAYS } from './curve.ts';
import { curveDoubts, curveFor, curvesAt } from './curveChoice.ts';
import type { Knowledge } from './knowledge.ts';
import { type LoadPoint, meanContextTokens } from './loadPoint.ts';
import type { Replica } from './replica.ts';
import type { Situation } from './situation.ts';
import { type Modelled, modelled } from './stepModel.ts';
import { stepTimes, type Work, waitTimes, workOf } from './work.ts';

/** The step-time model at one load point. */
export interface ModelledStep {
  readonly work: Work;
  readonly times: readonly number[];
  readonly logs: readonly number[];
  readonly tpot: Modelled;
  readonly ttft: Modelled;
}

/** How fast one replica is at a concurrency, and how that is known. */
export interface Speed {
  readonly concurrency: number;
  /** Time between two tokens of one sequence, waits for the prompts of others included. */
  readonly tpotMs: Estimate;
  readonly ttftMs: Estimate;
  /** Of the replica. */
  readonly outputTokensPerSecond: Estimate;
  readonly situation: Situation;
  /** The curve that was read or that the model was anchored to. */
  readonly curve: Curve | null;
  readonly doubts: readonly Doubt[];
  /** Measured or read over modelled time per token: 1 where nothing anchors the model. */
  readonly anchor: number;
  readonly step: ModelledStep;
  /** Held-out measurements behind the band of its throughput. */
  readonly bandRows: number;
}

/** What nobody measured on this system; each widens the band by about a quarter. */
const UNSEEN = 1.25;
const REUSE_UNSEEN = 1.4;
/** The two published loads with contexts ten times as long as measured curves ran 2.3 and 2.7 times slower than a model of short ones. */
const FAR_CONTEXT = 2;
/** A format and engine of which so few runs on GPUs of the vendor are known are as good as unknown: wrong by about a factor of two. */
const FEW_RUNS = 10;
const HARDLY_KNOWN = 1.8;

function loadDoubts(replica: Replica, load: LoadPoint, own: readonly Curve[], ofPair: number): Doubt[] {
  const { layout, asOf, system } = replica;
  const shapes = own.map(({ shape }) => shape);
  const newest = own
    .map(({ date }) => date)
    .sort()
    .at(-1);
  const doubts: readonly [applies: boolean, doubt: Doubt][] = [
    [
      newest !== undefined && isStale(newest, asOf),
      { words: `the newest measurement is of ${newest}, over ${STALE_DAYS} days before ${asOf}`, factor: UNSEEN },
    ],
    [
      own.length > 0 && meanContextTokens(load) > 2 * Math.max(...shapes.map(meanContextTokens)),
      { words: 'a far longer context than measured', factor: FAR_CONTEXT },
    ],
    [load.reuse > 0.1 && shapes.every(({ reuse }) => reuse < 0.1), { words: 'prefix reuse was never measured here', factor: REUSE_UNSEEN }],
    [
      ofPair > 0 && ofPair < FEW_RUNS,
      {
        words: `only ${ofPair} measurements of ${system.format} with ${system.engine} on GPUs of this vendor are known`,
        factor: HARDLY_KNOWN,
      },
    ],
    [layout.pp > 1 && own.every((curve) => curve.layout.pp === 1), { words: 'pipeline stages were never measured here', factor: UNSEEN }],
    [layout.dcp > 1 && own.every((curve) => curve.layout.dcp === 1), { words: 'DCP was never measured here', factor: UNSEEN }],
    [
      layout.attentionDp > 1 && own.every((curve) => curve.layout.attentionDp === 1),
      { words: 'attention DP was never measured here', factor: UNSEEN },
    ],
  ];
  return doubts.flatMap(([applies, doubt]) => (applies ? [doubt] : []));
}

/** Step time and wait of a replica at a load, by the model alone. */
function stepModel(replica: Replica, load: LoadPoint, { fits }: Pick<Knowledge, 'fits'>): (concurrency: number) => ModelledStep {
  const { traffic, machine, system, batchTokens } = replica;
  const logs = coefficientsOf(fits.tpot, system);
  const waitLogs = coefficientsOf(fits.ttft, system);
  return (concurrency) => {
    const work = workOf(traffic, machine, load, concurrency);
    const times = stepTimes(work, machine, load);
    const tpot = modelled(times, logs, 'overlap');
    return { work, times, logs, tpot, ttft: modelled(waitTimes(work, machine, load, tpot.value, batchTokens), waitLogs, 'sum') };
  };
}

interface Reading {
  readonly tpotMs: number;
  readonly ttftMs: number;
  readonly inside: boolean;
}

/** Latencies through a curve; beyond its ends the model, moved so that it meets the curve there. */
function readAt(curve: Curve, concurrency: number, model: (concurrency: number) => ModelledStep): Reading {
  const [low, high] = concurrencyRange(curve);
  const at = Math.min(Math.max(concurrency, low), high);
  const inside = at === concurrency;
  const tpot = (n: number) => model(n).tpot.value;
  const ttft = (n: number) => model(n).ttft.value;
  const read = readCurve(curve, at, ({ tpotMs }) => tpotMs, tpot) ?? tpot(at);
  const waited = readCurve(curve, at, ({ ttftMs }) => ttftMs, ttft) ?? ttft(at);
  if (inside) return { tpotMs: read, ttftMs: waited, inside };
  return { tpotMs: (read / tpot(at)) * tpot(concurrency), ttftMs: (waited / ttft(at)) * ttft(concurrency), inside };
}

/**
 * Speed of one replica at a load as a function of concurrency: read from a measured curve of this engine, GPU, format, layout and shape
 * where there is one and the concurrency lies inside it; else by the step-time model with the coefficients of the system.
 * Bands are those of held-out measurements in the same situation, wider for every doubt and where the coefficients are poorly known.
 *
 * @param replica GPU, engine, format, layout and model
 * @param load tokens per request and reuse
 * @param knowledge measured curves, fitted coefficients and bands
 * @returns for a concurrency of at least 1: TTFT and TPOT in milliseconds and output tokens per second of the replica
 * @example speedModel(h200TP8, { inputTokens: 8192, outputTokens: 1024, reuse: 0 }, knowledge)(16).situation // 'sameCurve'
 */
export function speedModel(replica: Replica, load: LoadPoint, knowledge: Knowledge): (concurrency: number) => Speed {
  const model = stepModel(replica, load, knowledge);
  const { system, layout } = replica;
  const own = knowledge.curves.filter(
    (curve) =>
      curve.gpu === system.gpu && curve.format === system.format && curve.family === system.family && curve.engine === system.engine,
  );
  const atLoad = curvesAt(own, replica, load);
  const elsewhere = knowledge.measured.situationOf(system, layout);
  const bands = knowledge.bands[attentionOf(replica.traffic)];
  const unseen = loadDoubts(replica, load, own, knowledge.measured.ofPair(system));
  return (concurrency) => {
    const step = model(concurrency);
    const curve = curveFor(atLoad, concurrency) ?? null;
    const reading = curve ? readAt(curve, concurrency, model) : null;
    const situation = reading?.inside ? 'sameCurve' : replica.calibrated ? 'calibrated' : elsewhere;
    const doubts = reading?.inside && curve ? curveDoubts(curve, replica) : unseen;
    const basis: Basis = reading?.inside ? 'measured' : replica.calibrated ? 'calibrated' : 'modelled';
    const tpotMs = reading?.tpotMs ?? step.tpot.value;
    const ttftMs = reading?.ttftMs ?? step.ttft.value;
    const excess = reading ? 0 : excessVariance(knowledge.fits.tpot, system, step.tpot.slopes);
    const band = (quantity: Quantity): Band => bands[quantity][situation];
    const output = closedLoopThroughput({ concurrency, outputTokens: load.outputTokens, ttftMs, tpotMs });
    return {
      concurrency,
      tpotMs: banded(tpotMs, basis, band('tpot'), doubts, excess),
      ttftMs: banded(ttftMs, basis, band('ttft'), doubts, reading ? 0 : excessVariance(knowledge.fits.ttft, system, step.ttft.slopes)),
      outputTokensPerSecond: banded(output, basis, band('outputTokensPerSecond'), doubts, excess),
      situation,
      curve,
      doubts,
      anchor: tpotMs / step.tpot.value,
      step,
      bandRows: band('outputTokensPerSecond').rows,
    };
  };
}
