import type { Estimate } from '../../evidence/estimate.ts';
import type { FleetLatency } from '../../serving/fleetLatency.ts';
import type { LimitCode } from '../../serving/replicaRate.ts';
import type { ServiceLevel } from '../../serving/serviceLevel.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';
import type { RefusalLine } from '../hosting/fleets.ts';

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
  readonly concurrentRequests: number;
  readonly requestsPerSecond: number;
  readonly inputTokensPerSecond: number;
  readonly freshTokensPerSecond: number;
  readonly outputTokensPerSecond: number;
}

/** One fleet sized for the busiest hour. */
export interface SizedFleet {
  readonly id: string;
  readonly fleet: FleetLine;
  /** That carry the busiest hour on average, without spare ones. */
  readonly replicas: Estimate;
  readonly binding: { readonly code: LimitCode; readonly message: string };
  /** Replicas that each law alone takes. */
  readonly laws: readonly { readonly code: 'prefill' | 'decode' | 'kv-cache'; readonly replicas: number; readonly message: string }[];
  /** Percentiles under simulated traffic, at the replicas of this answer; null where nothing was simulated. */
  readonly simulation: {
    readonly replicas: number;
    /** Replicas that carry the mean by the closed forms. */
    readonly closedReplicas: number;
    readonly percentiles: FleetLatency;
    readonly broken: readonly ServiceLevel[];
  } | null;
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
  readonly load: SizeBridge;
  /** Ascending in cost. */
  readonly fleets: readonly SizedFleet[];
  readonly refusals: readonly RefusalLine[];
}
