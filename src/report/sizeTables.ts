import type { SizeAnswer, SizeBridge, SizedFleet, SizePoint, SizeWhatIf } from '../plan/size/sizeAnswer.ts';
import { formatDuration } from '../units/duration.ts';
import { formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { fleetLineName } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { bandedColumn, type Cell, type Column, rightColumn, type Table } from './table.ts';

const oneDecimal = (value: number) => String(Number(value.toPrecision(3)));

/** How many, what they cost and how much of them is used. */
const FLEET: readonly Column[] = [
  rightColumn('replicas'),
  rightColumn('instances'),
  rightColumn('a month', 'USD', formatUsd),
  rightColumn('used', undefined, formatShare),
];

const ROW_WORDS = { load: 'carries the load', spare: 'with spare replicas', upgrade: 'and one being renewed' } as const;
const LAW_WORDS = { prefill: 'prompts', decode: 'tokens', 'kv-cache': 'KV cache' } as const;

/** The fleets, cheapest first. */
export function fleetSizeTable({ fleets }: SizeAnswer): Table {
  return {
    columns: [
      { title: 'own GPUs' },
      ...FLEET,
      rightColumn('headroom', undefined, formatShare),
      { title: 'binds' },
      rightColumn('TTFT', 'ms'),
      rightColumn('TPOT', 'ms'),
      rightColumn('active users', 'per replica', (users) => String(Math.round(users))),
    ],
    rows: fleets.map((fleet) => ({
      cells: [
        fleetLineName(fleet.fleet),
        fleet.replicas,
        fleet.rows[0]?.instances ?? null,
        fleet.rows[0]?.usdPerMonth ?? null,
        fleet.utilisation,
        fleet.headroom,
        fleet.binding.code,
        fleet.ttftMs,
        fleet.tpotMs,
        fleet.activeUsersPerReplica,
      ],
    })),
  };
}

/** What each law alone takes, and what failing and renewing replicas add. */
export function fleetRowsTable({ rows }: SizedFleet): Table {
  return {
    columns: [{ title: 'fleet' }, ...FLEET, rightColumn('used with one down', undefined, formatShare)],
    rows: rows.map(({ code, replicas, instances, usdPerMonth, utilisation, utilisationWithOneDown }) => ({
      cells: [ROW_WORDS[code], replicas, instances, usdPerMonth, utilisation, utilisationWithOneDown],
    })),
  };
}

/** Replicas that each law takes: prompts and tokens share their time, the KV cache is beside. */
export function lawsTable({ laws }: SizedFleet): Table {
  return {
    columns: [{ title: 'law' }, rightColumn('replicas', undefined, oneDecimal), { title: 'how' }],
    rows: laws.map(({ code, replicas, message }) => ({ cells: [LAW_WORDS[code], replicas, message] })),
  };
}

/** Simulated percentiles, each with the interval of its mean over the replications. */
export function percentileTable({ simulation }: SizedFleet): Table {
  const row = (name: string, metric: 'ttft' | 'tpot') => {
    const waits = simulation?.percentiles[metric];
    return { cells: [name, waits?.p50 ?? null, waits?.p90 ?? null, waits?.p95 ?? null, waits?.p99 ?? null] };
  };
  const ms = (title: string) => rightColumn(title, 'ms');
  return {
    columns: [{ title: 'simulated' }, ms('p50'), ms('p90'), ms('p95'), ms('p99')],
    rows: simulation ? [row('wait for the first token', 'ttft'), row('time per token', 'tpot')] : [],
  };
}

const METHOD_WORDS = { 'closed-form': 'closed forms', 'birth-death': 'state-dependent queue', simulation: 'simulated' } as const;

/** What each method says of the means, and how far apart they are. */
export function methodsTable({ methods }: SizedFleet): Table {
  return {
    columns: [
      { title: 'means by' },
      rightColumn('TTFT', 'ms'),
      rightColumn('TPOT', 'ms'),
      rightColumn('in flight', 'per replica', oneDecimal),
      rightColumn('input found', undefined, formatShare),
      rightColumn('TTFT over closed', undefined, (factor) => `${factor.toPrecision(3)} x`),
    ],
    rows: methods.map(({ code, ttftMs, tpotMs, inFlight, reuse, ttftOverClosed }) => ({
      cells: [METHOD_WORDS[code], ttftMs ?? 'without end', tpotMs, inFlight, reuse, ttftOverClosed],
    })),
  };
}

function whatIfName({ kind, failed, factor, seconds }: SizeWhatIf): string {
  const time = formatDuration(1000 * seconds);
  return kind === 'fail'
    ? `${failed} ${failed === 1 ? 'replica fails' : 'replicas fail'} for ${time}`
    : `${Number(factor?.toPrecision(3))} x as many requests for ${time}`;
}

/** Waits while something happens. */
export function whatIfTable({ whatIfs, levels }: SizeAnswer): Table {
  return {
    columns: [
      { title: 'what if' },
      rightColumn('replicas'),
      rightColumn('TTFT p95', 'ms'),
      rightColumn('TTFT p99', 'ms'),
      rightColumn('TPOT p95', 'ms'),
      ...(levels.length > 0 ? [{ title: 'what is promised' }] : []),
    ],
    rows: whatIfs.map((what) => ({
      cells: [
        whatIfName(what),
        what.replicas,
        what.percentiles?.ttft.p95 ?? 'nothing serves',
        what.percentiles?.ttft.p99 ?? null,
        what.percentiles?.tpot.p95 ?? null,
        ...(levels.length > 0 ? [what.broken.length === 0 ? 'kept' : `${what.broken.map(levelName).join(', ')} not kept`] : []),
      ],
    })),
  };
}

function levelName({ metric, percentile }: SizeAnswer['levels'][number]): string {
  return `${metric.toUpperCase()} p${percentile}`;
}

/** Waits over load, or over the hours of a day. */
export function pointsTable(points: readonly SizePoint[] | null): Table {
  const byHour = points?.some(({ hour }) => hour !== null) ?? false;
  return {
    columns: [
      ...(byHour ? [rightColumn('hour', 'UTC')] : []),
      rightColumn('requests', '/s', oneDecimal),
      rightColumn('used', undefined, formatShare),
      rightColumn('TTFT p50', 'ms'),
      rightColumn('TTFT p95', 'ms'),
      rightColumn('TPOT p95', 'ms'),
    ],
    rows: (points ?? []).map(({ requestsPerSecond, utilisation, hour, percentiles: { ttft, tpot } }) => ({
      cells: [...(byHour ? [hour] : []), requestsPerSecond, utilisation, ttft.p50, ttft.p95, tpot.p95],
    })),
  };
}

/** Users, conversations, requests and tokens: what all replicas carry, what one does, and whom one could serve; reads both ways. */
export function bridgeTable({ load }: SizeAnswer, { perReplica, plannedPerReplica, kvTokensPerUser, coldStart }: SizedFleet): Table {
  const row = (label: string, of: keyof SizeBridge): { cells: Cell[] } => ({
    cells: [label, load[of], perReplica[of], plannedPerReplica[of]],
  });
  return {
    columns: [
      { title: 'in the busiest hour' },
      rightColumn('the fleet', undefined, formatTokens),
      rightColumn('one replica', undefined, formatTokens),
      rightColumn('one could', undefined, formatTokens),
    ],
    rows: [
      row('active users', 'activeUsers'),
      row('conversations an hour', 'conversationsPerHour'),
      row('requests in flight', 'concurrentRequests'),
      row('requests a second', 'requestsPerSecond'),
      row('input tokens a second', 'inputTokensPerSecond'),
      row('of them fresh', 'freshTokensPerSecond'),
      row('output tokens a second', 'outputTokensPerSecond'),
      { cells: ['KV tokens of an active user', null, kvTokensPerUser, null] },
      { cells: ['reading the checkpoint at start', null, formatDuration(coldStart.seconds.value * 1000), null] },
    ].filter(({ cells }) => cells[2] !== null),
  };
}

/** All fleets with unrounded numbers under the names of the JSON, for CSV. */
export function sizeRawTable({ fleets }: SizeAnswer): Table {
  return {
    columns: [
      { title: 'id' },
      bandedColumn('replicas'),
      { title: 'instances' },
      bandedColumn('usdPerMonth'),
      { title: 'utilisation' },
      { title: 'binding' },
      { title: 'concurrencyLimit' },
      bandedColumn('ttftMs'),
      bandedColumn('tpotMs'),
      bandedColumn('reuse'),
      bandedColumn('requestsPerSecondPerReplica'),
      bandedColumn('ttftP50Ms'),
      bandedColumn('ttftP95Ms'),
      bandedColumn('ttftP99Ms'),
      bandedColumn('tpotP50Ms'),
      bandedColumn('tpotP95Ms'),
      bandedColumn('tpotP99Ms'),
      { title: 'notKept' },
    ],
    rows: fleets.map((fleet) => ({
      cells: [
        fleet.id,
        fleet.replicas,
        fleet.rows[0]?.instances ?? null,
        fleet.rows[0]?.usdPerMonth ?? null,
        fleet.utilisation,
        fleet.binding.code,
        fleet.concurrencyLimit,
        fleet.ttftMs,
        fleet.tpotMs,
        fleet.reuse,
        fleet.requestsPerSecondPerReplica,
        ...(['ttft', 'tpot'] as const).flatMap((metric) =>
          (['p50', 'p95', 'p99'] as const).map((rank) => fleet.simulation?.percentiles[metric][rank] ?? null),
        ),
        fleet.simulation?.broken.map(levelName).join(' ') ?? null,
      ],
    })),
  };
}
