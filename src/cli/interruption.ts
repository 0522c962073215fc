/** What Ctrl-C does to a run. */
export interface Interruption {
  /** Aborted by the first signal: nothing further is sent, what is in flight is waited for. */
  readonly stop: AbortSignal;
  /** Aborted by the second one: what is in flight is given up. */
  readonly abandon: AbortSignal;
  /** The exit code of the signal that came first; null where none came. */
  readonly interrupted: () => number | null;
  /** Lets the signals be what they were. */
  readonly end: () => void;
}

/** After the first signal, how long what is in flight may take. */
const DRAIN_MS = 30_000;

/** 128 and the number of the signal, as shells have it. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Takes SIGINT and SIGTERM for a run: the first one drains, the second one, or a drain that takes long, gives up.
 *
 * @param said told at the first signal
 */
export function interruption(said: () => void): Interruption {
  const stop = new AbortController();
  const abandon = new AbortController();
  let drain: NodeJS.Timeout | undefined;
  let code: number | null = null;
  const signal = (name: keyof typeof CODES) => {
    code ??= CODES[name];
    if (stop.signal.aborted) {
      abandon.abort();
      return;
    }
    stop.abort();
    said();
    drain = setTimeout(() => abandon.abort(), DRAIN_MS);
  };
  const interrupt = () => signal('SIGINT');
  const terminate = () => signal('SIGTERM');
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  return {
    stop: stop.signal,
    abandon: abandon.signal,
    interrupted: () => code,
    end: () => {
      clearTimeout(drain);
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', terminate);
    },
  };
}
