import type { Estimate } from '../../evidence/estimate.ts';
import type { Layout } from '../../layout/layout.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';
import type { TariffLine } from '../api/tariffLine.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';
import type { RefusalLine } from '../hosting/fleets.ts';

/** What one replica does with a KV cache of so many tokens. */
export interface ReuseWorth {
  /** Tokens that all KV caches of the replica hold together. */
  readonly kvTokens: Estimate;
  /** The same as the curve counts them at the rate that is planned for the replica: `KV tokens × rate behind the curve / rate`. */
  readonly curveTokens: number;
  /** Share of the input found there. */
  readonly reuse: Estimate;
  /** Input tokens found in a month of the volume in `month`, which need no prefill; null where there is none. */
  readonly foundTokensPerMonth: Estimate | null;
  /** What the API takes for those tokens as input more than as cache reads; null where no volume or no API price is known. */
  readonly foundUsdPerMonth: Estimate | null;
  /** Sustained by one replica; null where nothing can be said of its speed, as the next two. */
  readonly requestsPerSecond: Estimate | null;
  readonly tokensPerMonthPerReplica: Estimate | null;
  /** The smallest fleet, filled: input, reused or not, and output together. */
  readonly usdPerMtok: Estimate | null;
}

/** One way to hold the KV cache on the GPUs of a fleet. */
export interface KvWay extends ReuseWorth {
  /** Id of the fleet. */
  readonly fleet: string;
  readonly layout: Layout;
  readonly kvCacheDtype: string;
  /** Options of the same command that ask for it; none for the fleet as it is. */
  readonly change: Readonly<Record<string, string | number>>;
  /** KV caches of one replica that hold different sequences. */
  readonly kvCaches: number;
  /** The share where requests go to any of these KV caches, not to the one that holds their prefix; null where there is one. */
  readonly unroutedReuse: number | null;
  /** Whether it holds the tokens of the knee or more, as the curve counts them. */
  readonly reachesKnee: boolean;
}

/** The fleet as it is with more or less room. */
export interface RoomPoint extends ReuseWorth {
  readonly fleet: string;
  /** Times the KV tokens that it holds. */
  readonly factor: number;
}

export interface ReuseAnswer extends AnswerEvidence {
  readonly schema: 'kplan/reuse@1';
  readonly query: Readonly<Record<string, string | number | readonly string[]>>;
  readonly answer: string;
  readonly workload: string;
  /** Share of the input that KV caches of so many tokens find, as the workload states it, and as it is used: no more than the ideal. */
  readonly curve: readonly { readonly kvTokens: number; readonly statedReuse: number; readonly reuse: Estimate }[];
  /** Requests per second behind the curve; null where not known, and KV tokens count as they are. */
  readonly curveRequestsPerSecond: number | null;
  /** The fewest KV tokens from which on no doubling finds 2 % of the input more. */
  readonly knee: { readonly kvTokens: number; readonly reuse: number };
  /** What is found is counted for this volume: as asked, or what the first fleet carries when full; null where neither is known. */
  readonly month: { readonly requests: number; readonly inputTokens: number; readonly asked: boolean } | null;
  /** The API price behind the worth of what is found. */
  readonly tariff: TariffLine | null;
  /** Ascending in what a token costs on them as they are. */
  readonly fleets: readonly FleetLine[];
  /** By fleet; first as it is, then by USD per million tokens. */
  readonly ways: readonly KvWay[];
  readonly points: readonly RoomPoint[];
  readonly refusals: readonly RefusalLine[];
}
