import type { BandFact } from '../../evidence/source.ts';
import { Fault } from '../../faults/fault.ts';
import type { ServiceLevel } from '../../serving/serviceLevel.ts';
import { checkNumber } from '../../units/number.ts';
import { SECONDS_PER_HOUR } from '../../units/time.ts';
import type { Trace } from '../../workload/traffic.ts';
import type { Workload } from '../../workload/workload.ts';
import type { Catalog } from '../catalog.ts';
import { type HostingQuery, type HostingQuestion, resolveHostingQuery } from '../hosting/hostingQuestion.ts';

/** What `size` is asked: a workload with its busiest hour, and what is promised. */
export interface SizeQuery extends Omit<HostingQuery, 'tariffs' | 'cacheWriteShare' | 'trafficUtc'> {
  /** Mean request rate of the busiest hour; with `users` it follows from them. */
  readonly requestsPerSecond?: number;
  /** Conversations that begin in the busiest hour; the rate follows from them. */
  readonly conversationsPerHour?: number;
  /** Share of the users who are active at once in the busiest hour. */
  readonly activeShare?: number;
  /** What is promised; nothing but stability where none is asked. */
  readonly levels?: readonly ServiceLevel[];
  /** Whether percentiles are simulated where none is promised too. */
  readonly simulate?: boolean;
  /** Bytes per second at which a node reads the checkpoint when it starts. */
  readonly loadBytesPerSecond?: number;
  /** Recorded requests that are played instead of drawn ones. */
  readonly trace?: Trace;
  /** What may happen to the cheapest fleet. */
  readonly whatIf?: readonly WhatIf[];
  /** Curves of the cheapest fleet: waits over its load, and over a day. */
  readonly curves?: readonly SizeCurve[];
  /** Whether curves are drawn roughly: the day in steps of three hours from its busiest one, each played once. */
  readonly sketch?: boolean;
}

/** What may happen to a fleet. */
export type WhatIf =
  | { readonly kind: 'fail'; readonly replicas: number }
  /** Requests come so many times as dense for ten minutes. */
  | { readonly kind: 'burst'; readonly factor: number };

export type SizeCurve = 'load' | 'day';

/** Told before each replication of a simulation. */
export type SizeWatch = (step: {
  readonly fleet: string;
  readonly replicas: number;
  readonly replication: number;
  readonly replications: number;
}) => void;

/** A question of `size` with names resolved and numbers checked. */
export interface SizeQuestion {
  readonly hosting: HostingQuestion;
  /** Of the busiest hour, on average. */
  readonly requestsPerSecond: number;
  readonly users: { readonly count: number; readonly activeShare: number } | null;
  /** Of one conversation or session; null where nobody says. */
  readonly requestsPerConversation: number | null;
  /** Requests per hour of one active user; null where nobody says. */
  readonly requestsPerUserHour: number | null;
  readonly levels: readonly ServiceLevel[];
  readonly simulate: boolean;
  readonly loadBytesPerSecond: BandFact;
  readonly trace: Trace | null;
  readonly whatIf: readonly WhatIf[];
  readonly curves: readonly SizeCurve[];
  readonly sketch: boolean;
  /** Rate of each hour of a day over the mean, and the workload whose it is. */
  readonly day: { readonly hours: readonly number[]; readonly workload: Workload } | null;
  readonly watch: SizeWatch | undefined;
}

/** Whose day is taken where a workload has none. */
const DAY_OF = 'reasoning-r1';

/** The day profile of the workload, or of the preset that has one. */
function dayOf({ demand }: HostingQuestion, { workloads }: Catalog): SizeQuestion['day'] {
  const own = demand.workload;
  const workload = own?.hours ? own : workloads.find(({ id }) => id === DAY_OF);
  return workload?.hours ? { hours: workload.hours, workload } : null;
}

function checkedWhatIf(whatIf: WhatIf): WhatIf {
  if (whatIf.kind === 'fail') checkNumber(whatIf.replicas, '--what-if fail', { min: 1, max: 1000, integer: true });
  else checkNumber(whatIf.factor, '--what-if burst', { min: 1, max: 100 });
  return whatIf;
}

