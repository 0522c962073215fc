/** Error of a figure in per cent of what logs printed. */
export interface PercentMetric {
  readonly n: number;
  readonly biasPct: number | null;
  readonly medianAbsPct: number | null;
  readonly p90AbsPct: number | null;
}

/** Tokens from printed GiB; rows that logs allow to check must agree within rounding. */
export interface TokenMetric extends PercentMetric {
  readonly checked: number;
  readonly outsideTolerance: readonly string[];
}

/** Error of memory on one GPU. */
export interface MemoryMetric {
  readonly n: number;
  readonly biasGiB: number | null;
  readonly medianAbsGiB: number | null;
  readonly p90AbsGiB: number | null;
  readonly medianPctOfGpu: number | null;
  readonly p90PctOfGpu: number | null;
  /** Share of rows inside the band, and its 95 % interval over sources. */
  readonly coverage: number | null;
  readonly coverageInterval: readonly [number, number] | null;
}

export interface MetricSet {
  readonly weights: PercentMetric;
  readonly kvTokensGivenGiB: TokenMetric;
  readonly kvGiB: MemoryMetric;
  /** The same after one log of the same model on the same GPU was given, the row itself left out. */
  readonly kvGiBCalibrated: MemoryMetric;
  readonly overhead: MemoryMetric;
}

export interface VerdictMetric {
  readonly n: number;
  readonly right: number;
  readonly marginal: number;
  readonly wrong: number;
  /** Failures outside the static budget, which kplan does not claim to see. */
  readonly exceptions: readonly { readonly id: string; readonly why: string }[];
  readonly wrongRows: readonly { readonly id: string; readonly why: string }[];
  readonly marginalRows: readonly { readonly id: string; readonly why: string }[];
}

/** One of the rows that kplan is furthest from. */
export interface WorstRow {
  readonly id: string;
  readonly predictedKvGiB: number;
  readonly loggedKvGiB: number;
  readonly errorGiB: number;
  readonly errorPctOfGpu: number;
  /** Predicted less logged; null where the row does not print weights. */
  readonly weightsErrorGiB: number | null;
  readonly overheadErrorGiB: number;
  readonly explanation: string;
}

/** How wrong kplan is on a file of start-up observations. */
export interface MemoryScore {
  readonly schema: 'kplan/score-memory@1';
  readonly answer: string;
  readonly file: string;
  readonly rows: number;
  readonly metrics: MetricSet;
  readonly byVendor: Readonly<Record<'nvidia' | 'amd', MetricSet>>;
  /** NVIDIA rows of models whose geometry and storage are published in full. */
  readonly nvidiaExactConfig: MetricSet;
  readonly verdicts: VerdictMetric;
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  /** Rows whose weights and KV memory are left out of the metrics, with the error of their weights. */
  readonly apart: readonly { readonly id: string; readonly reason: string; readonly weightsErrorPct: number | null }[];
  /** Rows of which something is scored, and something cannot be. */
  readonly partly: readonly { readonly id: string; readonly reason: string }[];
  readonly worst: readonly WorstRow[];
}
