import type { Estimate } from '../evidence/estimate.ts';
import { type Layout, replicaGpus } from '../layout/layout.ts';
import type { Measurement } from '../throughput/measurement.ts';
import { knownBy } from '../units/time.ts';
import type { LeftOut } from './fit/endpointFit.ts';
import type { PointFlag } from './fit/physics.ts';
import type { QuantityFit } from './fit/quantityFit.ts';
import type { CalibrationPoint } from './fit/stepPoint.ts';
import type { ServerPeaks } from './metrics/serverPeaks.ts';

/** What runs behind an endpoint, as stated or discovered; ids of the catalog. */
export interface EndpointDeployment {
  readonly engine: string;
  readonly engineVersion: string;
  readonly model: string;
  readonly family: string;
  readonly format: string;
  /** Empty where nobody says. */
  readonly kvCacheDtype: string;
  readonly gpu: string;
  readonly layout: Layout;
}

/** Under what a calibration holds. */
export interface EndpointConditions {
  /** Host of the endpoint; null where it is to stay unknown. */
  readonly endpoint: string | null;
  /** As it was asked for. */
  readonly servedModel: string;
  readonly protocol: string;
  /** `none`, what speculates or is suspected to, or `unknown`. */
  readonly speculation: string;
  readonly prefixCaching: boolean | null;
  readonly maxModelLen: number | null;
  readonly notes: readonly string[];
}

/** Both latencies by some model. */
export interface SaidSpeed {
  readonly tpotMs: Estimate;
  readonly ttftMs: Estimate | null;
}

/** A load point with what the shipped model and the fitted one say of it. */
export interface CalibratedPoint extends CalibrationPoint {
  /** Whether answers may use it: no flag speaks against it. */
  readonly used: boolean;
  readonly shipped: SaidSpeed | null;
  readonly fitted: SaidSpeed | null;
  /** What the server had under way at most meanwhile; absent where its metrics were not read. */
  readonly server?: ServerPeaks;
}

/** What measuring a live endpoint found: the file that `calibrate` writes, and that every `--calibration` reads. */
export interface EndpointCalibration {
  readonly schema: 'kplan/calibration@2';
  readonly name: string;
  /** The day on which it was made. */
  readonly date: string;
  /** The records of its requests. */
  readonly source: { readonly file: string; readonly sha256: string };
  /** null where nobody knows what runs there, as behind a paid API. */
  readonly deployment: EndpointDeployment | null;
  readonly conditions: EndpointConditions;
  /** Tokens that the KV cache holds, as the endpoint says and as kplan does; null where the endpoint does not. */
  readonly kvTokens: {
    readonly measured: number;
    readonly predicted: Estimate | null;
    /** In which kplan's figure lies. */
    readonly kvMemoryBytesPerGpu: number | null;
  } | null;
  readonly speed: {
    readonly points: readonly CalibratedPoint[];
    readonly fit: { readonly tpot: QuantityFit; readonly ttft: QuantityFit | null } | null;
    /** How well the fit foretells points that it does not know; null without a fit. */
    readonly leftOut: LeftOut | null;
    readonly flags: readonly PointFlag[];
  };
}

/** A load point as a measurement. */
export function pointMeasurement(
  point: CalibrationPoint,
  deployment: EndpointDeployment,
  { speculation }: Pick<EndpointConditions, 'speculation'>,
  date: string,
): Measurement {
  const { family, model, format, kvCacheDtype, engine, engineVersion, gpu, layout } = deployment;
  const { tp, pp, ep, attentionDp, dcp } = layout;
  const { id, inputTokens, outputTokens, concurrency, reuse, outputTokensPerSecond, ttftMs, tpotMs } = point;
  return {
    id,
    family,
    model,
    format,
    kvCacheDtype,
    engine,
    engineVersion,
    gpu,
    gpus: replicaGpus(layout),
    tp,
    pp,
    ep,
    attentionDp,
    dcp,
    prefillGpus: 0,
    speculation,
    inputTokens,
    outputTokens,
    concurrency,
    reuse,
    outputTokensPerSecond,
    ttftMs: ttftMs?.median ?? null,
    tpotMs: tpotMs?.median ?? null,
    statistic: 'median',
    date,
    source: 'user',
  };
}

/**
 * The load points of a calibration as measurements of the user's own, flagged ones left out.
 *
 * @returns none where nobody knows what runs behind the endpoint
 * @example calibratedMeasurements(endpointCalibration).map(({ concurrency }) => concurrency) // [16]
 */
export function calibratedMeasurements({ deployment, conditions, date, speed }: EndpointCalibration): Measurement[] {
  if (deployment === null) return [];
  return speed.points.filter(({ used }) => used).map((point) => pointMeasurement(point, deployment, conditions, date));
}

/** What a question is of, as far as it decides whether measurements answer it; ids of the catalog. */
export interface AskedSystem {
  readonly model: string;
  readonly family: string;
  readonly format: string;
  readonly engine: string;
  /** Whichever is asked; null where the question names none. */
  readonly gpus: readonly string[] | null;
  /** The day that was typed; null where none was. */
  readonly asOf: string | null;
  /** As far as it is stated. */
  readonly deployment: Partial<Pick<Layout, 'tp' | 'pp' | 'dcp' | 'attentionDp'>> & { readonly kvCacheDtype?: string };
}

/** More GPU types than these are counted, not named. */
const NAMED_GPUS = 3;

function gpusInWords(gpus: readonly string[]): string {
  return gpus.length > NAMED_GPUS ? `${gpus.length} other GPU types` : gpus.join(', ');
}

