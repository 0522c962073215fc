import type { Basis, Estimate } from '../evidence/estimate.ts';
import { attentionOf, type Band, banded, type Doubt, type Quantity } from './band.ts';
import { coefficientsOf, excessVariance } from './coefficients.ts';
import { type Curve, closedLoopThroughput, concurrencyRange, isStale, readCurve, STALE_DAYS } from './curve.ts';
import { curveAt, curveDoubts, isOfSystem } from './curveChoice.ts';
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
/** A format and engine of which so few runs on GPUs of the vendor are known have a band no narrower than one that nobody ran. */
const FEW_RUNS = 4;

/** The doubt about a system all of whose measurements are old; none where it was never measured. */
function ageDoubt(own: readonly Curve[], asOf: string): Doubt[] {
  const newest = own
    .map(({ date }) => date)
    .sort()
    .at(-1);
  if (newest === undefined || !isStale(newest, asOf)) return [];
  return [{ words: `the newest measurement is of ${newest}, over ${STALE_DAYS} days before ${asOf}`, factor: UNSEEN }];
}

function loadDoubts(replica: Replica, load: LoadPoint, own: readonly Curve[], ofPair: number): Doubt[] {
  const { layout, system } = replica;
  const shapes = own.map(({ shape }) => shape);
  const doubts: readonly [applies: boolean, doubt: Doubt][] = [
    [
      own.length > 0 && meanContextTokens(load) > 2 * Math.max(...shapes.map(meanContextTokens)),
      { words: 'a far longer context than measured', factor: FAR_CONTEXT },
    ],
    [load.reuse > 0.1 && shapes.every(({ reuse }) => reuse < 0.1), { words: 'prefix reuse was never measured here', factor: REUSE_UNSEEN }],
    [
      ofPair > 0 && ofPair < FEW_RUNS,
      {
        words: `only ${ofPair} measurements of ${system.format} with ${system.engine} on GPUs of this vendor are known`,
        factor: 1,
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

type Model = (concurrency: number) => ModelledStep;

/**
 * Share of a measured wait that is taken from the points beside it, in the logarithm; the rest is how the curve waits on the whole. Single
 * waits for a first token are noisy: repeat runs of one load differ by factors.
 */
const OWN_WAIT = 0.3;

/** Measured over modelled wait of a curve: the middle of its points; 1 where none was measured. */
function usualWait({ points }: Curve, model: (concurrency: number) => number): number {
  const ratios = points.flatMap(({ concurrency, ttftMs }) => (ttftMs === null ? [] : [ttftMs / model(concurrency)])).sort((a, b) => a - b);
  const [below = 1, above = 1] = [ratios[(ratios.length - 1) >> 1], ratios[ratios.length >> 1]];
  return Math.sqrt(below * above);
}

/**
 * Latencies through a curve, moved by the model from its shape to the asked one; beyond its ends the model, moved so that it meets the
 * curve there.
 *
 * @param usual what the curve waits over the model
 */
function readAt(curve: Curve, usual: number, concurrency: number, atShape: Model, atLoad: Model): Reading {
  const [low, high] = concurrencyRange(curve);
  const at = Math.min(Math.max(concurrency, low), high);
  const tpot = (n: number) => atShape(n).tpot.value;
  const ttft = (n: number) => atShape(n).ttft.value;
  const read = readCurve(curve, at, ({ tpotMs }) => tpotMs, tpot) ?? tpot(at);
  const waited = readCurve(curve, at, ({ ttftMs }) => ttftMs, ttft) ?? ttft(at);
  const asked = atLoad(concurrency);
  return {
    tpotMs: (read / tpot(at)) * asked.tpot.value,
    ttftMs: (waited / ttft(at)) ** OWN_WAIT * usual ** (1 - OWN_WAIT) * asked.ttft.value,
    inside: at === concurrency,
  };
}

/** The wider of two bands at either end. */
function wider(a: Band, b: Band): Band {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high), rows: a.rows };
}

/** The band of a calibration that misses points which it does not know by so much, in the logarithm. */
function missBand(half: number, rows: number): Band {
  return { low: Math.exp(-half), high: Math.exp(half), rows };
}

/**
 * Speed of one replica at a load as a function of concurrency: read from a measured curve of this engine, GPU, format, layout and shape
 * where there is one and the concurrency lies inside it; else by the step-time model with the coefficients of the system.
 * Bands are those of held-out measurements in the same situation, wider for every doubt and where the coefficients are poorly known by
 * published measurements.
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
  const own = knowledge.curves.filter((each) => isOfSystem(each, system));
  const curve = curveAt(own, replica, load);
  const atShape = curve && stepModel(replica, curve.shape, knowledge);
  const usual = curve && atShape ? usualWait(curve, (n) => atShape(n).ttft.value) : 1;
  const elsewhere = knowledge.measured.situationOf(system, layout);
  const bands = knowledge.bands[attentionOf(replica.traffic)];
  const ofPair = knowledge.measured.ofPair(system);
  const ofCurve = curve ? curveDoubts(curve, replica) : [];
  const outside = [...(ofCurve.length > 0 ? ofCurve : ageDoubt(own, replica.asOf)), ...loadDoubts(replica, load, own, ofPair)];
  const bandOf = (quantity: Quantity, situation: Situation): Band => {
    const band = bands[quantity][situation];
    if (situation === 'calibrated') return wider(band, missBand(replica.calibration?.[quantity] ?? 0, band.rows));
    const known = situation === 'sameCurve' || ofPair >= FEW_RUNS;
    return known ? band : wider(band, bands[quantity].unknownPair);
  };
  return (concurrency) => {
    const step = model(concurrency);
    const reading = curve && atShape ? readAt(curve, usual, concurrency, atShape, model) : null;
    const inside = reading?.inside === true;
    const situation = inside ? 'sameCurve' : replica.calibration ? 'calibrated' : elsewhere;
    const doubts = inside ? ofCurve : outside;
    const basis: Basis = inside ? 'measured' : replica.calibration ? 'calibrated' : 'modelled';
    const tpotMs = reading?.tpotMs ?? step.tpot.value;
    const ttftMs = reading?.ttftMs ?? step.ttft.value;
    const settled = reading !== null || replica.calibration !== null;
    const excess = settled ? 0 : excessVariance(knowledge.fits.tpot, system, step.tpot.slopes);
    const excessWait = settled ? 0 : excessVariance(knowledge.fits.ttft, system, step.ttft.slopes);
    const output = closedLoopThroughput({ concurrency, outputTokens: load.outputTokens, ttftMs, tpotMs });
    return {
      concurrency,
      tpotMs: banded(tpotMs, basis, bandOf('tpot', situation), doubts, excess),
      ttftMs: banded(ttftMs, basis, bandOf('ttft', situation), doubts, excessWait),
      outputTokensPerSecond: banded(output, basis, bandOf('outputTokensPerSecond', situation), doubts, excess),
      situation,
      curve,
      doubts,
      anchor: tpotMs / step.tpot.value,
      step,
      bandRows: bandOf('outputTokensPerSecond', situation).rows,
    };
  };
}
