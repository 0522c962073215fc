import type { Catalog } from '../catalog.ts';
import { fleetsOf, type RefusalLine, refusalLine } from '../hosting/fleets.ts';
import { hostingAge, hostingOrigins, hostingQueryOf, hostingWarnings } from '../hosting/hostingEvidence.ts';
import type { SelfHost } from '../hosting/selfHost.ts';
import { sourcesUsed } from '../sourcesUsed.ts';
import { type FleetSize, fleetSize, type RunningFleet } from './fleetSize.ts';
import { type Simulator, simulatorOf } from './fleetTrial.ts';
import { type SimulatedSize, simulatedSize } from './simulatedSize.ts';
import type { SizeAnswer, SizedFleet } from './sizeAnswer.ts';
import { sizeAssumptions } from './sizeAssumptions.ts';
import { dayCurve, loadCurve } from './sizeCurves.ts';
import { bridgeOf, sizedFleet } from './sizedFleet.ts';
import { hostingPart, resolveSizeQuery, type SizeQuery, type SizeQuestion, type SizeWatch } from './sizeQuestion.ts';
import { sizeInWords } from './sizeWords.ts';
import { whatIfs } from './whatIf.ts';

/** A deployment that can be sized, with its simulator. */
interface Sized {
  readonly size: FleetSize;
  /** With the replicas of the answer. */
  readonly final: RunningFleet;
  readonly simulate: Simulator;
  readonly simulated: SimulatedSize | null;
  readonly fleet: SizedFleet;
}

function neverLine({ gpu }: SelfHost): RefusalLine {
  return {
    gpu: gpu.id,
    code: 'never',
    message: 'no number of replicas keeps what is promised: one request alone is too slow or does not fit',
  };
}

/** What a simulation could not do. */
function simulationWarnings({ fleet, simulated }: Sized, { simulate, trace }: SizeQuestion): string[] {
  const { gpusPerReplica, gpuName } = fleet.fleet;
  const name = `${gpusPerReplica}×${gpuName}`;
  if (!simulate) return [];
  if (!simulated)
    return [
      `Nothing could be simulated on ${name}: no request came while waits were measured; its replicas are those of the means, whatever is promised.`,
    ];
  const { refusedShare } = simulated.fleet;
  if (refusedShare === 0) return [];
  const share = refusedShare < 0.001 ? 'under 0.1 %' : `${(100 * refusedShare).toPrecision(2)} %`;
  return [
    `${share} of the requests${trace ? ` of ${trace.name}` : ''} do not fit the KV cache of a replica of ${name}: they are never served, and counted in no percentile.`,
  ];
}

/** Whether a fleet keeps not all that is promised. */
function breaks({ simulation }: SizedFleet): boolean {
  return (simulation?.broken.length ?? 0) > 0;
}

function usdOf({ rows }: SizedFleet): number {
  return rows[0]?.usdPerMonth.value ?? 0;
}

/** What was asked of the first fleet beside its size. */
function furtherOf(best: Sized | undefined, question: SizeQuestion): Pick<SizeAnswer, 'whatIfs' | 'loadCurve' | 'day'> {
  const { curves, day, requestsPerSecond, sketch } = question;
  if (!best) return { whatIfs: [], loadCurve: null, day: null };
  const { simulate, size, fleet } = best;
  const replicas = fleet.replicas.value;
  const curved = { simulate, replicas, most: replicas * size.planned.requestsPerSecond.value };
  return {
    whatIfs: whatIfs(simulate, replicas, fleet.coldStart.seconds.value, question),
    loadCurve: curves.includes('load') ? loadCurve(curved, requestsPerSecond) : null,
    day: curves.includes('day') && day ? dayCurve(curved, requestsPerSecond, day.hours, sketch) : null,
  };
}

/**
 * How many replicas does this workload take, and what binds? The fewest replicas that carry the busiest hour on average, at the prefix
 * reuse that a fleet of that size reaches, by the utilisation law on fresh tokens and Little's law on the KV cache.
 *
 * @param query workload, users or requests per second, GPUs and what is promised
 * @param catalog facts; prices and measurements later than the asked day are not used
 * @param watch told before each replication of a simulation
 * @returns fleets ascending in cost, those that keep what is promised before those that do not
 * @throws Fault `missing` where nobody says how much is asked; `unknown`, `invalid` or `contradiction` for a query that cannot be meant
 * @example size({ gpu: ['h200'], workload: 'agentic-coding', users: 200 }, loadCatalog()).fleets[0]?.binding.code // 'kv-cache'
 */
export function size(query: SizeQuery, catalog: Catalog, watch?: SizeWatch): SizeAnswer {
  const question = resolveSizeQuery(query, catalog, watch);
  const { hosting, levels, requestsPerSecond } = question;
  const asked = hostingPart(query);
  const { knowledge, sides, refusals: refused } = fleetsOf(asked, hosting, catalog);
  const tried = sides.map((side) => ({ side, size: fleetSize(side, question, knowledge) }));
  const refusals = [...refused.map(refusalLine), ...tried.flatMap(({ side, size: found }) => (found ? [] : [neverLine(side)]))];
  const all = tried
    .flatMap(({ side, size: found }): Sized[] => {
      if (!found) return [];
      const simulate = simulatorOf(side, question, knowledge);
      const simulated = question.simulate
        ? simulatedSize(simulate, { replicas: found.replicas, tpotMs: found.running.tpotMs }, levels)
        : null;
      const fleet = sizedFleet(found, simulated, question);
      return [{ size: found, final: found.withReplicas(fleet.replicas.value) ?? found, simulate, simulated, fleet }];
    })
    .sort((a, b) => Number(breaks(a.fleet)) - Number(breaks(b.fleet)) || usdOf(a.fleet) - usdOf(b.fleet));
  const [best] = all;
  const fleets = all.map(({ fleet }) => fleet);
  return {
    schema: 'kplan/size@1',
    query: sizeQueryOf(query, question),
    answer: sizeInWords(fleets, refusals, question),
    replicas: best?.fleet.replicas ?? null,
    instances: best?.fleet.rows[0]?.instances ?? null,
    binding: best?.fleet.binding ?? null,
    levels,
    percentiles: best?.fleet.simulation?.percentiles ?? null,
    ...furtherOf(best, question),
    load: best
      ? bridgeOf(requestsPerSecond, best.fleet.perReplica.concurrentRequests * best.fleet.replicas.value, best.final, question)
      : bridgeOf(requestsPerSecond, 0, { load: { ...hosting.demand, reuse: 0 } }, question),
    fleets,
    refusals,
    assumptions: sizeAssumptions(query, question, sides),
    warnings: [...hostingWarnings(sides, [], hosting, catalog), ...all.flatMap((one) => simulationWarnings(one, question))],
    sources: sourcesUsed([...hostingOrigins(sides, [], hosting), question.loadBytesPerSecond.source], catalog),
    dataAge: hostingAge(sides, [], hosting),
  };
}

function sizeQueryOf(query: SizeQuery, { hosting, requestsPerSecond, levels, trace }: SizeQuestion): SizeAnswer['query'] {
  return {
    ...hostingQueryOf(hostingPart(query), hosting),
    ...(query.activeShare === undefined ? {} : { activeShare: query.activeShare }),
    ...(trace === null ? {} : { trace: trace.name }),
    requestsPerSecond,
    ...Object.fromEntries(levels.map(({ metric, percentile, limitMs }) => [`${metric}P${percentile}Ms`, limitMs])),
  };
}
