import type { Estimate } from '../../evidence/estimate.ts';
import type { LimitCode } from '../../serving/replicaRate.ts';
import type { LatencyMetric, ServiceLevel } from '../../serving/serviceLevel.ts';
import type { FleetLatency } from '../../serving/simulatedFleet.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';
import type { RefusalLine } from '../hosting/fleets.ts';
import type { WhatIf } from './sizeQuestion.ts';

/** A fleet for a purpose, and what it costs. */
export interface SizeRow {
  /** Which: carrying the load, with a replica to spare, or with one more while each is renewed in turn. */
  readonly code: 'load' | 'spare' | 'upgrade';
  readonly replicas: number;
  readonly instances: number;
  readonly usdPerMonth: Estimate;
  /** Share of what the replicas carry at most, with all of them and with one fewer. */
  readonly utilisation: number;
  readonly utilisationWithOneDown: number | null;
}

/** Users and what they stand for, per replica and for the fleet. */
export interface SizeBridge {
  readonly activeUsers: number | null;
  readonly conversationsPerHour: number | null;
  readonly concurrentRequests: number;
  readonly requestsPerSecond: number;
  readonly inputTokensPerSecond: number;
  readonly freshTokensPerSecond: number;
  readonly outputTokensPerSecond: number;
}

/** The same of a replica that carries all that is planned for it, with the band of its rate. */
export type SizeBridgeBand = { readonly [Of in keyof SizeBridge]: Estimate | null };

/** Means of the busiest hour by one method, at the replicas of the answer. */
export interface SizeMethod {
  /** Utilisation and Little's laws; the state-dependent queue; the simulator. */
  readonly code: 'closed-form' | 'birth-death' | 'simulation';
  /** Milliseconds; null where the queue grows without end. */
  readonly ttftMs: Estimate | null;
  readonly tpotMs: Estimate | null;
  /** Of one replica. */
  readonly inFlight: Estimate | null;
  readonly reuse: Estimate;
  /** Mean TTFT over that of the closed forms. */
  readonly ttftOverClosed: number | null;
}

/** Waits while something happens to the cheapest fleet. */
export interface SizeWhatIf {
  readonly kind: WhatIf['kind'];
  /** Replicas that fail; null for a burst. */
  readonly failed: number | null;
  /** How many times as dense requests come; null for a failure. */
  readonly factor: number | null;
  /** How long it lasts, seconds. */
  readonly seconds: number;
  /** Replicas of the fleet to which it happens. */
  readonly replicas: number;
  /** null where no replica is left, so that nothing is served while it lasts. */
  readonly percentiles: FleetLatency | null;
  readonly broken: readonly ServiceLevel[];
}

/** Waits of the cheapest fleet at a rate. */
export interface SizePoint {
  readonly requestsPerSecond: number;
  /** Of what the replicas carry at most on average. */
  readonly utilisation: number;
  /** UTC; null where the point is of no hour. */
  readonly hour: number | null;
  readonly percentiles: FleetLatency;
}

/** One fleet sized for the busiest hour. */
export interface SizedFleet {
  readonly id: string;
  readonly fleet: FleetLine;
  /** That carry the busiest hour on average, without spare ones. */
  readonly replicas: Estimate;
  readonly binding: { readonly code: LimitCode | LatencyMetric; readonly message: string };
  /** Replicas that each law alone takes. */
  readonly laws: readonly { readonly code: 'prefill' | 'decode' | 'kv-cache'; readonly replicas: number; readonly message: string }[];
  /** Percentiles under simulated traffic, at the replicas of this answer; null where nothing was simulated. */
  readonly simulation: {
    readonly replicas: number;
    /** Replicas that carry the mean by the closed forms. */
    readonly closedReplicas: number;
    readonly percentiles: FleetLatency;
    readonly broken: readonly ServiceLevel[];
    /** Whether requests are drawn one by one, in conversations, or recorded. */
    readonly traffic: 'lengths' | 'conversations' | 'trace';
    readonly reuse: Estimate;
    readonly busyShare: Estimate;
    /** Requests that lost their place in the KV cache, per request. */
    readonly preemptionShare: Estimate;
    /** Requests that fit into no replica, per request. */
    readonly refusedShare: number;
  } | null;
  /** What each method says of the means, and how far they are apart. */
  readonly methods: readonly SizeMethod[];
  readonly rows: readonly SizeRow[];
  readonly utilisation: number;
  /** How much more load the replicas carry, as a share of the load. */
  readonly headroom: number;
  readonly requestsPerSecondPerReplica: Estimate;
  readonly concurrencyLimit: number;
  /** Means in the busiest hour, with the replicas that carry its mean. */
  readonly ttftMs: Estimate;
  readonly tpotMs: Estimate;
  readonly reuse: Estimate;
  /** KV tokens of a replica that each active user has. */
  readonly kvTokensPerUser: number | null;
  readonly activeUsersPerReplica: Estimate | null;
  readonly perReplica: SizeBridge;
  readonly plannedPerReplica: SizeBridgeBand;
  readonly coldStart: { readonly checkpointBytes: number; readonly seconds: Estimate };
}

export interface SizeAnswer extends AnswerEvidence {
  readonly schema: 'kplan/size@1';
  readonly query: Readonly<Record<string, string | number | readonly string[]>>;
  readonly answer: string;
  /** Of the cheapest fleet, as are instances and binding; null where none can be sized. */
  readonly replicas: Estimate | null;
  readonly instances: number | null;
  readonly binding: SizedFleet['binding'] | null;
  readonly levels: readonly ServiceLevel[];
  readonly percentiles: FleetLatency | null;
  /** Of the cheapest fleet; empty where nothing was asked. */
  readonly whatIfs: readonly SizeWhatIf[];
  /** Of the cheapest fleet; null where they were not asked. */
  readonly loadCurve: readonly SizePoint[] | null;
  readonly day: readonly SizePoint[] | null;
  readonly load: SizeBridge;
  /** Ascending in cost. */
  readonly fleets: readonly SizedFleet[];
  readonly refusals: readonly RefusalLine[];
}
