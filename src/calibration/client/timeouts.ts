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

/** Pages about the endpoint itself come at once or not at all. */
export const PROBE_TIMEOUTS: Timeouts = { connectMs: 10_000, firstByteMs: 10_000, idleMs: 5_000, totalMs: 20_000 };

/** Watches over one request. */
export interface Watch {
  /** Tells it when the headers have come. */
  headers(ms: number): void;
  /** Tells it when bytes have come. */
  bytes(ms: number): void;
  stop(): void;
}

/**
 * Calls `passed` with the name of the first timeout that passes. It sleeps at most as long as any later part may take, so that nothing has
 * to wake it on the way, where every microsecond would be taken for the server's.
 *
 * @param sentMs when the request was sent, on the clock
 */
export function watch(clock: Clock, timeouts: Timeouts, sentMs: number, passed: (code: FailureCode) => void): Watch {
  const over = new AbortController();
  const { connectMs, firstByteMs, idleMs } = timeouts;
  const totalAt = sentMs + timeouts.totalMs;
  let limit: { readonly code: FailureCode; at: number; readonly laterMs: number } = {
    code: 'connect-timeout',
    at: sentMs + connectMs,
    laterMs: Math.min(firstByteMs, idleMs),
  };
  const wait = async () => {
    while (!over.signal.aborted) {
      const at = Math.min(limit.at, totalAt);
      const left = at - clock.now();
      if (left <= 0) return passed(at === totalAt ? 'total-timeout' : limit.code);
      await clock.sleep(Math.min(left, limit.laterMs), over.signal);
    }
  };
  void wait();
  return {
    headers(ms) {
      limit = { code: 'first-byte-timeout', at: ms + firstByteMs, laterMs: idleMs };
    },
    bytes(ms) {
      if (limit.code === 'idle-timeout') limit.at = ms + idleMs;
      else limit = { code: 'idle-timeout', at: ms + idleMs, laterMs: Number.POSITIVE_INFINITY };
    },
    stop() {
      over.abort();
    },
  };
}
