import type { ServerMetrics } from './serverMetrics.ts';

/** The most that a server was seen to have under way; null where it does not say. */
export interface ServerPeaks extends Pick<ServerMetrics, 'running' | 'waiting' | 'kvUsage'> {
  /** Of its metrics, from which these are. */
  readonly readings: number;
}

/** The peaks of one step of a ladder, by its place. */
export interface StepPeaks extends ServerPeaks {
  readonly step: number;
}

/** What one reading of the metrics shows. */
export function peaksIn({ running, waiting, kvUsage }: ServerMetrics): ServerPeaks {
  return { running, waiting, kvUsage, readings: 1 };
}

function higher(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/**
 * The peaks of two stretches of time as those of both.
 *
 * @example highest({ running: 3, waiting: null, kvUsage: 0.2, readings: 4 }, { running: 2, waiting: 1, kvUsage: 0.3, readings: 1 }) // { running: 3, waiting: 1, kvUsage: 0.3, readings: 5 }
 */
export function highest(a: ServerPeaks, b: ServerPeaks): ServerPeaks {
  return {
    running: higher(a.running, b.running),
    waiting: higher(a.waiting, b.waiting),
    kvUsage: higher(a.kvUsage, b.kvUsage),
    readings: a.readings + b.readings,
  };
}

/** Peaks of each step once: a step that was gone on with has them of each part. */
export function peaksBySteps(parts: readonly StepPeaks[]): StepPeaks[] {
  const steps = new Map<number, StepPeaks>();
  for (const part of parts) {
    const before = steps.get(part.step);
    steps.set(part.step, before ? { step: part.step, ...highest(before, part) } : part);
  }
  return [...steps.values()];
}
