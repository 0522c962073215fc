import { performance } from 'node:perf_hooks';
import { onAbort } from './onAbort.ts';

/** Time that never jumps: records, timeouts and schedules go by it alone, so that tests can stand in for it. */
export interface Clock {
  /** Milliseconds from a fixed moment. */
  now(): number;
  /** Comes back after so many milliseconds, never early, or at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Longest delay of a Node timer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The monotonic clock of the process; a suspended laptop or a corrected wall clock does not move it back. */
export const realClock: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    const due = performance.now() + ms;
    for (let left = ms; left > 0 && !signal?.aborted; left = due - performance.now()) await timer(Math.min(left, LONGEST_TIMER_MS), signal);
  },
};

/**
 * A clock that goes on where an earlier one stopped, so that the times of one run in two parts neither overlap nor part.
 *
 * @param fromMs what it says now, at least
 */
export function laterClock(clock: Clock, fromMs: number): Clock {
  const aheadMs = Math.max(0, fromMs - clock.now());
  return aheadMs === 0 ? clock : { now: () => clock.now() + aheadMs, sleep: (ms, signal) => clock.sleep(ms, signal) };
}

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(pending);
      forget();
      resolve();
    };
    const pending = setTimeout(over, ms);
    const forget = onAbort(signal, over);
  });
}
