import type { Estimate } from '../../evidence/estimate.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { knowledgeOn } from '../../plan/speed/deployedReplica.ts';
import { witnessOf } from '../../plan/speed/witness.ts';
import { isConsistent, isSaturated, layoutOf } from '../../throughput/curve.ts';
import { USUAL_BATCH_TOKENS } from '../../throughput/fitting/speedFit.ts';
import { isPlain } from '../../throughput/knowledge.ts';
import type { Measurement } from '../../throughput/measurement.ts';
import { speakingSystem } from '../../throughput/replica.ts';
import { speedModel } from '../../throughput/speed.ts';
import type { RequestRecord } from '../client/record.ts';
import {
  type EndpointCalibration,
  type EndpointConditions,
  type EndpointDeployment,
  pointMeasurement,
  type SaidSpeed,
} from '../endpointCalibration.ts';
import type { ServerPeaks, StepPeaks } from '../metrics/serverPeaks.ts';
import { bufferedFlags } from './bufferedAnswers.ts';
import { fitEndpoint, leftOut, type PointWitness } from './endpointFit.ts';
import { pausesOf } from './pauses.ts';
import { impossibilities, type PointFlag } from './physics.ts';
import { predictedSpeed } from './prediction.ts';
import { type CalibrationPoint, pointsOf } from './stepPoint.ts';
import { usageFlags } from './usageDoubt.ts';

/** What a calibration is made of. */
export interface CalibrationInput {
  readonly name: string;
  readonly date: string;
  readonly source: EndpointCalibration['source'];
  readonly records: readonly RequestRecord[];
  /** Requests at the beginning of a step that do not count, by its place in the ladder. */
  readonly warmUp: (step: number) => number;
  /** What the server had under way at most, by step; of the metrics that were read. */
  readonly peaks?: readonly StepPeaks[];
  readonly deployment: EndpointDeployment | null;
  readonly conditions: EndpointConditions;
  /** Tokens that the endpoint says its KV cache holds, and those that kplan says; null where unknown. */
  readonly kvTokens: number | null;
  readonly predictedKv: { readonly tokens: Estimate; readonly bytesPerGpu: number } | null;
}

interface Judged {
  readonly point: CalibrationPoint;
  readonly witness: PointWitness | null;
  readonly flags: readonly PointFlag[];
}

function flagOf(measurement: Measurement, own: readonly RequestRecord[]): PointFlag {
  const { id, speculation, outputTokensPerSecond } = measurement;
  if (!isPlain(measurement))
    return { code: 'speculation', point: id, message: `${speculation} speculates, which the step-time model does not describe` };
  if (!isConsistent(measurement)) {
    const rate = `${Math.round(outputTokensPerSecond ?? 0)} tokens per second`;
    const why = pausesOf(own).length > 0 ? 'the endpoint asked for pauses (Retry-After)' : 'the step was not steady';
    return { code: 'inconsistent', point: id, message: `${rate} contradict TTFT and TPOT by more than 10 %: ${why}` };
  }
  if (isSaturated(measurement))
    return { code: 'saturated', point: id, message: 'the first token took longer than all others: the queue was full' };
  return { code: 'unknown-hardware', point: id, message: 'the catalog knows too little of the GPU, the model or the format' };
}

function judged(point: CalibrationPoint, { deployment, conditions, date, records }: CalibrationInput, catalog: Catalog): Judged {
  const own = records.filter(({ ask }) => isOfStep(point, ask.step));
  const buffered = bufferedFlags(point.id, own);
  const counted = [...usageFlags(point.id, own), ...buffered];
  if (deployment === null) return { point, witness: null, flags: counted };
  const measurement = pointMeasurement(point, deployment, conditions, date);
  const witness = witnessOf(measurement, catalog);
  // What would be derived of answers held back says nothing of the GPUs.
  const flags = [...counted, ...(buffered.length > 0 ? [] : impossibilities(measurement, catalog))];
  if (witness === null) return { point, witness: null, flags: flags.length > 0 ? flags : [flagOf(measurement, own)] };
  const sampling = { tpot: (point.tpotMs?.error ?? 0) ** 2, ttft: (point.ttftMs?.error ?? 0) ** 2 };
  return { point, witness: { ...witness, sampling }, flags };
}

