/** Engines whose start-up logs are read. */
export type LogEngine = 'vllm' | 'sglang' | 'tensorrt-llm' | 'llama.cpp' | 'ik_llama.cpp';

/** Figures that a log may state; memory is per GPU. */
export type FigureName =
  /** What the engine sees of the GPU. */
  | 'total'
  /** The same, worked out from a memory fraction before and after the graph estimate. */
  | 'totalFromGraphEstimate'
  | 'freeBeforeLoad'
  /** Free once the last model, a draft perhaps, is loaded. */
  | 'freeAfterWeights'
  /** Fraction times total, as the engine says it. */
  | 'budget'
  /** Bytes of the checkpoint's files, all GPUs together. */
  | 'checkpoint'
  | 'weights'
  | 'draftWeights'
  /** Weights and non-torch memory in one figure (newer vLLM). */
  | 'consumed'
  | 'activationPeak'
  | 'nonTorch'
  /** Taken by the set-up of communication, before the weights. */
  | 'communication'
  | 'graphEstimate'
  | 'graphCapture'
  | 'kvMemory'
  | 'kvTokens'
  | 'kvBytesPerToken'
  /** How many requests of `concurrencyTokens` fit at once. */
  | 'concurrency'
  | 'concurrencyTokens'
  | 'maxSequences'
  | 'blocks'
  | 'blockTokens'
  /** Free before the KV cache is allocated. */
  | 'freeBeforeKvCache'
  | 'freeAfterKvCache'
  | 'freeWhenReady'
  /** Memory that the engine plans to take and that is free for it (llama.cpp). */
  | 'projected'
  | 'free'
  | 'executionContext'
  | 'runtimeBuffers'
  | 'decoderBuffers';

/** One figure with the line that states it. */
export interface LoggedFigure {
  /** GiB for memory, a plain count elsewhere. */
  readonly value: number;
  /** As printed: SGLang writes GB and means GiB. Empty for a count. */
  readonly printedUnit: string;
  /** Half a unit of the last printed digit, in the unit of `value`. */
  readonly rounding: number;
  readonly line: number;
  readonly text: string;
  /** Lines that state it: one for each rank where every rank logs. */
  readonly ranks: number;
  /** The ends over the ranks. */
  readonly low: number;
  readonly high: number;
}

/** Settings as the log shows them, in the engine's meaning; one that it does not print is left out. */
export interface LoggedFlags {
  tp?: number;
  pp?: number;
  dp?: number;
  dcp?: number;
  ep?: number;
  expertParallel?: boolean;
  attentionDp?: number;
  utilization?: number;
  staticFraction?: number;
  kvCacheMemoryGiB?: number;
  maxModelLen?: number;
  maxNumSeqs?: number;
  maxNumBatchedTokens?: number;
  chunkedPrefill?: boolean;
  dtype?: string;
  kvCacheDtype?: string;
  quantization?: string;
  enforceEager?: boolean;
  graphProfiling?: boolean;
  largestGraph?: number;
  speculativeMethod?: string;
  draftModel?: string;
  draftTokens?: number;
  mmEncoder?: string;
  textOnly?: boolean;
  attentionBackend?: string;
  cpuOffloadGiB?: number;
  architecture?: string;
  /** What the engine runs on: `cuda`, `rocm`, `npu` … */
  platform?: string;
  /** NVIDIA's, such as 9. */
  computeCapability?: number;
  /** Name of the GPU, where one is printed. */
  gpu?: string;
  /** GPUs that the engine found. */
  gpus?: number;
  gpuLayers?: number;
  layers?: number;
}

/** One allocation of KV cache or recurrent state: an engine with windows or a draft makes several. */
export interface LoggedPool {
  readonly of: 'target' | 'window' | 'draft' | 'state';
  /** Tokens of capacity; slots of a state pool. */
  readonly tokens: number | null;
  readonly gib: number;
  readonly keyGiB: number | null;
  readonly valueGiB: number | null;
  readonly dtype: string | null;
  readonly layers: number | null;
  readonly line: number;
}

/** What llama.cpp allocates on one device, by use. */
export interface LoggedBuffer {
  readonly device: string;
  readonly use: 'model' | 'kv' | 'state' | 'compute' | 'output' | 'vision' | 'vision-weights';
  readonly draft: boolean;
  readonly gib: number;
  readonly line: number;
}

/** Where a start stands. */
export type Stage = 'start' | 'load' | 'profile' | 'kv-cache' | 'graph-capture' | 'ready';

/** Where memory ran out. */
export type OutOfMemoryPlace = Exclude<Stage, 'start' | 'ready'> | 'sampler-warm-up' | 'compute-buffer' | 'after-start';

/** How the start ended. */
export type StartOutcome =
  | { readonly kind: 'ready'; readonly line: number }
  | {
      readonly kind: 'refused';
      /** `one-request`: the KV cache of one request of the longest length is larger than what is left. */
      readonly cause: 'one-request' | 'no-kv-memory' | 'free-memory';
      readonly needGiB: number | null;
      readonly availableGiB: number | null;
      readonly estimatedMaxTokens: number | null;
      readonly line: number;
      readonly text: string;
    }
  | {
      readonly kind: 'out-of-memory';
      readonly where: OutOfMemoryPlace;
      readonly askedGiB: number | null;
      readonly line: number;
      readonly text: string;
    }
  | {
      readonly kind: 'died';
      /** The last stage that the log shows. */
      readonly during: Stage;
      /** The first error that the log shows; null where it ends without one, so that the start may also still be going on. */
      readonly error: string | null;
      readonly line: number | null;
    };

/** A line that looks like memory and that no wording takes. */
export interface UnreadLine {
  readonly line: number;
  readonly text: string;
  /** Lines of the same shape, digits aside. */
  readonly times: number;
}

/** The first lines that name what a start is of. */
export type LoggedPlaces = { [name in 'engine' | 'version' | 'gpu']?: number };

/** What one start-up log says. */
export interface StartupLog {
  readonly name: string;
  readonly engine: LogEngine;
  readonly version: string | null;
  /** The model as it was given to the engine: a repository, a path or a name. */
  readonly model: string | null;
  readonly flags: Readonly<LoggedFlags>;
  readonly places: Readonly<LoggedPlaces>;
  readonly figures: Readonly<Partial<Record<FigureName, LoggedFigure>>>;
  readonly pools: readonly LoggedPool[];
  readonly buffers: readonly LoggedBuffer[];
  readonly outcome: StartOutcome;
  readonly unread: readonly UnreadLine[];
  /** Starts that the log holds; what is said here is the last one. */
  readonly starts: number;
  readonly lines: number;
  /** Lines that were longer than the reader takes and were cut. */
  readonly cutLines: number;
}
