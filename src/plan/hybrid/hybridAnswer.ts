import type { Estimate } from '../../evidence/estimate.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';
import type { TariffLine } from '../api/tariffLine.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';
import type { RefusalLine } from '../hosting/fleets.ts';
import type { SensitivityRow } from '../outlook/sensitivityAnswer.ts';

/** A floor of own replicas with the rest bought from the API. */
export interface FloorRow {
  /** Replicas that carry, without spare ones; 0 buys all. */
  readonly carrying: number;
  readonly replicas: number;
  readonly instances: number;
  readonly ownUsdPerMonth: number;
  readonly apiUsdPerMonth: number;
  readonly usdPerMonth: number;
  readonly ownShare: number;
  readonly utilisation: number;
  /** Over the best floor, USD a month. */
  readonly regretUsdPerMonth: number;
}

/** The best floor of one fleet against one tariff. */
export interface HybridPair {
  readonly id: string;
  readonly offer: string;
  readonly tariff: string;
  /** Which is cheapest: all from the API, a floor with overflow, or all on own replicas. */
  readonly code: 'api' | 'hybrid' | 'own';
  readonly best: FloorRow;
  readonly usdPerMonth: Estimate;
  readonly allApiUsdPerMonth: Estimate;
  /** Sized for the busiest hour. */
  readonly allOwn: FloorRow;
  readonly allOwnUsdPerMonth: Estimate;
  /** How often each way is the cheapest in the sampled prices and capacities: the API alone, own replicas alone, the best floor with overflow. */
  readonly cheapest: Readonly<Record<'api' | 'own' | 'hybrid', number>>;
  readonly savingUsdPerMonth: Estimate;
  readonly savingShare: number;
  /** Share of the sampled prices and capacities in which some floor is cheaper than the API alone. */
  readonly probability: number;
  /** Best floors of the samples, replicas that carry. */
  readonly carrying: Estimate;
  /** What one carrying replica fewer or more costs, USD a month. */
  readonly oneFewerUsd: number | null;
  readonly oneMoreUsd: number;
  /** Floors from none to the busiest hour, at most a dozen. */
  readonly rows: readonly FloorRow[];
}

/** What would turn hosting some of it against buying all, the likeliest first. */
export interface HybridTurns {
  readonly offer: string;
  readonly tariff: string;
  readonly rows: readonly SensitivityRow[];
}

export interface HybridAnswer extends AnswerEvidence {
  readonly schema: 'kplan/hybrid@1';
  readonly query: Readonly<Record<string, string | number | readonly string[]>>;
  readonly answer: string;
  /** Ascending in cost. */
  readonly pairs: readonly HybridPair[];
  /** Of the fleet with the cheapest floor, and of the one that hosts all for least. */
  readonly turns: readonly HybridTurns[];
  readonly demand: {
    readonly requestsPerMonth: number;
    readonly tokensPerMonth: number;
    readonly meanPerHour: number;
    readonly busiestPerHour: number;
    readonly calmestPerHour: number;
  };
  readonly fleets: readonly FleetLine[];
  readonly tariffs: readonly TariffLine[];
  readonly refusals: readonly RefusalLine[];
}
