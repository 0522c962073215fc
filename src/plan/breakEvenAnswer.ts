import type { Assumption } from '../evidence/assumption.ts';
import type { Estimate } from '../evidence/estimate.ts';
import type { Source, SourceId } from '../evidence/source.ts';
import type { Term } from '../evidence/term.ts';
import type { Layout } from '../layout/layout.ts';
import type { DataAge } from './fitAnswer.ts';

/** A band whose upper end may be unbounded: null with a code that says why. */
export interface BoundedBand {
  readonly low: number | null;
  readonly value: number | null;
  readonly high: number | null;
  /** Why an end is null: `never-at-full-use`, `no-measurement`, `no-traffic`. */
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
  readonly tpotMs: number | null;
  readonly reuse: number;
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

/** A pair of tariff and fleet with the verdict on it; `offer` is the GPU's id where there is no fleet. */
export interface PairVerdict {
  readonly tariff: string;
  readonly offer: string;
  readonly code: 'break-even' | 'never' | 'always' | 'no-measurement' | 'does-not-fit' | 'no-offer' | 'no-traffic';
  readonly message: string;
  /** Share of the sampled prices and capacities at which some volume makes self-hosting cheaper; null where nothing can be sampled. */
  readonly probability: number | null;
  /** The API price per million tokens above which a full fleet would be cheaper; null where its capacity or price is unknown. */
  readonly breakEvenUsdPerMtok: number | null;
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
