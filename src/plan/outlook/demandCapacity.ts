import type { Knowledge } from '../../throughput/knowledge.ts';
import type { Demand } from '../../workload/loadPoint.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { replicaCapacity } from '../hosting/replicaCapacity.ts';
import type { SizedSelfHost } from '../hosting/selfHost.ts';

/** Points of the table on each axis, by the number of axes that vary. */
const POINTS = [1, 33, 13, 7] as const;

/** Least share of the input that is told apart from none to compute. */
const LEAST_FRESH = 1e-3;

/** What a capacity depends on, as axes on which its logarithm is nearly straight. */
function coordinates({ inputTokens, outputTokens, askedReuse }: Demand): [number, number, number] {
  return [Math.log(inputTokens), Math.log(outputTokens), askedReuse === null ? 0 : Math.log(Math.max(LEAST_FRESH, 1 - askedReuse))];
}

/** The demand at a place of the axes, all else as in another. */
function demandAt(like: Demand, [input, output, fresh]: readonly [number, number, number]): Demand {
  return {
    ...like,
    inputTokens: Math.exp(input),
    outputTokens: Math.exp(output),
    askedReuse: like.askedReuse === null ? null : 1 - Math.exp(fresh),
  };
}

/** A place on one axis: the point before it and how far on to the next. */
interface Step {
  readonly index: number;
  readonly part: number;
}

/**
 * The capacity of one replica over demands, requests per second: a table of the planned rate at up to 33 places of each of input, output and
 * fresh share of the input that vary, its logarithm straight between them. Asking the rate anew for each of ten thousand samples would
 * take seconds.
 *
 * @param side the fleet, planned for the demand of the question
 * @param demands that are to be asked; the table reaches over all of them
 * @returns a function of a demand within these
 */
export function capacityOver(
  side: SizedSelfHost,
  question: HostingQuestion,
  knowledge: Knowledge,
  demands: readonly Demand[],
): (demand: Demand) => number {
  const places = demands.map(coordinates);
  const [like = question.demand] = demands;
  const ends = [0, 1, 2].map((axis) => {
    const values = places.map((place) => place[axis] ?? 0);
    return [Math.min(...values), Math.max(...values)] as const;
  });
  const varying = ends.filter(([low, high]) => high > low).length;
  const counts = ends.map(([low, high]) => (high > low ? (POINTS[varying] ?? 1) : 1));
  const at = (axis: number, index: number): number => {
    const [low, high] = ends[axis] ?? [0, 0];
    const count = counts[axis] ?? 1;
    return count === 1 ? low : low + ((high - low) * index) / (count - 1);
  };
  const [inputs = 1, outputs = 1, shares = 1] = counts;
  const logs = new Float64Array(inputs * outputs * shares);
  for (let input = 0; input < inputs; input++)
    for (let output = 0; output < outputs; output++)
      for (let share = 0; share < shares; share++) {
        const demand = demandAt(like, [at(0, input), at(1, output), at(2, share)]);
        const { capacity } = replicaCapacity({ ...question, demand }, side.judged, knowledge);
        const requests = capacity.kind === 'no-measurement' ? 0 : capacity.requestsPerSecond.value;
        logs[(input * outputs + output) * shares + share] = Math.log(requests);
      }
  const stepOf = (axis: number, value: number): Step => {
    const [low, high] = ends[axis] ?? [0, 0];
    const count = counts[axis] ?? 1;
    if (count === 1) return { index: 0, part: 0 };
    const place = Math.min(count - 1, Math.max(0, ((value - low) / (high - low)) * (count - 1)));
    const index = Math.min(count - 2, Math.floor(place));
    return { index, part: place - index };
  };
  return (demand) => {
    const [x, y, z] = coordinates(demand).map((value, axis) => stepOf(axis, value)) as [Step, Step, Step];
    let sum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const [i, j, k] = [corner & 1, (corner >> 1) & 1, corner >> 2];
      const weight = (i ? x.part : 1 - x.part) * (j ? y.part : 1 - y.part) * (k ? z.part : 1 - z.part);
      if (weight > 0) sum += weight * (logs[((x.index + i) * outputs + y.index + j) * shares + z.index + k] ?? 0);
    }
    return Math.exp(sum);
  };
}
