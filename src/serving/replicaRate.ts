import { concurrencies, mostOutput } from '../throughput/capacity.ts';
import { concurrencyLimit, type SequenceLimits } from '../throughput/capacityQuestion.ts';
import type { LoadPoint } from '../throughput/loadPoint.ts';
import type { Speed } from '../throughput/speed.ts';

/** What keeps a replica from carrying more: time for prompts or for tokens, room in the KV cache, the engine, or the longest time per token that is allowed. */
export type LimitCode = 'prefill' | 'decode' | 'kv-cache' | 'max-num-seqs' | 'tpot';

/** What one replica may do at most. */
export interface ReplicaLimits extends SequenceLimits {
  /** Longest mean time between two tokens; null: no limit. */
  readonly maxTpotMs: number | null;
}

/** The most that one replica carries on average. */
export interface ReplicaRate {
  readonly requestsPerSecond: number;
  /** Sequences in flight at that rate. */
  readonly concurrency: number;
  readonly binding: LimitCode;
  readonly speed: Speed;
  /** Seconds of the replica that a request takes: for its prompt, and for its tokens in the batch of that concurrency. */
  readonly prefillSeconds: number;
  readonly decodeSeconds: number;
}

/**
 * Seconds of a replica that one request takes, in parts that add up to one over the rate: its tokens as steps without prompts would give
 * them, `output × TPOT / sequences in flight`, and for its prompt all the rest, its own wait and what prompts beside other steps add.
 */
function secondsOf(speed: Speed, { outputTokens }: LoadPoint): Pick<ReplicaRate, 'prefillSeconds' | 'decodeSeconds'> {
  const { parts, value } = speed.step.tpot;
  const whole = outputTokens / speed.outputTokensPerSecond.value;
  const ofTokens = 1 - Math.min(1, (parts[4] ?? 0) / value);
  const decodeSeconds = Math.min(whole, (outputTokens * speed.tpotMs.value * ofTokens) / 1000 / speed.concurrency);
  return { prefillSeconds: whole - decodeSeconds, decodeSeconds };
}

/** What twice the sequences must bring before it is their number that binds. */
const LEAST_GAIN = 0.15;

/** Whether the replica still gained from more sequences where their number ends. */
function isCutShort({ concurrency, outputTokensPerSecond }: Speed, at: (concurrency: number) => Speed): boolean {
  if (concurrency === 1) return true;
  return outputTokensPerSecond.value >= (1 + LEAST_GAIN) * at(Math.floor(concurrency / 2)).outputTokensPerSecond.value;
}

/**
 * The most requests per second of one replica, `rate = sequences in flight / (TTFT + output × TPOT)`, over all concurrencies that the KV
 * cache, the engine and the longest time per token allow, with what stops it there: the utilisation law on fresh tokens and Little's law at once.
 *
 * @param at speed of the replica at a concurrency
 * @param load tokens per request and the prefix reuse that the replica finds
 * @returns null where not one request fits or even one alone is too slow
 * @example replicaRate(speedModel(replica, load, knowledge), load, { kvTokens: 788_000, maxSequences: 1024, maxTpotMs: null })?.binding // 'kv-cache'
 */
export function replicaRate(at: (concurrency: number) => Speed, load: LoadPoint, limits: ReplicaLimits): ReplicaRate | null {
  const limit = concurrencyLimit(limits, load);
  if (limit < 1) return null;
  const late = ({ tpotMs }: Speed) => (limits.maxTpotMs !== null && tpotMs.value > limits.maxTpotMs ? 'tpot' : null);
  const { best, stop } = mostOutput(at, limit, late);
  if (best === null) return null;
  const seconds = secondsOf(best, load);
  const slower = seconds.prefillSeconds > seconds.decodeSeconds ? 'prefill' : 'decode';
  const room = limit < limits.maxSequences ? 'kv-cache' : 'max-num-seqs';
  return {
    requestsPerSecond: best.outputTokensPerSecond.value / load.outputTokens,
    concurrency: best.concurrency,
    binding: stop ?? (best.concurrency === limit && isCutShort(best, at) ? room : slower),
    speed: best,
    ...seconds,
  };
}

/**
 * How a replica runs at a rate below its most: the fewest sequences in flight at which it serves so many requests per second.
 *
 * @param perSecond requests per second, at most those of the rate
 * @example operatingPoint(speedModel(replica, load, knowledge), load, { concurrency: 40 }, 0).concurrency // 1
 */
export function operatingPoint(
  at: (concurrency: number) => Speed,
  { outputTokens }: LoadPoint,
  { concurrency }: Pick<ReplicaRate, 'concurrency'>,
  perSecond: number,
): Speed {
  for (const tried of concurrencies(concurrency)) {
    const speed = at(tried);
    if (speed.outputTokensPerSecond.value >= perSecond * outputTokens) return speed;
  }
  return at(concurrency);
}
