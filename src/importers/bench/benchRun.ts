/** The programs whose result files are read. */
export type BenchTool = 'vllm bench serve' | 'sglang bench_serving' | 'guidellm' | 'aiperf' | 'genai-perf' | 'inferencex';

/** A time over the requests of a run, in milliseconds; null where the file leaves the figure out. */
export interface TimeSpread {
  readonly median: number | null;
  readonly mean: number | null;
}

/** What a file says about the deployment that was measured, in its own words where the catalog decides; null where it says nothing. */
export interface StatedDeployment {
  /** A repository, a path or a served name. */
  readonly model: string | null;
  readonly gpu: string | null;
  /** A checkpoint format, or the precision that stands for one. */
  readonly precision: string | null;
  readonly kvCacheDtype: string | null;
  readonly engine: string | null;
  readonly engineVersion: string | null;
  /** All GPUs, those for prefill included. */
  readonly gpus: number | null;
  /** 0 where the file says that nothing is disaggregated. */
  readonly prefillGpus: number | null;
  readonly tp: number | null;
  readonly pp: number | null;
  readonly ep: number | null;
  readonly attentionDp: number | null;
  readonly dcp: number | null;
  /** Whole copies of the model behind one endpoint. */
  readonly copies: number;
  /** `none`, the kind, or true where the run speculated and the file does not say how. */
  readonly speculation: string | true | null;
  readonly reuse: number | null;
}

/** A file that says nothing about the deployment. */
export const NOTHING_STATED: StatedDeployment = {
  model: null,
  gpu: null,
  precision: null,
  kvCacheDtype: null,
  engine: null,
  engineVersion: null,
  gpus: null,
  prefillGpus: null,
  tp: null,
  pp: null,
  ep: null,
  attentionDp: null,
  dcp: null,
  copies: 1,
  speculation: null,
  reuse: null,
};

/** How requests were sent. */
export interface BenchLoad {
  /** The limit on requests in flight. */
  readonly maxConcurrency: number | null;
  /** The mean of requests in flight, as the file measured it. */
  readonly meanConcurrency: number | null;
  /** Requests arrived at a rate of their own, not when others had ended. */
  readonly openLoop: boolean;
}

/** Tokens of output per second: of the whole deployment, or of each GPU that decodes. */
export interface OutputRate {
  readonly tokensPerSecond: number;
  readonly per: 'deployment' | 'decode GPU';
}

/** One measured run as a result file states it, in one set of units. */
export interface BenchRun {
  readonly tool: BenchTool;
  /** File, object and line, for messages. */
  readonly where: string;
  readonly stated: StatedDeployment;
  readonly load: BenchLoad;
  readonly output: OutputRate;
  readonly requestsPerSecond: number | null;
  /** Requests that succeeded, and those that did not. */
  readonly completed: number | null;
  readonly failed: number | null;
  /** Means per request that succeeded. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** The lengths are those that were asked for, not those that were measured. */
  readonly nominalLengths: boolean;
  readonly ttft: TimeSpread;
  /** Time per output token after the first. */
  readonly tpot: TimeSpread;
  /** From sending a request to its last token. */
  readonly latency: TimeSpread;
  /** ISO day. */
  readonly date: string | null;
  /** What a reader of the row should know. */
  readonly notes: readonly string[];
}