/** What kplan says of a point without the calibration. */
function shippedSpeed({ measurement, system, traffic, machine }: PointWitness, catalog: Catalog): SaidSpeed {
  const { family, date, engine, engineVersion, kvCacheDtype, concurrency } = measurement;
  const knowledge = knowledgeOn(catalog, family, date);
  const replica = {
    system: speakingSystem(knowledge.curves, system),
    asked: engine,
    engineVersion,
    layout: layoutOf(measurement),
    kvCacheDtype: kvCacheDtype || 'bf16',
    traffic,
    machine,
    batchTokens: USUAL_BATCH_TOKENS,
    asOf: date,
    calibration: null,
  };
  const { tpotMs, ttftMs } = speedModel(replica, measurement, knowledge)(concurrency);
  return { tpotMs, ttftMs };
}

/** Whether a point is of a step, with whose place its id begins. */
function isOfStep({ id }: CalibrationPoint, step: number): boolean {
  return id.startsWith(`${step}-`);
}

/** The peaks of the step of a point. */
function peaksOf(point: CalibrationPoint, peaks: readonly StepPeaks[]): { readonly server?: ServerPeaks } {
  const found = peaks.find(({ step }) => isOfStep(point, step));
  if (!found) return {};
  const { step: _, ...server } = found;
  return { server };
}

/** A share that was only asked for is none where the endpoint keeps no prefixes. */
function reusing(point: CalibrationPoint, { prefixCaching }: EndpointConditions): CalibrationPoint {
  return point.reuseSource === 'asked' && prefixCaching === false ? { ...point, reuse: 0 } : point;
}

/**
 * The calibration that the records of a run make: a point for each step, those that contradict physics or themselves flagged, and of the
 * others the fit of the step-time model, beginning from the shipped coefficients, with what it foretells of points left out of it.
 *
 * @param input records, and what runs behind the endpoint as far as known
 * @param catalog facts; its measurements and coefficients are the shipped model
 */
export function calibrated(input: CalibrationInput, catalog: Catalog): EndpointCalibration {
  const { name, date, source, deployment, conditions, kvTokens, predictedKv } = input;
  const points = pointsOf(input.records, input.warmUp).map((point) => judged(reusing(point, conditions), input, catalog));
  const usable = points.flatMap(({ witness, flags }) => (witness && flags.length === 0 ? [witness] : []));
  const fit = fitEndpoint(usable, catalog.speed.fits);
  return {
    schema: 'kplan/calibration@2',
    name,
    date,
    source,
    deployment,
    conditions,
    kvTokens:
      kvTokens === null
        ? null
        : { measured: kvTokens, predicted: predictedKv?.tokens ?? null, kvMemoryBytesPerGpu: predictedKv?.bytesPerGpu ?? null },
    speed: {
      points: points.map(({ point, witness, flags }) => {
        const fitted = fit && witness && predictedSpeed(fit, witness.measurement, point.concurrency, 'run', witness.sampling);
        return {
          ...point,
          used: witness !== null && flags.length === 0,
          shipped: witness && shippedSpeed(witness, catalog),
          fitted: fitted && { tpotMs: fitted.tpotMs, ttftMs: fitted.ttftMs },
          ...peaksOf(point, input.peaks ?? []),
        };
      }),
      fit: fit && { tpot: fit.tpot, ttft: fit.ttft },
      leftOut: fit && leftOut(usable, catalog.speed.fits),
      flags: points.flatMap(({ flags }) => flags),
    },
  };
}
