import type { Clock } from './clock.ts';
import type { Timeouts } from './timeouts.ts';

/** With what requests are sent. */
export interface Ways {
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  readonly signal?: AbortSignal;
  /** Further secrets of the run, beside the key of the endpoint, that must not get out. */
  readonly keys?: readonly string[];
  /** The built-in one where nothing else is given. */
  readonly fetch?: typeof globalThis.fetch;
  /** Takes a line for each thing that happens, without secrets. */
  readonly trace?: (line: string) => void;
}
