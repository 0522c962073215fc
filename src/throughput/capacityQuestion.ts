import type { Estimate } from '../evidence/estimate.ts';
import type { SourceId } from '../evidence/source.ts';
import type { Curve } from './curve.ts';
import type { Knowledge } from './knowledge.ts';
import { type LoadPoint, meanContextTokens } from './loadPoint.ts';
import type { Replica } from './replica.ts';
import type { Speed } from './speed.ts';

/** What limits how many sequences are in flight. */
export interface SequenceLimits {
  /** Tokens that the KV cache of the replica holds. */
  readonly kvTokens: number;
  /** The engine's limit on sequences per step. */
  readonly maxSequences: number;
}

/** One replica, and the load that it is asked to carry. */
export interface CapacityQuestion extends SequenceLimits {
  /** null where the datasheet figures of the GPU are unknown. */
  readonly replica: Replica | null;
  readonly gpuName: string;
  readonly load: LoadPoint;
  /** Longest time between two tokens of one sequence that is acceptable; null where none is asked. */
  readonly maxTpotMs: number | null;
  readonly knowledge: Knowledge;
}

/** What one replica sustains, and how that is known. */
export interface Capacity {
  readonly kind: 'measured' | 'calibrated' | 'modelled' | 'assumed';
  readonly requestsPerSecond: Estimate;
  readonly concurrency: number | null;
  /** Time between two tokens of one sequence at that concurrency, prefill waits included. */
  readonly tpotMs: Estimate | null;
  readonly method: string;
  readonly curves: readonly Curve[];
  readonly source: SourceId | 'user';
  /** Present where not assumed. */
  readonly speed?: Speed;
}

/** Why there is no capacity. */
export interface NoMeasurement {
  readonly kind: 'no-measurement';
  readonly reason: string;
}

/**
 * Sequences that the KV cache and the engine keep in flight: `min(floor(kvTokens / (input + output / 2)), maxSequences)`.
 *
 * @returns a whole number; 0 where not one sequence of the mean context fits
 */
export function concurrencyLimit({ kvTokens, maxSequences }: SequenceLimits, load: LoadPoint): number {
  return Math.min(Math.floor(kvTokens / meanContextTokens(load)), maxSequences);
}
