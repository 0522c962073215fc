import { type Estimate, estimate, through } from '../../evidence/estimate.ts';
import { checkpointSize } from '../../model/checkpointSize.ts';
import { operatingPoint } from '../../serving/replicaRate.ts';
import { concurrencyLimit } from '../../throughput/capacityQuestion.ts';
import { freshTokens } from '../../throughput/loadPoint.ts';
import { SECONDS_PER_HOUR } from '../../units/time.ts';
import { fleetLine } from '../hosting/fleetLine.ts';
import { sequenceLimits } from '../speed/deployedReplica.ts';
import { type FleetSize, fleetCost } from './fleetSize.ts';
import { trafficSource } from './fleetTrial.ts';
import type { SimulatedSize } from './simulatedSize.ts';
import type { SizeBridge, SizeBridgeBand, SizedFleet, SizeRow } from './sizeAnswer.ts';
import { methodsOf } from './sizeMethods.ts';
import type { SizeQuestion } from './sizeQuestion.ts';
import { bindingOf, lawsInWords } from './sizeWords.ts';

/** What a rate of requests stands for. */
export function bridgeOf(
  rate: number,
  inFlight: number,
  { load }: Pick<FleetSize, 'load'>,
  { requestsPerUserHour, requestsPerConversation }: SizeQuestion,
): SizeBridge {
  return {
    activeUsers: requestsPerUserHour === null ? null : (rate * SECONDS_PER_HOUR) / requestsPerUserHour,
    conversationsPerHour: requestsPerConversation === null ? null : (rate * SECONDS_PER_HOUR) / requestsPerConversation,
    concurrentRequests: inFlight,
    requestsPerSecond: rate,
    inputTokensPerSecond: rate * load.inputTokens,
    freshTokensPerSecond: rate * freshTokens(load),
    outputTokensPerSecond: rate * load.outputTokens,
  };
}

function rowsOf({ side, planned }: FleetSize, replicas: number, question: SizeQuestion): SizeRow[] {
  const { spareReplicas } = question.hosting;
  const row = (code: SizeRow['code'], count: number): SizeRow => {
    const use = (of: number) => question.requestsPerSecond / (of * planned.requestsPerSecond.value);
    return {
      code,
      ...fleetCost(side, question, count),
      utilisation: use(count),
      utilisationWithOneDown: count > 1 ? use(count - 1) : null,
    };
  };
  const spare = Math.max(1, spareReplicas);
  return [row('load', replicas), row('spare', replicas + spare), row('upgrade', replicas + spare + 1)];
}

/** What one replica stands for at the rate that is planned for it. */
function plannedBridge(size: FleetSize, question: SizeQuestion): SizeBridgeBand {
  const { planned } = size;
  const { low, value, high, basis } = through(planned.requestsPerSecond, (most) => most * question.hosting.maxLoad);
  const inFlight = operatingPoint(planned.at, planned.load, planned.rate, value).concurrency;
  const [least, middle, most] = [low, value, high].map((rate) => bridgeOf(rate, inFlight, planned, question));
  const band = (of: (bridge: SizeBridge | undefined) => number | null | undefined): Estimate | null => {
    const ends = [of(least), of(middle), of(most)];
    return ends.every((end) => typeof end === 'number') ? estimate(basis, ends[0] ?? 0, ends[1] ?? 0, ends[2] ?? 0) : null;
  };
  return {
    activeUsers: band((bridge) => bridge?.activeUsers),
    conversationsPerHour: band((bridge) => bridge?.conversationsPerHour),
    concurrentRequests: band((bridge) => bridge?.concurrentRequests),
    requestsPerSecond: band((bridge) => bridge?.requestsPerSecond),
    inputTokensPerSecond: band((bridge) => bridge?.inputTokensPerSecond),
    freshTokensPerSecond: band((bridge) => bridge?.freshTokensPerSecond),
    outputTokensPerSecond: band((bridge) => bridge?.outputTokensPerSecond),
  };
}

/** Active users of one replica: at the load for which it is planned, or where a promise takes more replicas, each one's part of the users. */
function usersPerReplica(
  { planned, replicas }: FleetSize,
  simulated: SimulatedSize | null,
  { requestsPerUserHour, requestsPerSecond, hosting }: SizeQuestion,
): Estimate | null {
  if (requestsPerUserHour === null) return null;
  const band = simulated?.band;
  if (band && band.value > replicas.value) {
    const users = (count: number) => (requestsPerSecond * SECONDS_PER_HOUR) / requestsPerUserHour / count;
    return estimate(band.basis, users(band.high), users(band.value), users(band.low));
  }
  return through(planned.requestsPerSecond, (most) => (most * hosting.maxLoad * SECONDS_PER_HOUR) / requestsPerUserHour);
}

/** The replicas of a fleet: those of the simulation where something is promised, else those of the closed forms. */
function replicasOf({ replicas }: FleetSize, simulated: SimulatedSize | null): Estimate {
  return simulated?.band ?? replicas;
}

function simulationOf(
  { replicas, fleet, broken }: SimulatedSize,
  size: FleetSize,
  question: SizeQuestion,
): NonNullable<SizedFleet['simulation']> {
  const { percentiles, reuse, busyShare, preemptionShare, refusedShare } = fleet;
  const traffic = trafficSource(question).kind;
  return { replicas, closedReplicas: size.replicas.value, percentiles, broken, traffic, reuse, busyShare, preemptionShare, refusedShare };
}

/** One deployment sized: replicas, what they cost, what binds and whom they serve. */
export function sizedFleet(size: FleetSize, simulated: SimulatedSize | null, question: SizeQuestion): SizedFleet {
  const { side, rate } = size;
  const replicas = replicasOf(size, simulated);
  const final = size.withReplicas(replicas.value) ?? size;
  const { utilisation, inFlight, reuse, running } = final;
  const perReplica = question.requestsPerSecond / replicas.value;
  const limits = sequenceLimits(side.judged);
  const { kvTokens } = limits;
  const perUser = bridgeOf(perReplica, inFlight, final, question);
  const { checkpoint } = side.judged.deployment;
  const { bytes } = checkpointSize(side.judged.deployment.model, checkpoint);
  const { low, value, high } = question.loadBytesPerSecond;
  const rateOfLoad: Estimate = { low, value, high, basis: 'assumed' };
  return {
    id: side.id,
    fleet: fleetLine(side, question.hosting),
    replicas,
    binding: bindingOf(size, simulated, question),
    laws: lawsInWords(size),
    simulation: simulated && simulationOf(simulated, size, question),
    methods: methodsOf(final, perReplica, concurrencyLimit(limits, final.load), simulated),
    rows: rowsOf(size, replicas.value, question),
    utilisation,
    headroom: 1 / utilisation - 1,
    requestsPerSecondPerReplica: size.planned.requestsPerSecond,
    concurrencyLimit: rate.concurrency,
    ttftMs: running.ttftMs,
    tpotMs: running.tpotMs,
    reuse,
    kvTokensPerUser: perUser.activeUsers === null ? null : kvTokens / perUser.activeUsers,
    activeUsersPerReplica: usersPerReplica(size, simulated, question),
    perReplica: perUser,
    plannedPerReplica: plannedBridge(size, question),
    coldStart: { checkpointBytes: bytes, seconds: through(rateOfLoad, (perSecond) => bytes / perSecond) },
  };
}
