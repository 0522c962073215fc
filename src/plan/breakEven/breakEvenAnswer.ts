import type { Assumption } from '../../evidence/assumption.ts';
import type { Estimate } from '../../evidence/estimate.ts';
import type { Source, SourceId } from '../../evidence/source.ts';
import type { Term } from '../../evidence/term.ts';
import type { Layout } from '../../layout/layout.ts';
import type { DataAge } from '../fit/fitAnswer.ts';

/** A band whose upper end may be unbounded: null with a code that says why. */
export interface BoundedBand {
  readonly low: number | null;
  readonly value: number | null;
  readonly high: number | null;
  /** Why an end is null: `never-at-full-use`, or `only-with-these-steps` between the first and the final crossing, where no band is given. */
  readonly code?: string;
}

/** An API price as used in the answer. */
export interface TariffLine {
  readonly id: string;
  readonly role: 'list' | 'cheapest-host' | 'asked';
  readonly provider: string;
  readonly model: string;
  readonly inputUsdPerMtok: number;
  readonly cacheReadUsdPerMtok: number;
  readonly outputUsdPerMtok: number;
  readonly usdPerRequest: number;
  /** Per million tokens, input and output together. */
  readonly usdPerMtok: number;
  readonly date: string;
  readonly source: SourceId;
}

/** What the GPUs cost and hold, for one GPU type. */
export interface FleetLine {
  readonly id: string;
  readonly gpu: string;
  readonly gpuName: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly format: string;
  readonly layout: Layout;
  readonly gpusPerReplica: number;
  readonly gpusPerInstance: number;
  readonly instancesPerReplica: number;
  readonly replicasPerInstance: number;
  readonly usdPerGpuHour: Estimate;
  readonly usdPerInstanceMonth: Estimate;
  readonly offers: number;
  /** Requests per second that one replica sustains; null where nothing is measured. */
  readonly requestsPerSecond: Estimate | null;
  readonly tokensPerMonthPerReplica: Estimate | null;
  readonly concurrency: number | null;
  /** Time between two tokens of one sequence at that concurrency. */
  readonly tpotMs: Estimate | null;
  /** Share of the input that the KV cache of a replica finds. */
  readonly reuse: Estimate;
  readonly capacityMethod: string;
  readonly source: SourceId;
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
  readonly apiUsd: Readonly<Record<string, number>>;
}

export interface BreakEvenAnswer {
  readonly schema: 'kplan/breakeven@1';
  readonly query: Readonly<Record<string, string | number | readonly string[]>>;
  readonly answer: string;
  readonly tariffs: readonly TariffLine[];
  readonly offers: readonly FleetLine[];
  readonly verdicts: readonly PairVerdict[];
  readonly crossings: readonly Crossing[];
  readonly monthly: readonly MonthlyRow[];
  readonly terms: readonly Term[];
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly string[];
  readonly sources: Readonly<Record<SourceId, Source>>;
  readonly dataAge: DataAge;
}
