import type { Clock } from './clock.ts';
import type { FailureCode } from './record.ts';

/** How long each part of a request may take, milliseconds. The built-in fetch ends the first three after 300 s by itself. */
export interface Timeouts {
  /** From sending until the headers of the answer. */
  readonly connectMs: number;
  /** From the headers until the first byte of the body. */
  readonly firstByteMs: number;
  /** Between any two pieces of the body. */
  readonly idleMs: number;
  /** From sending until the end. */
  readonly totalMs: number;
}

/** Long enough for a full context behind a queue, which some servers prefill before they send headers. */
export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 120_000, firstByteMs: 240_000, idleMs: 60_000, totalMs: 900_000 };

/** Watches over one request. */
export interface Watch {
  /** Tells it that the headers have come. */
  headers(): void;
  /** Tells it that bytes have come. */
  bytes(): void;
  stop(): void;
}

/**
 * Calls `passed` with the name of the first timeout that passes.
 *
 * @param sentMs when the request was sent, on the clock
 */
export function watch(clock: Clock, timeouts: Timeouts, sentMs: number, passed: (code: FailureCode) => void): Watch {
  const totalAt = sentMs + timeouts.totalMs;
  let phase = new AbortController();
  let lastMs: number | null = null;
  const wait = async (code: FailureCode, due: () => number, { signal }: AbortController) => {
    while (!signal.aborted) {
      const at = Math.min(due(), totalAt);
      const left = at - clock.now();
      if (left <= 0) return passed(at === totalAt ? 'total-timeout' : code);
      await clock.sleep(left, signal);
    }
  };
  const enter = (code: FailureCode, due: () => number) => {
    phase.abort();
    phase = new AbortController();
    void wait(code, due, phase);
  };
  enter('connect-timeout', () => sentMs + timeouts.connectMs);
  return {
    headers() {
      const at = clock.now() + timeouts.firstByteMs;
      enter('first-byte-timeout', () => at);
    },
    bytes() {
      const first = lastMs === null;
      lastMs = clock.now();
      if (first) enter('idle-timeout', () => (lastMs ?? 0) + timeouts.idleMs);
    },
    stop() {
      phase.abort();
    },
  };
}
