/** In what an assumption is shown. */
export type SensitivityUnit =
  | ''
  | 'share'
  | 'share/year'
  | 'times'
  | 'tokens'
  | 'tokens/s'
  | 'tokens/month'
  | 'requests/month'
  | 'requests/hour'
  | 'hours/month'
  | 'users'
  | 'people'
  | 'years'
  | 'months'
  | 'kW'
  | 'USD'
  | 'USD/month'
  | 'USD/GPU-hour'
  | 'USD/kWh'
  | 'USD/Mtok';

/** One assumption: how far it moves the saving, and where it turns the answer. */
export interface SensitivityRow {
  /** A field of the query, `variables.NAME` of a scenario, `capacity`, `apiPrice`, `apiTrend`, `rentTrend` or `volume`. */
  readonly code: string;
  readonly label: string;
  readonly unit: SensitivityUnit;
  /** At its middle. */
  readonly now: number;
  /** 10th and 90th percentile, and what is saved there with the others at their middle; null for what has no doubt. */
  readonly low: number | null;
  readonly high: number | null;
  readonly savedAtLow: number | null;
  readonly savedAtHigh: number | null;
  /** Nearest value at which nothing is saved; null where none is found. */
  readonly flipsAt: number | null;
  /** How many such values there are. */
  readonly flips: number;
  /** How likely the assumption lies on the other side of the answer, the others at their middle; null for what has no doubt. */
  readonly probabilityBeyond: number | null;
}

/** A money amount over the samples: at the middle values, and 10th, 50th and 90th percentile. */
export interface SampledUsd {
  readonly now: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** What a way to go costs more than the best one in hindsight, in money of today. */
export interface OptionRegret {
  /** `host`, `api`, or `wait-6`: on the API for six months, then host. */
  readonly option: string;
  /** Of all that it costs. */
  readonly presentUsd: SampledUsd;
  /** How likely it is the cheapest. */
  readonly cheapest: number;
  readonly meanRegretUsd: number;
  readonly p90RegretUsd: number;
}

/** How sure it is that hosting saves money. */
export interface Sensitivity {
  readonly tariff: string;
  readonly offer: string;
  /** What is meant by saving: in a month at today's prices, or over the months of the plan in money of today. */
  readonly of: 'month' | 'plan';
  /** API less hosting, in a month at today's prices. */
  readonly savedUsdPerMonth: SampledUsd;
  /** Over the months of the plan, in money of today; null where none are asked. */
  readonly savedPresentUsd: SampledUsd | null;
  /** That hosting is cheaper, with the 95 % interval of the sampling. */
  readonly probability: { readonly low: number; readonly value: number; readonly high: number };
  readonly samples: number;
  /** The assumption that moves most first. */
  readonly rows: readonly SensitivityRow[];
  /** Hosting now, later, or never; empty where no months are asked. */
  readonly options: readonly OptionRegret[];
}
