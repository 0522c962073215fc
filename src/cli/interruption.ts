/** What Ctrl-C does to a run. */
export interface Interruption {
  /** Aborted by the first signal: nothing further is sent, what is in flight is waited for. */
  readonly stop: AbortSignal;
  /** Aborted by the second one: what is in flight is given up. */
  readonly abandon: AbortSignal;
  /** Whether a signal came. */
  readonly interrupted: () => boolean;
  /** Lets the signals be what they were. */
  readonly end: () => void;
}

/** After the first signal, how long what is in flight may take. */
const DRAIN_MS = 30_000;

/**
 * Takes SIGINT and SIGTERM for a run: the first one drains, the second one, or a drain that takes long, gives up.
 *
 * @param said told at the first signal
 */
export function interruption(said: () => void): Interruption {
  const stop = new AbortController();
  const abandon = new AbortController();
  let drain: NodeJS.Timeout | undefined;
  const signal = () => {
    if (stop.signal.aborted) {
      abandon.abort();
      return;
    }
    stop.abort();
    said();
    drain = setTimeout(() => abandon.abort(), DRAIN_MS);
  };
  process.on('SIGINT', signal);
  process.on('SIGTERM', signal);
  return {
    stop: stop.signal,
    abandon: abandon.signal,
    interrupted: () => stop.signal.aborted,
    end: () => {
      clearTimeout(drain);
      process.off('SIGINT', signal);
      process.off('SIGTERM', signal);
    },
  };
}
