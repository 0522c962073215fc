import type { Assumption } from '../../evidence/assumption.ts';
import { type Estimate, through } from '../../evidence/estimate.ts';
import { checkpointSize } from '../../model/checkpointSize.ts';
import { freshTokens } from '../../throughput/loadPoint.ts';
import { SECONDS_PER_HOUR } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import { fleetLine } from '../hosting/fleetLine.ts';
import { fleetsOf, type RefusalLine, refusalLine } from '../hosting/fleets.ts';
import { hostingAssumptions } from '../hosting/hostingAssumptions.ts';
import { hostingAge, hostingOrigins, hostingQueryOf, hostingWarnings } from '../hosting/hostingEvidence.ts';
import { percent } from '../hosting/hostingWords.ts';
import { activeAtOnce } from '../hosting/trafficVolume.ts';
import { sourcesUsed } from '../sourcesUsed.ts';
import { sequenceLimits } from '../speed/deployedReplica.ts';
import { type FleetSize, fleetCost, fleetSize } from './fleetSize.ts';
import { type SimulatedSize, simulatedSize } from './simulatedSize.ts';
import type { SizeAnswer, SizeBridge, SizedFleet, SizeRow } from './sizeAnswer.ts';
import { hostingPart, resolveSizeQuery, type SizeQuery, type SizeQuestion } from './sizeQuestion.ts';
import { bindingOf, lawsInWords, sizeInWords } from './sizeWords.ts';

