import { type Estimate, estimate } from '../evidence/estimate.ts';
import type { Arrivals, LengthCell, TrafficRequest } from '../workload/traffic.ts';
import { type LatencyMetric, PERCENTILES, type Percentile } from './serviceLevel.ts';
import { generate } from './simulation/arrivals.ts';
import type { FleetSettings } from './simulation/fleetSettings.ts';
import { latencies, percentileOf, replicationInterval } from './simulation/percentile.ts';
import { simulate } from './simulation/simulate.ts';

/** Percentiles of both waits, milliseconds, each with its 95 % interval over the replications. */
export type FleetLatency = Readonly<Record<LatencyMetric, Readonly<Record<`p${Percentile}`, Estimate>>>>;

/** What the percentiles of a fleet are taken from. */
export interface LatencyRun {
  readonly fleet: Omit<FleetSettings, 'warmUpMs' | 'failures' | 'routing'>;
  readonly arrivals: Arrivals;
  readonly lengths: readonly LengthCell[];
  /** Mean wait of a lone mean request as it is measured, milliseconds. */
  readonly loneTtftMs: number;
  readonly seeds: number;
}

/** Requests of one replication, and the share of its time that is left out at its start. */
const REQUESTS = 3000;
const WARM_UP = 0.2;
const SHORTEST_SECONDS = 600;

/** What the simulator leaves out of the wait of a lone request: reading it in and the first token's way out. */
function missingMs({ fleet, lengths, loneTtftMs }: LatencyRun): number {
  const mean = (of: (cell: LengthCell) => number) => Math.max(1, Math.round(lengths.reduce((sum, cell) => sum + cell.share * of(cell), 0)));
  const lone: TrafficRequest = {
    atMs: 0,
    inputTokens: mean(({ inputTokens }) => inputTokens),
    outputTokens: mean(({ outputTokens }) => outputTokens),
    blocks: null,
    conversation: null,
  };
  const run = simulate({ ...fleet, replicas: 1, routing: { kind: 'round-robin' }, failures: [], warmUpMs: 0 }, [lone]);
  return Math.max(0, loneTtftMs - percentileOf(latencies(run, 'ttft'), 0.5));
}

/**
 * Percentiles of the waits in a fleet under generated traffic: independent replications of the simulator, each with its own seed, a fifth
 * of the time left out as warm-up; the interval of a percentile is that of its mean over the replications.
 *
 * @returns milliseconds; null where some request fits into no replica
 */
export function fleetLatency(run: LatencyRun): FleetLatency | null {
  const { fleet, arrivals, lengths, seeds } = run;
  const seconds = Math.max(SHORTEST_SECONDS, REQUESTS / arrivals.requestsPerSecond);
  const missing = missingMs(run);
  const runs = Array.from({ length: seeds }, (_, seed) =>
    simulate(
      { ...fleet, routing: { kind: 'least-loaded' }, failures: [], warmUpMs: 1000 * WARM_UP * seconds },
      generate(arrivals, lengths, { seed: seed + 1, seconds }),
    ),
  );
  if (runs.some(({ refused }) => refused > 0)) return null;
  const of = (metric: LatencyMetric) => {
    const sorted = runs.map((one) => latencies(one, metric));
    const added = metric === 'ttft' ? missing : 0;
    return Object.fromEntries(
      PERCENTILES.map((percentile) => {
        const { mean, low, high } = replicationInterval(sorted.map((values) => percentileOf(values, percentile / 100) + added));
        return [`p${percentile}`, estimate('modelled', Math.max(0, low), mean, high)];
      }),
    ) as FleetLatency['ttft'];
  };
  return { ttft: of('ttft'), tpot: of('tpot') };
}
