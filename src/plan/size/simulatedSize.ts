import { type FleetLatency, fleetLatency } from '../../serving/fleetLatency.ts';
import type { ServiceLevel } from '../../serving/serviceLevel.ts';
import { stepClockOf } from '../../serving/stepClock.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import type { LengthCell } from '../../workload/traffic.ts';
import type { SelfHost } from '../hosting/selfHost.ts';
import { sequenceLimits } from '../speed/deployedReplica.ts';
import { type FleetSize, type InFleet, inFleets } from './fleetSize.ts';
import type { SizeQuestion } from './sizeQuestion.ts';

/** Independent replications of a simulation. */
const SEEDS = 5;

/** A fleet is not sought beyond so many times the replicas that carry the mean. */
const MOST_TIMES = 8;

/** A fleet of so many replicas under simulated traffic. */
export interface SimulatedSize {
  readonly replicas: number;
  readonly latency: FleetLatency;
  /** Promises that it does not keep. */
  readonly broken: readonly ServiceLevel[];
  /** The largest fleet that was tried, where it keeps them neither. */
  readonly most?: SimulatedSize;
}

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

function simulated(inFleet: InFleet, side: SelfHost, question: SizeQuestion, knowledge: Knowledge, replicas: number): SimulatedSize | null {
  const placed = inFleet(replicas);
  if (!placed) return null;
  const { replica, load, at } = placed;
  const limits = sequenceLimits(side.judged);
  const maxSequences = Math.min(limits.maxSequences, Math.max(1, Math.floor(limits.kvTokens / load.outputTokens)));
  const latency = fleetLatency({
    fleet: {
      clock: stepClockOf(replica, load, knowledge, maxSequences),
      kvTokens: limits.kvTokens,
      maxSequences,
      batchTokens: Math.max(replica.batchTokens, maxSequences),
      tokensPerStep: 1,
      reuse: { kind: 'share', share: load.reuse },
      replicas,
    },
    arrivals: {
      requestsPerSecond: question.requestsPerSecond,
      gapCv: question.hosting.demand.workload?.gapCv?.value ?? 1,
      hours: null,
    },
    lengths: lengthsOf(question),
    loneTtftMs: at(1).ttftMs.value,
    seeds: SEEDS,
  });
  if (!latency) return null;
  const broken = question.levels.filter(({ metric, percentile, limitMs }) => latency[metric][`p${percentile}`].value > limitMs);
  return { replicas, latency, broken };
}

/**
 * The fewest replicas, from those that carry the mean on, whose simulated percentiles keep what is promised; beyond eight times as many
 * none is sought.
 *
 * @param size the fleet by the closed forms
 * @returns the fleet with its percentiles; that of the mean where no number of replicas keeps the promises; null where it cannot be simulated
 */
export function simulatedSize(size: FleetSize, question: SizeQuestion, knowledge: Knowledge): SimulatedSize | null {
  const { side } = size;
  const from = size.replicas.value;
  const inFleet = inFleets(side, question, knowledge);
  const at = (replicas: number) => simulated(inFleet, side, question, knowledge, replicas);
  const first = at(from);
  if (!first || first.broken.length === 0) return first;
  let least = from;
  let best: SimulatedSize | null = first;
  let step = 1;
  while (best && best.broken.length > 0) {
    if (best.replicas >= from * MOST_TIMES) return { ...first, broken: best.broken, most: best };
    least = best.replicas;
    best = at(Math.min(from * MOST_TIMES, from + step));
    step *= 2;
  }
  while (best && best.replicas - least > 1) {
    const middle = at(Math.floor((best.replicas + least) / 2));
    if (!middle) return null;
    if (middle.broken.length === 0) best = middle;
    else least = middle.replicas;
  }
  return best;
}
