import { through } from '../../evidence/estimate.ts';
import type { FleetEvent } from '../../serving/fleetEvent.ts';
import { type SimulatedFleet, simulatedFleet } from '../../serving/simulatedFleet.ts';
import { type SimulatedTraffic, simulatedTraffic, type TrafficSource } from '../../serving/simulatedTraffic.ts';
import type { StepClock } from '../../serving/simulation/stepClock.ts';
import { stepClockOf } from '../../serving/stepClock.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import type { LengthCell } from '../../workload/traffic.ts';
import type { SelfHost } from '../hosting/selfHost.ts';
import { sequenceLimits } from '../speed/deployedReplica.ts';
import { inFleets } from './fleetSize.ts';
import { remembered } from './remembered.ts';
import type { SizeQuestion } from './sizeQuestion.ts';

/** One fleet under simulated traffic. */
export interface Trial {
  readonly replicas: number;
  /** Of the fleet; that of the question where none is given. */
  readonly requestsPerSecond?: number;
  /** From the end of the warm-up on, for which it takes so many seconds of requests. */
  readonly event?: { readonly seconds: number; readonly from: (fromMs: number) => FleetEvent };
  /** Time of each step over that of the model; 1 where none is given. */
  readonly pace?: number;
  /** Fewer than the usual ones. */
  readonly replications?: number;
}

/** Of a larger fleet so many replicas are played, with their part of the traffic: conversations stay where they began. */
const MOST_PLAYED = 8;

/** Plays trials of one deployment; null where a request fits into no replica, or none comes while waits are measured. */
export type Simulator = (trial: Trial) => SimulatedFleet | null;

/** Lengths of the asked requests: those of the workload, stretched to the asked means. */
function lengthsOf({ hosting }: SizeQuestion): readonly LengthCell[] {
  const { workload, inputTokens, outputTokens } = hosting.demand;
  if (!workload || workload.lengths.length === 0) return [{ share: 1, inputTokens, outputTokens }];
  const [input, output] = [inputTokens / workload.inputTokens, outputTokens / workload.outputTokens];
  return workload.lengths.map((cell) => ({
    share: cell.share,
    inputTokens: cell.inputTokens * input,
    outputTokens: cell.outputTokens * output,
  }));
}

/** What the requests are made of: the trace where one is given, conversations where the workload has them and nobody asks for others. */
export function trafficSource(question: SizeQuestion): TrafficSource {
  const { trace, hosting } = question;
  if (trace) return { kind: 'trace', trace };
  const { workload, inputTokens, askedReuse } = hosting.demand;
  const lengths = lengthsOf(question);
  if (workload?.conversations && inputTokens === workload.inputTokens && askedReuse === null)
    return { kind: 'conversations', shape: workload.conversations, lengths };
  return { kind: 'lengths', arrivals: { gapCv: workload?.gapCv?.value ?? 1, hours: null }, lengths };
}

function reshaped({ requests }: SimulatedTraffic, { reshape }: FleetEvent): SimulatedTraffic['requests'] {
  return (replication) => {
    const traffic = requests(replication);
    return { ...traffic, requests: reshape(traffic.requests) };
  };
}

function paced(clock: StepClock, pace: number): StepClock {
  return pace === 1 ? clock : { ...clock, seconds: (batch) => pace * clock.seconds(batch) };
}

/** Makes the simulator of a deployment. */
export function simulatorOf(side: SelfHost, question: SizeQuestion, knowledge: Knowledge): Simulator {
  const inFleet = inFleets(side, question, knowledge);
  const source = trafficSource(question);
  const limits = sequenceLimits(side.judged);
  const placedIn = remembered((replicas) => {
    const one = inFleet(replicas);
    if (!one) return null;
    const maxSequences = Math.min(limits.maxSequences, Math.max(1, Math.floor(limits.kvTokens / one.load.outputTokens)));
    return { ...one, maxSequences, clock: stepClockOf(one.replica, one.load, knowledge, maxSequences) };
  });
  return ({ replicas, requestsPerSecond = question.requestsPerSecond, event: happens, pace = 1, replications }) => {
    const placed = placedIn(replicas);
    if (!placed) return null;
    const { replica, load, at, maxSequences, clock } = placed;
    const played = happens || source.kind === 'trace' ? replicas : Math.min(replicas, MOST_PLAYED);
    const traffic = simulatedTraffic(source, (requestsPerSecond * played) / replicas, load.reuse, happens?.seconds);
    const event = happens?.from(traffic.windows[0]?.fromMs ?? 0);
    const fleet = simulatedFleet({
      fleet: {
        clock: paced(clock, pace),
        kvTokens: limits.kvTokens,
        maxSequences,
        batchTokens: Math.max(replica.batchTokens, maxSequences),
        tokensPerStep: 1,
        replicas: played,
        failures: event?.failures ?? [],
      },
      traffic: {
        ...traffic,
        replications: Math.min(replications ?? traffic.replications, traffic.replications),
        ...(event ? { requests: reshaped(traffic, event), windows: [event.window] } : {}),
      },
      load,
      loneTtftMs: pace * at(1).ttftMs.value,
      watch: question.watch && ((replication, all) => question.watch?.({ fleet: side.id, replicas, replication, replications: all })),
    });
    const asked = requestsPerSecond / traffic.requestsPerSecond;
    return (
      fleet && {
        ...fleet,
        inFlight: through(fleet.inFlight, (count) => count * asked),
        busyShare: through(fleet.busyShare, (share) => (share * asked * played) / replicas),
      }
    );
  };
}
