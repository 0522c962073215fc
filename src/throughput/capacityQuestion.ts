import type { Estimate } from '../evidence/estimate.ts';
import type { SourceId } from '../evidence/source.ts';
import type { Gpu } from '../hardware/gpu.ts';
import type { Layout } from '../layout/layout.ts';
import type { Traffic } from '../model/traffic.ts';
import type { Curve } from './curve.ts';
import { type LoadPoint, meanContextTokens } from './loadPoint.ts';
import type { StepTime } from './stepTime.ts';

/** One replica, and the load that it is asked to carry. */
export interface CapacityQuestion {
  readonly gpu: Gpu;
  readonly format: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly layout: Layout;
  readonly traffic: Traffic;
  readonly kvBytesPerElement: number;
  /** Tokens that the KV cache of the replica holds. */
  readonly kvTokens: number;
  /** The engine's limit on sequences per step. */
  readonly maxSequences: number;
  readonly load: LoadPoint;
  /** Longest time between two tokens of one sequence that is acceptable; null where none is asked. */
  readonly maxTpotMs: number | null;
  /** Curves of the model's family, newest first. */
  readonly curves: readonly Curve[];
  readonly asOf: string;
}

/** What one replica sustains, and how that is known. */
export interface Capacity {
  readonly kind: 'measured' | 'modelled' | 'assumed';
  readonly requestsPerSecond: Estimate;
  readonly concurrency: number | null;
  /** Time between two tokens of one sequence at that concurrency, prefill waits included. */
  readonly tpotMs: number | null;
  readonly method: string;
  readonly curves: readonly Curve[];
  readonly source: SourceId | 'user';
  /** Present where modelled. */
  readonly step?: StepTime;
  /** Measured over modelled output tokens per second at the same concurrency; present where modelled. */
  readonly anchor?: number;
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
export function concurrencyLimit({ kvTokens, maxSequences, load }: CapacityQuestion): number {
  return Math.min(Math.floor(kvTokens / meanContextTokens(load)), maxSequences);
}
