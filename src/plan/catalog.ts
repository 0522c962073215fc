import type { Account } from '../cost/account.ts';
import type { DepreciationSchedule } from '../cost/cashflow/depreciation.ts';
import type { PublishedTrend } from '../cost/cashflow/trend.ts';
import type { ExchangeRate } from '../cost/exchange.ts';
import type { Offer } from '../cost/offer.ts';
import type { OwnershipPreset, Server } from '../cost/ownership.ts';
import type { Planning } from '../cost/planning.ts';
import type { Tariff } from '../cost/tariff.ts';
import type { Engine } from '../engine/engine.ts';
import type { Source, SourceId } from '../evidence/source.ts';
import type { Gpu } from '../hardware/gpu.ts';
import type { Model } from '../model/model.ts';
import type { SpeedFacts } from '../throughput/knowledge.ts';
import type { Workload } from '../workload/workload.ts';
import type { Claim } from './claims/claim.ts';
import type { Constraint } from './constraint.ts';
import type { OffloadFacts } from './offload/offloadFacts.ts';

/** All facts that an answer may use: validated, resolved and dated. The library never reads files; it is handed one of these. */
export interface Catalog extends OffloadFacts {
  readonly schema: 'kplan/catalog@1';
  /** The day up to which the facts were collected; lookups use it where no date is asked. */
  readonly date: string;
  readonly models: readonly Model[];
  readonly gpus: readonly Gpu[];
  readonly engines: readonly Engine[];
  readonly tariffs: readonly Tariff[];
  readonly offers: readonly Offer[];
  readonly exchangeRates: readonly ExchangeRate[];
  readonly servers: readonly Server[];
  readonly ownership: readonly OwnershipPreset[];
  readonly accounts: readonly Account[];
  readonly constraints: readonly Constraint[];
  readonly planning: Planning;
  readonly trends: readonly PublishedTrend[];
  readonly depreciation: readonly DepreciationSchedule[];
  readonly speed: SpeedFacts;
  readonly workloads: readonly Workload[];
  readonly claims: readonly Claim[];
  readonly sources: Readonly<Record<SourceId, Source>>;
}
