/** What the answer depends on. */
export type SensitivityCode = 'instance-price' | 'capacity' | 'api-price' | 'volume';

/** One assumption: how far it moves the saving, and where it turns the answer. */
export interface SensitivityRow {
  readonly code: SensitivityCode;
  readonly unit: 'USD/month' | 'tokens/s' | 'USD/Mtok' | 'tokens/month';
  /** At its middle. */
  readonly now: number;
  /** 10th and 90th percentile, and what is saved there with the others at their middle; null for the volume, which is asked. */
  readonly low: number | null;
  readonly high: number | null;
  readonly savedAtLow: number | null;
  readonly savedAtHigh: number | null;
  /** Nearest value at which nothing is saved; null where none is found. */
  readonly flipsAt: number | null;
  /** How many such values there are. */
  readonly flips: number;
  /** How likely the assumption lies on the other side of the answer, the others at their middle; null for the volume. */
  readonly probabilityBeyond: number | null;
}

/** How sure it is that hosting saves money at the asked volume. */
export interface Sensitivity {
  readonly tariff: string;
  readonly offer: string;
  /** API less hosting: at the middle values, and 10th, 50th and 90th percentile. */
  readonly savedUsdPerMonth: { readonly now: number; readonly p10: number; readonly p50: number; readonly p90: number };
  /** That hosting is cheaper, with the 95 % interval of the sampling. */
  readonly probability: { readonly low: number; readonly value: number; readonly high: number };
  readonly samples: number;
  /** The assumption that moves most first. */
  readonly rows: readonly SensitivityRow[];
}
