import type { Clock } from '../../src/calibration/client/clock.ts';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** A clock that stands until it is told to go. */
export interface VirtualClock extends Clock {
  /** Waits for work, and jumps to the next sleeper whenever nothing else moves. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** Lets everything happen that needs no time. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A virtual clock at `start` milliseconds. */
export function virtualClock(start = 0): VirtualClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => now,
    sleep(ms, signal) {
      if (ms <= 0 || signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper: Sleeper = {
          due: now + ms,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      });
    },
    async run(work) {
      let over = false;
      const end = () => {
        over = true;
      };
      work.then(end, end);
      for (await settled(); !over; await settled()) {
        const next = [...sleepers].sort((a, b) => a.due - b.due)[0];
        if (!next) continue;
        now = Math.max(now, next.due);
        next.wake();
      }
      return work;
    },
  };
}
