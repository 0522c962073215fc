import type { Basis, Estimate } from '../../evidence/estimate.ts';
import type { SourceId } from '../../evidence/source.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Situation } from '../../throughput/situation.ts';
import type { AnswerEvidence } from '../answerEvidence.ts';

/** Speed of one replica at one concurrency. */
export interface SpeedPoint {
  readonly concurrency: number;
  readonly ttftMs: Estimate;
  readonly tpotMs: Estimate;
  /** Output of the replica. */
  readonly outputTokensPerSecond: Estimate;
  /** Input, reused or not, plus output, of the replica. */
  readonly totalTokensPerSecond: Estimate;
  readonly outputTokensPerSecondPerGpu: Estimate;
  /** What one user sees while an answer streams: `1000 / TPOT`. */
  readonly tokensPerSecondPerUser: Estimate;
  readonly basis: Basis;
  readonly situation: Situation;
  /** How it is known, in words, with date and engine of the measurements. */
  readonly method: string;
  readonly source: SourceId;
  /** Whether more requests are in flight than the KV cache or the engine admit, so that some wait. */
  readonly queued: boolean;
}

/** A point as it was measured, for charts. */
export interface MeasuredPoint {
  readonly id: string;
  readonly concurrency: number;
  readonly tpotMs: number;
  readonly ttftMs: number | null;
}

/** One replica and how fast it is over concurrency. */
export interface SpeedReplica {
  readonly key: string;
  readonly gpu: string;
  readonly gpuName: string;
  readonly gpus: number;
  readonly engine: string;
  readonly engineVersion: string;
  readonly format: string;
  readonly layout: Layout;
  readonly kvTokens: Estimate;
  /** Sequences of the mean context that are in flight at most. */
  readonly concurrencyLimit: number;
  readonly limitedBy: 'kv-cache' | 'max-num-seqs';
  /** Concurrency from which output grows by less than half as fast as concurrency; null where that is beyond the limit. */
  readonly knee: number | null;
  readonly points: readonly SpeedPoint[];
  readonly measured: readonly MeasuredPoint[];
}

/** A GPU type that nothing can be said of. */
export interface SpeedRefusal {
  readonly gpu: string;
  readonly gpuName: string;
  readonly code: 'does-not-fit' | 'invalid' | 'memory-unknown' | 'no-measurement' | 'too-slow';
  readonly message: string;
}

interface SpeedContext extends AnswerEvidence {
  readonly query: Readonly<Record<string, unknown>>;
  /** One sentence. */
  readonly answer: string;
  readonly refusals: readonly SpeedRefusal[];
}

/** The answer of `speed`. */
export interface SpeedAnswer extends SpeedContext {
  readonly schema: 'kplan/speed@1';
  readonly replicas: readonly SpeedReplica[];
}

/** A GPU type and layout with the load that it carries within the asked time per token. */
export interface RankedReplica extends Pick<SpeedReplica, 'key' | 'gpu' | 'gpuName' | 'gpus' | 'layout' | 'concurrencyLimit'> {
  readonly point: SpeedPoint;
  /** null where no offer is known. */
  readonly usdPerGpuHour: Estimate | null;
  /** Rent of the replica over its output at that load, dollars per million output tokens; null without an offer. */
  readonly usdPerMtokOutput: Estimate | null;
}

/** The answer of `speed --rank`. */
export interface SpeedRanking extends SpeedContext {
  readonly schema: 'kplan/speed-rank@1';
  readonly maxTpotMs: number | null;
  /** Cheapest first where offers are known, then by output per GPU. */
  readonly ranked: readonly RankedReplica[];
}
