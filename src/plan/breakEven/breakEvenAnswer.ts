import type { Estimate } from '../../evidence/estimate.ts';
import type { Term } from '../../evidence/term.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';
import type { TariffLine } from '../api/tariffLine.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';
import type { CashFlow, CashFlowTerms } from '../outlook/cashFlowAnswer.ts';
import type { Sensitivity } from '../outlook/sensitivityAnswer.ts';

/** A band whose upper end may be unbounded: null with a code that says why. */
export interface BoundedBand {
  readonly low: number | null;
  readonly value: number | null;
  readonly high: number | null;
  /** Why an end is null: `never-at-full-use`, or `only-with-these-steps` between the first and the final crossing, where no band is given. */
  readonly code?: string;
}

/** A volume at which the two sides cost the same. */
export interface Crossing {
  /** Also the id of its term. */
  readonly id: string;
  readonly tariff: string;
  readonly offer: string;
  /** What is cheaper beyond this volume. */
  readonly cheaperBeyond: 'self-host' | 'api';
  /** The volume from which self-hosting is never dearer again. */
  readonly final: boolean;
  readonly tokensPerMonth: BoundedBand;
  readonly requestsPerMonth: number;
  readonly utilisation: number;
  /** The same as hours of each day at capacity. */
  readonly hoursPerDay: number;
  readonly replicas: number;
  readonly instances: number;
}

/**
 * `never`: fewer than 10 % of the sampled prices and capacities break even at any volume; `open`: the middle ones do not, but at least
 * 10 % of the samples do.
 */
export type PairCode =
  | 'break-even'
  | 'never'
  | 'open'
  | 'always'
  | 'no-measurement'
  | 'does-not-fit'
  | 'invalid'
  | 'memory-unknown'
  | 'no-offer'
  | 'no-traffic';

/** A change of the same command that would make hosting cheaper than it is, and what comes of it. */
export interface BreakEvenRemedy {
  readonly code: 'kv-cache-dtype' | 'dcp' | 'attention-dp';
  readonly message: string;
  readonly change: Readonly<Record<string, string | number>>;
  readonly probability: number;
}

/** A pair of tariff and fleet with the verdict on it; `offer` is the GPU's id where there is no fleet. */
export interface PairVerdict {
  readonly tariff: string;
  readonly offer: string;
  readonly code: PairCode;
  readonly message: string;
  /** Share of the sampled prices and capacities at which some volume makes self-hosting cheaper; null where nothing can be sampled. */
  readonly probability: number | null;
  /** The API price per million tokens above which a full fleet would be cheaper; null where its capacity or price is unknown. */
  readonly breakEvenUsdPerMtok: number | null;
  /** How often the cheaper side changes; of very many changes the answer lists the first ones and the last. */
  readonly crossings: number;
  /** Where the verdict is `never` or `open`: the change that helps most; null where none was found or the user fixed them. */
  readonly remedy: BreakEvenRemedy | null;
}

/** Both sides at one monthly volume. */
export interface MonthlyRow {
  readonly id: string;
  readonly offer: string;
  readonly tokensPerMonth: number;
  readonly requestsPerMonth: number;
  readonly replicas: number;
  readonly instances: number;
  readonly utilisation: number;
  readonly selfHostUsd: Estimate;
  readonly apiUsd: Readonly<Record<string, Estimate>>;
}

/** After how long machines of one's own have paid for themselves, at one volume. */
export interface Payback {
  /** Also the id of its term, where there are months. */
  readonly id: string;
  readonly offer: string;
  /** Id of a tariff, or of a rented fleet. */
  readonly against: string;
  readonly code: 'pays-back' | 'never';
  readonly tokensPerMonth: number;
  /** Machines; against an API moving and ramp-up too. */
  readonly upfrontUsd: number;
  /** What is not paid any more: the API's bill, or the rent. */
  readonly avoidedUsdPerMonth: number;
  /** What owning costs month by month, without what is paid before. */
  readonly runningUsdPerMonth: number;
  readonly months: number | null;
}

export type Unknown = 'price' | 'rent' | 'utilisation' | 'volume' | 'reuse';

/** The value of one unknown at which both sides cost the same, all else as it is. */
export interface Solved {
  /** Also the id of its term. */
  readonly id: string;
  readonly unknown: Unknown;
  readonly tariff: string;
  readonly offer: string;
  /** null: no value does it. */
  readonly value: number | null;
  /** What it is now; null where no volume says so. */
  readonly now: number | null;
  readonly unit: 'USD/Mtok' | 'USD/GPU-hour' | 'share' | 'tokens/month';
  /** The volume at which it holds; null for a full step of instances. */
  readonly tokensPerMonth: number | null;
  readonly message: string;
}

export interface BreakEvenAnswer extends AnswerEvidence {
  readonly schema: 'kplan/breakeven@1';
  readonly query: Readonly<Record<string, string | number | readonly string[]>>;
  readonly answer: string;
  readonly tariffs: readonly TariffLine[];
  readonly offers: readonly FleetLine[];
  readonly verdicts: readonly PairVerdict[];
  readonly crossings: readonly Crossing[];
  readonly monthly: readonly MonthlyRow[];
  readonly paybacks: readonly Payback[];
  readonly solved: readonly Solved[];
  /** Of the best fleets; empty where it is not asked. */
  readonly sensitivity: readonly Sensitivity[];
  /** What the months to come are planned with; null where none are asked. */
  readonly time: CashFlowTerms | null;
  /** Of the best fleets; empty where no months are asked. */
  readonly cashFlows: readonly CashFlow[];
  readonly terms: readonly Term[];
}
