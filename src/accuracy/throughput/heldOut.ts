import type { Estimate } from '../../evidence/estimate.ts';
import type { BandTable, Quantity } from '../../throughput/band.ts';
import { closedLoopThroughput, layoutOf } from '../../throughput/curve.ts';
import type { Misses } from '../../throughput/fitting/leftOutMiss.ts';
import { fitSpeed, type SpeedFits, USUAL_BATCH_TOKENS, type Witness } from '../../throughput/fitting/speedFit.ts';
import { type Knowledge, knowledgeOf } from '../../throughput/knowledge.ts';
import type { Replica } from '../../throughput/replica.ts';
import type { Situation } from '../../throughput/situation.ts';
import { speedModel } from '../../throughput/speed.ts';
import { foldsOf, type HeldOutSituation, type ScoredSituation, scoredAs } from './holdOut.ts';

/** A prediction beside the measurement that it did not know. */
export interface HeldOut {
  readonly witness: Witness;
  readonly situation: Situation;
  readonly scored: ScoredSituation;
  readonly predicted: Readonly<Record<Quantity, Estimate>>;
  readonly measured: Readonly<Record<Quantity, number | null>>;
}

/** The replica of a measured row, asked on the day of its measurement for the version that it ran. */
function measuredReplica({ measurement, system, traffic, machine }: Witness, calibration: Misses | null): Replica {
  return {
    system,
    asked: system.engine,
    engineVersion: measurement.engineVersion,
    layout: layoutOf(measurement),
    kvCacheDtype: measurement.kvCacheDtype || 'bf16',
    traffic,
    machine,
    batchTokens: USUAL_BATCH_TOKENS,
    asOf: measurement.date || '1970-01-01',
    calibration,
  };
}

/** What the rows say of the three quantities; the rate is the one that the latencies imply where none is stated. */
function measuredOf({ measurement }: Witness): HeldOut['measured'] {
  const { tpotMs, ttftMs, outputTokensPerSecond, concurrency, outputTokens } = measurement;
  const implied = tpotMs === null || ttftMs === null ? null : closedLoopThroughput({ concurrency, outputTokens, ttftMs, tpotMs });
  return { tpot: tpotMs, ttft: ttftMs, outputTokensPerSecond: outputTokensPerSecond ?? implied };
}

/** Predicts one row from what is known. */
export function predict(witness: Witness, knowledge: Knowledge, calibration: Misses | null = null): HeldOut {
  const { inputTokens, outputTokens, reuse, concurrency } = witness.measurement;
  const replica = measuredReplica(witness, calibration);
  const speed = speedModel(replica, { inputTokens, outputTokens, reuse }, knowledge)(concurrency);
  const otherVersion = speed.situation === 'sameCurve' && speed.curve?.engineVersion !== witness.measurement.engineVersion;
  const situation = otherVersion ? 'newShape' : speed.situation;
  return {
    witness,
    situation,
    scored: scoredAs(situation),
    predicted: { tpot: speed.tpotMs, ttft: speed.ttftMs, outputTokensPerSecond: speed.outputTokensPerSecond },
    measured: measuredOf(witness),
  };
}

/** What is known where only these measurements are. */
export function knowledgeFrom(evidence: readonly Witness[], fits: SpeedFits, bands: BandTable, family: string): Knowledge {
  const measurements = evidence.map(({ measurement }) => measurement);
  return knowledgeOf({ measurements, fits, bands }, new Map(evidence.map(({ system }) => [system.gpu, system.vendor])), family);
}

/**
 * Predicts rows in one situation: hides what makes them better known than that, fits the coefficients to the rest, and keeps the rows that
 * are then met in this situation.
 *
 * @param evidence measurements that kplan ships
 * @param start a fit of all of them, from which each fit without some of them begins
 * @param fit how the rest is fitted
 */
export function heldOutIn(
  situation: HeldOutSituation,
  rows: readonly Witness[],
  evidence: readonly Witness[],
  start: SpeedFits,
  bands: BandTable,
  fit: (witnesses: readonly Witness[], start: SpeedFits) => SpeedFits = fitSpeed,
): HeldOut[] {
  return foldsOf(situation, rows).flatMap((fold) => {
    const rest = evidence.filter((witness) => !fold.hidden(witness));
    const fits = fit(rest, start);
    const families = new Map<string, Knowledge>();
    return fold.rows
      .map((row) => {
        const { family } = row.system;
        const knowledge = families.get(family) ?? knowledgeFrom(rest, fits, bands, family);
        families.set(family, knowledge);
        return predict(row, knowledge);
      })
      .filter(({ scored }) => scored === situation);
  });
}
