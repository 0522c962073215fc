import { type Estimate, estimate } from '../evidence/estimate.ts';
import type { LoadPoint } from '../throughput/loadPoint.ts';
import { LATENCY_METRICS, type LatencyMetric, PERCENTILES, type Percentile } from './serviceLevel.ts';
import type { SimulatedTraffic } from './simulatedTraffic.ts';
import type { FleetSettings } from './simulation/fleetSettings.ts';
import { latencies, percentileOf, replicationInterval, type Window } from './simulation/percentile.ts';
import { type Simulation, simulate } from './simulation/simulate.ts';

/** Percentiles of both waits, milliseconds, each with its 95 % interval over the replications. */
export type FleetLatency = Readonly<Record<LatencyMetric, Readonly<Record<`p${Percentile}`, Estimate>>>>;

/** What simulated traffic makes of a fleet; all with 95 % intervals over the replications. */
export interface SimulatedFleet {
  readonly percentiles: FleetLatency;
  /** Means, milliseconds. */
  readonly means: Readonly<Record<LatencyMetric, Estimate>>;
  /** Share of the input that was found. */
  readonly reuse: Estimate;
  /** Requests in the fleet, waiting or running, mean over time. */
  readonly inFlight: Estimate;
  /** Share of time in which a replica works. */
  readonly busyShare: Estimate;
  /** Requests that lost their place in the KV cache, per request. */
  readonly preemptionShare: Estimate;
  /** Requests that fit into no replica, per request. */
  readonly refusedShare: number;
}

/** What a fleet is simulated with. */
export interface LatencyRun {
  readonly fleet: Omit<FleetSettings, 'warmUpMs' | 'reuse' | 'routing'>;
  readonly traffic: SimulatedTraffic;
  /** Mean request, and the wait of a lone one as it is measured, milliseconds. */
  readonly load: LoadPoint;
  readonly loneTtftMs: number;
  /** Told before each replication. */
  readonly watch?: ((replication: number, replications: number) => void) | undefined;
}

/** What the simulator leaves out of the wait of a lone request: reading it in and the first token's way out. */
function missingMs({ fleet, load, loneTtftMs }: LatencyRun): number {
  const lone = {
    atMs: 0,
    inputTokens: Math.max(1, Math.round(load.inputTokens)),
    outputTokens: Math.max(1, Math.round(load.outputTokens)),
    blocks: null,
    conversation: null,
  };
  const reuse = { kind: 'share', share: load.reuse } as const;
  const run = simulate({ ...fleet, reuse, replicas: 1, routing: { kind: 'round-robin' }, failures: [], warmUpMs: 0 }, [lone]);
  return Math.max(0, loneTtftMs - percentileOf(latencies(run, 'ttft'), 0.5));
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A part of a replication that is measured. */
interface Part {
  readonly run: Simulation;
  readonly window: Window;
}

function reuseOf({ run: { records }, window }: Part): number {
  let [reused, input] = [0, 0];
  for (let at = 0; at < records.arrivalMs.length; at++) {
    const cameMs = records.arrivalMs[at] as number;
    if (cameMs < window.fromMs || cameMs > window.toMs || Number.isNaN(records.endMs[at])) continue;
    reused += records.reusedTokens[at] as number;
    input += (records.reusedTokens[at] as number) + (records.prefilledTokens[at] as number);
  }
  return input === 0 ? 0 : reused / input;
}

function over(values: readonly number[], most = Number.POSITIVE_INFINITY): Estimate {
  if (values.length < 2) return estimate('modelled', values[0] ?? 0, values[0] ?? 0, values[0] ?? 0);
  const { mean, low, high } = replicationInterval(values);
  return estimate('modelled', Math.min(mean, Math.max(0, low)), mean, Math.min(most, Math.max(high, mean)));
}

function percentilesOf(parts: readonly Part[], missing: number): Pick<SimulatedFleet, 'percentiles' | 'means'> {
  const of = (metric: LatencyMetric) => {
    const sorted = parts.map(({ run, window }) => latencies(run, metric, window)).filter(({ length }) => length > 0);
    const added = metric === 'ttft' ? missing : 0;
    const rank = (percentile: Percentile) => over(sorted.map((values) => percentileOf(values, percentile / 100) + added));
    return {
      percentiles: Object.fromEntries(PERCENTILES.map((percentile) => [`p${percentile}`, rank(percentile)])) as FleetLatency['ttft'],
      mean: over(sorted.map((values) => meanOf(values) + added)),
    };
  };
  const [ttft, tpot] = LATENCY_METRICS.map(of) as [ReturnType<typeof of>, ReturnType<typeof of>];
  return { percentiles: { ttft: ttft.percentiles, tpot: tpot.percentiles }, means: { ttft: ttft.mean, tpot: tpot.mean } };
}

/**
 * A fleet under simulated traffic: independent replications of the simulator, of each the parts that are measured; the interval of a
 * percentile is that of its mean over the parts.
 *
 * @returns null where no request is served of those that come while waits are measured
 */
export function simulatedFleet(asked: LatencyRun): SimulatedFleet | null {
  const { fleet, traffic, watch } = asked;
  const { windows, replications, reuse, routing } = traffic;
  const missing = missingMs(asked);
  const warmUpMs = windows[0]?.fromMs ?? 0;
  const runs: Simulation[] = [];
  for (let replication = 1; replication <= replications; replication++) {
    watch?.(replication, replications);
    const { requests, open } = traffic.requests(replication);
    const run = simulate({ ...fleet, reuse, routing, warmUpMs }, requests, open);
    runs.push(run);
  }
  const parts = runs.flatMap((run) => windows.map((window) => ({ run, window })));
  if (parts.every(({ run, window }) => latencies(run, 'ttft', window).length === 0)) return null;
  return {
    ...percentilesOf(parts, missing),
    reuse: over(parts.map(reuseOf), 1),
    inFlight: over(runs.map(({ usage }) => usage.requestsInFleet)),
    busyShare: over(
      runs.map(({ usage }) => usage.busyShare),
      1,
    ),
    refusedShare:
      runs.reduce((sum, { refused }) => sum + refused, 0) /
      Math.max(
        1,
        runs.reduce((sum, { records }) => sum + records.arrivalMs.length, 0),
      ),
    preemptionShare: over(runs.map(({ preemptions, records }) => preemptions / Math.max(1, records.arrivalMs.length))),
  };
}