function usersOf({ users, activeShare, requestsPerSecond, conversationsPerHour }: SizeQuery): SizeQuestion['users'] {
  const said = [
    ['--users', users],
    ['--rps', requestsPerSecond],
    ['--conversations', conversationsPerHour],
  ].filter(([, value]) => value !== undefined);
  const [, second] = said;
  if (second)
    throw new Fault('contradiction', 'the load is said twice', {
      where: String(second[0]),
      value: second[1] ?? null,
      allowed: `without ${said[0]?.[0]}`,
    });
  if (users === undefined) {
    if (activeShare === undefined) return null;
    throw new Fault('contradiction', 'it says which share of the users is active', {
      where: '--active-share',
      value: activeShare,
      allowed: 'beside --users',
    });
  }
  return { count: users, activeShare: checkNumber(activeShare ?? 1, '--active-share', { above: 0, max: 1 }) };
}

/** The mean rate of the busiest hour. */
function rateOf({ requestsPerSecond, conversationsPerHour }: SizeQuery, users: SizeQuestion['users'], hosting: HostingQuestion): number {
  const { demand, volume } = hosting;
  if (users && volume.users) return (users.count * users.activeShare * volume.users.requestsPerHour) / SECONDS_PER_HOUR;
  if (conversationsPerHour !== undefined) {
    const requests = demand.workload?.requestsPerTask?.requests;
    if (requests === undefined)
      throw new Fault('missing', 'nobody says how many requests a conversation has', {
        where: '--conversations',
        value: conversationsPerHour,
        allowed: '--rps, or a workload that counts conversations',
      });
    return (checkNumber(conversationsPerHour, '--conversations', { above: 0, max: 1e9 }) * requests) / SECONDS_PER_HOUR;
  }
  const rate = requestsPerSecond ?? demand.workload?.requestsPerSecond;
  if (rate === undefined || rate === null)
    throw new Fault('missing', 'how much is asked in the busiest hour', { where: '--users', allowed: '--users, --conversations or --rps' });
  return checkNumber(rate, '--rps', { above: 0, max: 1e9 });
}

/**
 * Resolves names, fills defaults and refuses what cannot be meant.
 *
 * @throws Fault `missing` where nobody says how much is asked, and as `breakEven` does
 */
export function resolveSizeQuery(query: SizeQuery, catalog: Catalog, watch?: SizeWatch): SizeQuestion {
  if (query.tokensPerMonth !== undefined || query.requestsPerMonth !== undefined)
    throw new Fault('contradiction', 'a fleet is sized for its busiest hour', {
      where: query.tokensPerMonth === undefined ? '--requests-per-month' : '--tokens-per-month',
      allowed: '--users or --rps',
    });
  const users = usersOf(query);
  const hosting = resolveHostingQuery(query, catalog);
  const { planning } = catalog;
  const asked = query.loadBytesPerSecond;
  return {
    hosting,
    requestsPerSecond: rateOf(query, users, hosting),
    users,
    requestsPerConversation: hosting.demand.workload?.requestsPerTask?.requests ?? null,
    requestsPerUserHour:
      hosting.volume.users?.requestsPerHour ?? query.requestsPerUserHour ?? hosting.demand.workload?.requestsPerUserHour ?? null,
    levels: query.levels ?? [],
    simulate:
      query.simulate ??
      (query.trace !== undefined ||
        [query.levels, query.whatIf, query.sketch ? [] : query.curves].some((asked) => (asked ?? []).length > 0)),
    trace: query.trace ?? null,
    whatIf: (query.whatIf ?? []).map(checkedWhatIf),
    curves: query.curves ?? [],
    sketch: query.sketch ?? false,
    day: dayOf(hosting, catalog),
    watch,
    loadBytesPerSecond:
      asked === undefined
        ? planning.loadBytesPerSecond
        : { low: asked, value: checkNumber(asked, '--load-rate', { above: 0, max: 1e15 }), high: asked, source: 'user' },
  };
}

/** The query without what only `size` knows, for the rooms that it shares. */
export function hostingPart(query: SizeQuery): HostingQuery {
  const { requestsPerSecond: _, activeShare: _a, levels: _l, simulate: _s, loadBytesPerSecond: _b, ...rest } = query;
  const { conversationsPerHour: _v, trace: _t, whatIf: _w, curves: _c, sketch: _k, ...hosting } = rest;
  return hosting;
}
