import { describe, expect, it } from 'vitest';
import { calibratedMeasurements } from '../../src/calibration/endpointCalibration.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
import { knowledgeFor } from '../../src/plan/speed/ownKnowledge.ts';
import { witnessOf } from '../../src/plan/speed/witness.ts';
import { Random } from '../../src/serving/simulation/random.ts';
import { leftOutMisses } from '../../src/throughput/fitting/leftOutMiss.ts';
import type { Witness } from '../../src/throughput/fitting/speedFit.ts';
import type { Measurement } from '../../src/throughput/measurement.ts';
import { simulatedCalibration } from '../support/endpointCalibrations.ts';
import { drawnEndpoint } from '../support/simulatedEndpoint.ts';

const catalog = loadCatalog();
const clean = calibratedMeasurements(simulatedCalibration(drawnEndpoint(new Random(3), 0.1, { step: 0.01, request: 0.02 })));

/** Every other point slower, in all that is measured of it. */
function scattered(rows: readonly Measurement[], factor: number): Measurement[] {
  const times = (value: number | null, by: number) => (value === null ? null : value * by);
  return rows.map((row, at) => {
    const by = at % 2 === 0 ? factor : 1 / factor;
    const { tpotMs, ttftMs, outputTokensPerSecond } = row;
    return { ...row, tpotMs: times(tpotMs, by), ttftMs: times(ttftMs, by), outputTokensPerSecond: times(outputTokensPerSecond, 1 / by) };
  });
}

function missesOf(rows: readonly Measurement[]) {
  const [first, ...rest] = rows.map((row) => witnessOf(row, catalog)).filter((row): row is Witness => row !== null);
  if (!first) throw new Error('no witness');
  return leftOutMisses(catalog.speed.fits, [first, ...rest]);
}

describe('how far a calibration misses points that it does not know', () => {
  it('is little where the model describes the endpoint', () => {
    const { tpot, outputTokensPerSecond } = missesOf(clean);
    expect(tpot).toBeLessThan(0.06);
    expect(outputTokensPerSecond).toBeLessThan(0.06);
  });

  it('is as much as the points scatter', () => {
    const { tpot } = missesOf(scattered(clean, 1.3));
    expect(tpot).toBeGreaterThan(Math.log(1.3));
    expect(tpot).toBeLessThan(3 * Math.log(1.3));
  });

  it('says nothing of one point', () => {
    const [one] = clean;
    expect(missesOf(one ? [one] : [])).toEqual({ tpot: 0, ttft: 0, outputTokensPerSecond: 0 });
  });

  it('is kept beside the fit, which answers read', () => {
    const key = [...knowledgeFor(clean, 'kimi-k2', '2026-11-26', catalog).calibrated.values()];
    expect(key).toEqual([missesOf(clean)]);
    expect(knowledgeFor(clean.slice(0, 5), 'kimi-k2', '2026-11-26', catalog).calibrated.size).toBe(0);
  });
});
