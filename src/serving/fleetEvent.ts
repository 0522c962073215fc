import type { TrafficRequest } from '../workload/traffic.ts';
import type { Failure } from './simulation/fleetSettings.ts';
import type { Window } from './simulation/percentile.ts';

/** What happens to a fleet from a time on: replicas fail, or requests come otherwise. */
export interface FleetEvent {
  readonly failures: readonly Failure[];
  readonly reshape: (requests: readonly TrafficRequest[]) => readonly TrafficRequest[];
  /** In which waits are measured. */
  readonly window: Window;
}

/**
 * Requests that come denser for a time: from `fromMs` on, those of `factor × forMs` come within `forMs`, and all later ones that much
 * earlier.
 *
 * @param factor above 0
 * @example burst([{ atMs: 10, inputTokens: 1, outputTokens: 1, blocks: null, conversation: null }, { atMs: 30, inputTokens: 1, outputTokens: 1, blocks: null, conversation: null }], { fromMs: 0, forMs: 10, factor: 2 }).map(({ atMs }) => atMs) // [5, 20]
 */
export function burst(
  requests: readonly TrafficRequest[],
  { fromMs, forMs, factor }: { readonly fromMs: number; readonly forMs: number; readonly factor: number },
): TrafficRequest[] {
  const endMs = fromMs + factor * forMs;
  const moved = (atMs: number) => {
    if (atMs <= fromMs) return atMs;
    return atMs < endMs ? fromMs + (atMs - fromMs) / factor : atMs - (factor - 1) * forMs;
  };
  return requests.map((request) => ({ ...request, atMs: moved(request.atMs) }));
}
