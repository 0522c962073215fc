import { setMaxListeners } from 'node:events';

/**
 * Runs something when a signal is aborted. One signal ends a whole run, so any number of requests may listen to it.
 *
 * @returns what stops listening
 */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (!signal) return () => undefined;
  setMaxListeners(0, signal);
  signal.addEventListener('abort', run, { once: true });
  return () => signal.removeEventListener('abort', run);
}
