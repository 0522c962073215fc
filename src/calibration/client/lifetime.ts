import { bodyFailure, Failed, type Failure } from './failure.ts';
import { onAbort } from './onAbort.ts';
import type { FailureCode } from './record.ts';
import { type Watch, watch } from './timeouts.ts';
import type { Ways } from './ways.ts';

/** What can end a request from outside: its timeouts, and whoever aborts the run. */
export interface Lifetime {
  readonly signal: AbortSignal;
  readonly watch: Watch;
  /** Why the request ended, given what it threw. */
  failureOf(error: unknown): Failure;
  end(): void;
}

/** Begins the life of a request that is sent now. */
export function lifetimeOf({ clock, timeouts, signal }: Ways, sentMs: number): Lifetime {
  const stop = new AbortController();
  let ended: FailureCode | null = null;
  const endWith = (code: FailureCode) => {
    ended ??= code;
    stop.abort();
  };
  const abort = () => endWith('aborted');
  const watching = watch(clock, timeouts, sentMs, endWith);
  if (signal?.aborted) abort();
  const forget = onAbort(signal, abort);
  return {
    signal: stop.signal,
    watch: watching,
    failureOf(error) {
      if (ended !== null) return { code: ended, message: MESSAGES[ended] ?? ended };
      return error instanceof Failed ? error.failure : bodyFailure(error);
    },
    end() {
      watching.stop();
      forget();
    },
  };
}

const MESSAGES: Readonly<Partial<Record<FailureCode, string>>> = {
  aborted: 'the run was stopped while this was under way',
  'connect-timeout': 'no headers within the connect timeout',
  'first-byte-timeout': 'headers, but no byte within the first-byte timeout',
  'idle-timeout': 'nothing more within the idle timeout',
  'total-timeout': 'not finished within the total timeout',
};
