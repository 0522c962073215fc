import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from './clock.ts';

/** Says of a stretch of time how late the event loop of the client was. */
export interface LagMeter {
  /** Begins a stretch; what it returns ends it and gives the delay, milliseconds. */
  start(): () => number;
  stop(): void;
}

/** How often the loop is looked at; the histogram counts the whole interval, of which only the rest is delay. */
const INTERVAL_MS = 5;
/** A histogram cannot forget, so a new one follows after so long. */
const SLICE_MS = 1000;

interface Stretch {
  worst: number;
}

/**
 * Measures the delay of the event loop under many requests at once with one sampler: a stretch gets the largest 99th percentile of the
 * slices of about a second that it touches.
 *
 * @returns a meter that samples until `stop`
 */
export function lagMeter(clock: Clock): LagMeter {
  const running = new Set<Stretch>();
  let began = clock.now();
  let slice = sampler();
  const next = () => {
    const before = slice;
    slice = sampler();
    began = clock.now();
    before.disable();
    return delay(before);
  };
  const roll = () => {
    if (clock.now() - began < SLICE_MS) return;
    const worst = next();
    for (const stretch of running) stretch.worst = Math.max(stretch.worst, worst);
  };
  return {
    start() {
      if (running.size === 0) next();
      else roll();
      const stretch: Stretch = { worst: 0 };
      running.add(stretch);
      return () => {
        roll();
        running.delete(stretch);
        return Math.max(stretch.worst, delay(slice));
      };
    },
    stop: () => {
      slice.disable();
    },
  };
}

function sampler(): IntervalHistogram {
  const histogram = monitorEventLoopDelay({ resolution: INTERVAL_MS });
  histogram.enable();
  return histogram;
}

function delay(histogram: IntervalHistogram): number {
  return histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(99) / 1e6 - INTERVAL_MS);
}