/**
 * Why a calibration cannot move an answer, or null where it can. Speed is read from measurements of the same model family, format, GPU and
 * engine (or the ATOM plug-in of it). Model and engine version may differ, and from six points on, to which coefficients are fitted, so may
 * the number of GPUs and the layout; fewer points are read for their own layout and shape alone.
 *
 * @param file as it is named
 */
export function whyUnused({ deployment, date }: EndpointCalibration, asked: AskedSystem, file: string): string | null {
  if (deployment === null) return null;
  const { family, format, gpu, layout, engine } = deployment;
  if (asked.asOf !== null && !knownBy(date, asked.asOf))
    return `${file} is of ${date}; the question is as of ${asked.asOf}: it is not used`;
  const otherModel = family !== asked.family;
  const otherFormat = format !== asked.format;
  const otherGpus = asked.gpus === null || asked.gpus.includes(gpu) ? [] : asked.gpus;
  const otherEngine = engine !== asked.engine && engine !== `atom-${asked.engine}`;
  const what = (names: { readonly model: string; readonly format: string }) =>
    [...(otherModel ? [names.model] : []), ...(otherModel || otherFormat ? [names.format] : [])].join(' ');
  const differs = [what(asked), gpusInWords(otherGpus), otherEngine ? asked.engine : ''].filter((part) => part !== '');
  if (differs.length === 0) return null;
  const made = [what(deployment), `${replicaGpus(layout)}×${gpu}`, engine].filter((part) => part !== '');
  return `${file} is of ${made.join(' on ')}; the question is of ${differs.join(' on ')}: it is not used`;
}

/** Names of what may differ, as the options are called. */
const DIFFERS = { tp: 'TP', pp: 'PP', dcp: 'DCP', attentionDp: 'attention DP' } as const;

/**
 * How the deployment of a calibration differs from what is stated of the question, in words; empty where it does not, or nobody knows.
 *
 * @example otherDeployment(endpointCalibration, { dcp: 8, tp: 8 }) // 'it was measured with DCP 1, and the question is of DCP 8'
 */
export function otherDeployment({ deployment }: EndpointCalibration, asked: AskedSystem['deployment']): string {
  if (deployment === null) return '';
  const { layout, kvCacheDtype } = deployment;
  const dtype = asked.kvCacheDtype ?? 'auto';
  const pairs = [
    ...(['tp', 'pp', 'dcp', 'attentionDp'] as const).flatMap((name) => {
      const way = asked[name] ?? layout[name];
      return way === layout[name] ? [] : [[`${DIFFERS[name]} ${layout[name]}`, `${DIFFERS[name]} ${way}`] as const];
    }),
    ...(dtype === 'auto' || kvCacheDtype === '' || dtype === kvCacheDtype ? [] : [[`a KV cache in ${kvCacheDtype}`, dtype] as const]),
  ];
  if (pairs.length === 0) return '';
  return `it was measured with ${pairs.map(([was]) => was).join(', ')}, and the question is of ${pairs.map(([, is]) => is).join(', ')}`;
}

/** Concurrency at which a correction is told: busy, but not full. */
const TELLING_CONCURRENCY = 16;

/** Measured over shipped TPOT at one point. */
export interface Correction {
  readonly concurrency: number;
  readonly factor: number;
}

/**
 * The correction that is told of a calibration: that at the used point whose concurrency is nearest to 16 on a logarithmic scale.
 *
 * @returns null where no point has both figures
 * @example correctionOf(endpointCalibration.speed.points)?.factor.toFixed(2) // '1.18'
 */
export function correctionOf(points: readonly CalibratedPoint[]): Correction | null {
  const distance = ({ concurrency }: Correction) => Math.abs(Math.log(concurrency / TELLING_CONCURRENCY));
  const corrections = points.flatMap(({ used, concurrency, shipped, tpotMs }) =>
    used && shipped && tpotMs ? [{ concurrency, factor: tpotMs.median / shipped.tpotMs.value }] : [],
  );
  return corrections.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

/**
 * What a calibration changes, in one line for the assumptions of an answer: its load points, of what, and measured over shipped TPOT.
 *
 * @param file as it is named
 * @example calibrationWords(endpointCalibration, 'node.json') // 'node.json (1 load point of kimi-k2.5 int4 on 8×h200-sxm, vllm 0.25.1, 2026-11-26) comes before shipped measurements: TPOT at a concurrency of 16 is 1.18 times the shipped model'
 */
export function calibrationWords({ deployment, date, speed, conditions }: EndpointCalibration, file: string): string {
  const used = speed.points.filter((point) => point.used);
  if (deployment === null) return `${file} does not say what serves ${conditions.servedModel}, so it moves nothing here`;
  if (used.length === 0) return `no load point of ${file} is used: ${speed.flags[0]?.message ?? 'none was measured'}`;
  const { model, format, gpu, layout, engine, engineVersion } = deployment;
  const of = `${used.length} load ${used.length === 1 ? 'point' : 'points'} of ${model} ${format} on ${replicaGpus(layout)}×${gpu}, ${engine} ${engineVersion}, ${date}`;
  const left = speed.points.length - used.length;
  const leaves = left === 0 ? '' : `; ${left} of its points ${left === 1 ? 'is' : 'are'} flagged and not used`;
  const correction = correctionOf(used);
  const moves =
    correction === null
      ? ''
      : `: TPOT at a concurrency of ${correction.concurrency} is ${correction.factor.toFixed(2)} times the shipped model`;
  return `${file} (${of}) comes before shipped measurements${moves}${leaves}`;
}
