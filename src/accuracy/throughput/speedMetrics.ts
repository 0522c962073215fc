import { quantileOf } from '../../evidence/quantileOf.ts';
import type { Quantity } from '../../throughput/band.ts';
import { clusteredInterval, medianOf } from '../statistics.ts';
import type { HeldOut } from './heldOut.ts';
import { configurationOf } from './holdOut.ts';
import type { SpeedMetric, SpeedMetrics } from './throughputScore.ts';

const LIGHT_CONCURRENCY = 16;

function metricOf(heldOut: readonly HeldOut[], quantity: Quantity): SpeedMetric {
  const found = heldOut.flatMap(({ predicted, measured, witness }) => {
    const value = measured[quantity];
    if (value === null) return [];
    const { low, high } = predicted[quantity];
    return [{ error: predicted[quantity].value / value - 1, hit: low <= value && value <= high, cluster: configurationOf(witness) }];
  });
  if (found.length === 0) return { n: 0, biasPct: null, medianAbsPct: null, p90AbsPct: null, coverage: null, coverageInterval: null };
  const absolute = found.map(({ error }) => 100 * Math.abs(error));
  return {
    n: found.length,
    biasPct: 100 * medianOf(found.map(({ error }) => error)),
    medianAbsPct: medianOf(absolute),
    p90AbsPct: quantileOf(absolute, 0.9),
    coverage: found.filter(({ hit }) => hit).length / found.length,
    coverageInterval: clusteredInterval(found),
  };
}

/** Errors and coverage of predictions by quantity; the wait for the first token also at light load alone. */
export function metricsOf(heldOut: readonly HeldOut[]): SpeedMetrics {
  const light = heldOut.filter(({ witness }) => witness.measurement.concurrency <= LIGHT_CONCURRENCY);
  return {
    tpot: metricOf(heldOut, 'tpot'),
    ttft: metricOf(heldOut, 'ttft'),
    ttftLight: metricOf(light, 'ttft'),
    outputTokensPerSecond: metricOf(heldOut, 'outputTokensPerSecond'),
  };
}