/** What a rate of requests stands for. */
function bridgeOf(rate: number, inFlight: number, { load }: Pick<FleetSize, 'load'>, { requestsPerUserHour }: SizeQuestion): SizeBridge {
  return {
    activeUsers: requestsPerUserHour === null ? null : (rate * SECONDS_PER_HOUR) / requestsPerUserHour,
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

/** Active users of one replica at the load for which it is planned, with the band of its rate. */
function usersPerReplica({ planned }: FleetSize, { requestsPerUserHour, hosting }: SizeQuestion): Estimate | null {
  if (requestsPerUserHour === null) return null;
  return through(planned.requestsPerSecond, (most) => (most * hosting.maxLoad * SECONDS_PER_HOUR) / requestsPerUserHour);
}

/** The replicas of a fleet: those of the simulation where it takes more, with the band of the closed forms in proportion. */
function replicasOf({ replicas }: FleetSize, simulated: SimulatedSize | null): Estimate {
  const value = Math.max(replicas.value, simulated?.replicas ?? 0);
  const scaled = (count: number) => Math.max(1, Math.round((count * value) / replicas.value));
  return { ...replicas, low: scaled(replicas.low), value, high: scaled(replicas.high) };
}

function sizedFleet(size: FleetSize, simulated: SimulatedSize | null, question: SizeQuestion): SizedFleet {
  const { side, rate, reuse } = size;
  const replicas = replicasOf(size, simulated);
  const share = size.replicas.value / replicas.value;
  const [utilisation, inFlight] = [size.utilisation * share, size.inFlight * share];
  const perReplica = question.requestsPerSecond / replicas.value;
  const { kvTokens } = sequenceLimits(side.judged);
  const perUser = bridgeOf(perReplica, inFlight, size, question);
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
    simulation: simulated && {
      replicas: simulated.replicas,
      closedReplicas: size.replicas.value,
      percentiles: simulated.latency,
      broken: simulated.broken,
    },
    rows: rowsOf(size, replicas.value, question),
    utilisation,
    headroom: 1 / utilisation - 1,
    requestsPerSecondPerReplica: size.planned.requestsPerSecond,
    concurrencyLimit: rate.concurrency,
    ttftMs: size.running.ttftMs,
    tpotMs: size.running.tpotMs,
    reuse,
    kvTokensPerUser: perUser.activeUsers === null ? null : kvTokens / perUser.activeUsers,
    activeUsersPerReplica: usersPerReplica(size, question),
    perReplica: perUser,
    coldStart: { checkpointBytes: bytes, seconds: through(rateOfLoad, (perSecond) => bytes / perSecond) },
  };
}

/** Assumptions of hosting that hold for a fleet without an API beside it. */
const OF_API: ReadonlySet<string> = new Set([
  'api-reuse',
  'cache-write',
  'traffic-hours',
  'users',
  'active-share',
  'not-counted-bursts',
  'spare',
]);

function ownAssumptions(
  query: SizeQuery,
  { users, requestsPerSecond, requestsPerUserHour, loadBytesPerSecond, hosting }: SizeQuestion,
): Assumption[] {
  const said = (asked: unknown) => (asked === undefined ? ('kplan' as const) : ('user' as const));
  const { demand } = hosting;
  return [
    users
      ? {
          code: 'busiest-hour',
          text: `In the busiest hour ${Math.round(users.activeShare * 100)} % of the users are active at once (--active-share), each with ${requestsPerUserHour} requests an hour; \`kplan cost\` and \`kplan breakeven\` spread them evenly over their hours, ${percent(activeAtOnce(hosting.volume) ?? 0)} at once.`,
          source: said(query.activeShare),
        }
      : {
          code: 'busiest-hour',
          text: `The busiest hour brings ${Number(requestsPerSecond.toPrecision(4))} requests per second on average.`,
          source: query.requestsPerSecond === undefined ? (demand.workload?.source ?? 'kplan') : 'user',
        },
    {
      code: 'routing',
      text: 'Conversations are spread evenly over the replicas, and each comes back to the one that holds its prefix.',
      source: 'kplan',
    },
    {
      code: 'cold-start',
      text: `A node reads its checkpoint at ${loadBytesPerSecond.value / 1e9} GB/s (${loadBytesPerSecond.low / 1e9} to ${loadBytesPerSecond.high / 1e9}); compiling and capturing graphs come on top (--load-rate).`,
      source: loadBytesPerSecond.source,
    },
    {
      code: 'not-counted-percentiles',
      text: 'Not counted: bursts and queues within the busiest hour. Means keep the promised limits; a percentile is above its mean.',
      source: 'kplan',
    },
  ];
}

/**
 * How many replicas does this workload take, and what binds? The fewest replicas that carry the busiest hour on average, at the prefix
 * reuse that a fleet of that size reaches, by the utilisation law on fresh tokens and Little's law on the KV cache.
 *
 * @param query workload, users or requests per second, GPUs and what is promised
 * @param catalog facts; prices and measurements later than the asked day are not used
 * @returns fleets ascending in cost
 * @throws Fault `missing` where nobody says how much is asked; `unknown`, `invalid` or `contradiction` for a query that cannot be meant
 * @example size({ gpu: ['h200'], workload: 'agentic-coding', users: 200 }, loadCatalog()).fleets[0]?.binding.code // 'kv-cache'
 */
export function size(query: SizeQuery, catalog: Catalog): SizeAnswer {
  const question = resolveSizeQuery(query, catalog);
  const { hosting } = question;
  const asked = hostingPart(query);
  const { knowledge, sides, refusals: refused } = fleetsOf(asked, hosting, catalog);
  const sizes = sides.map((side) => ({ side, sized: fleetSize(side, question, knowledge) }));
  const refusals: RefusalLine[] = [
    ...refused.map(refusalLine),
    ...sizes.flatMap(({ side, sized }) =>
      sized
        ? []
        : [
            {
              gpu: side.gpu.id,
              code: 'never',
              message: 'no number of replicas keeps what is promised: one request alone is too slow or does not fit',
            },
          ],
    ),
  ];
  const fleets = sizes
    .flatMap(({ sized }) =>
      sized ? [sizedFleet(sized, question.simulate ? simulatedSize(sized, question, knowledge) : null, question)] : [],
    )
    .sort((a, b) => (a.rows[0]?.usdPerMonth.value ?? 0) - (b.rows[0]?.usdPerMonth.value ?? 0));
  const [best] = fleets;
  const first = sizes.find(({ side }) => side.id === best?.id)?.sized;
  return {
    schema: 'kplan/size@1',
    query: sizeQueryOf(query, question),
    answer: sizeInWords(fleets, refusals, question),
    replicas: best?.replicas ?? null,
    instances: best?.rows[0]?.instances ?? null,
    binding: best?.binding ?? null,
    levels: question.levels,
    percentiles: best?.simulation?.percentiles ?? null,
    load: first
      ? bridgeOf(question.requestsPerSecond, first.inFlight * first.replicas.value, first, question)
      : bridgeOf(question.requestsPerSecond, 0, { load: { ...hosting.demand, reuse: 0 } }, question),
    fleets,
    refusals,
    assumptions: [
      ...hostingAssumptions(asked, hosting, sides, []).filter(({ code }) => !OF_API.has(code)),
      ...ownAssumptions(query, question),
    ],
    warnings: hostingWarnings(sides, [], hosting, catalog),
    sources: sourcesUsed([...hostingOrigins(sides, [], hosting), question.loadBytesPerSecond.source], catalog),
    dataAge: hostingAge(sides, [], hosting),
  };
}

function sizeQueryOf(query: SizeQuery, { hosting, requestsPerSecond, levels }: SizeQuestion): SizeAnswer['query'] {
  return {
    ...hostingQueryOf(hostingPart(query), hosting),
    ...(query.activeShare === undefined ? {} : { activeShare: query.activeShare }),
    requestsPerSecond,
    ...Object.fromEntries(levels.map(({ metric, percentile, limitMs }) => [`${metric}P${percentile}Ms`, limitMs])),
  };
}
