import type { FlowPayback } from '../../cost/cashflow/flowComparison.ts';
import type { FlowPlan } from '../../cost/cashflow/monthlyFlow.ts';

/** One month of a plan; place 0 is today, before the first month. */
export interface CashFlowRow {
  /** `YYYY-MM`; null for today. */
  readonly month: string | null;
  readonly tokens: number;
  /** That are paid. */
  readonly instances: number;
  readonly apiUsd: number;
  readonly hostUsd: number;
  readonly savedUsd: number;
  readonly cumulativeUsd: number;
}

/** A way to go over the months of a plan. */
export interface FlowOption {
  /** `host`, `api`, or `wait-6`: on the API for six months, then host. */
  readonly option: string;
  /** All that it costs, in money of today. */
  readonly presentUsd: number;
  /** More than the cheapest. */
  readonly regretUsd: number;
}

/** Hosting against an API over the months of a plan, at middle values. */
export interface CashFlow {
  readonly tariff: string;
  readonly offer: string;
  readonly rows: readonly CashFlowRow[];
  /** What machines that are left are worth at the end; in the saving, not in the rows. */
  readonly endUsd: number;
  /** Bound by contracts beyond the last month; in no sum. */
  readonly committedUsd: number;
  readonly totalApiUsd: number;
  /** With what the end brings. */
  readonly totalHostUsd: number;
  /** API less hosting, in money of today. */
  readonly savedPresentUsd: number;
  /** Rates of a year at which the saving is worth nothing; `none` or `several` where no single one says how good it is. */
  readonly internalRate: { readonly code: 'none' | 'one' | 'several'; readonly perYear: readonly number[] };
  readonly payback: FlowPayback;
  readonly options: readonly FlowOption[];
  /** What the rows follow from. */
  readonly plan: FlowPlan;
}

/** What holds for all cash flows of an answer. */
export interface CashFlowTerms {
  readonly months: number;
  readonly firstMonth: string;
  /** As `parseTrend` reads them. */
  readonly apiTrend: string;
  readonly rentTrend: string;
  readonly demandTrend: string;
  readonly discount: number;
  readonly tax: { readonly schedule: string; readonly shares: readonly number[]; readonly rate: number } | null;
}
