import { kvElementBytes } from '../../memory/kvLayers.ts';
import { traffic } from '../../model/traffic.ts';
import { isConsistent, isSaturated, layoutOf } from '../../throughput/curve.ts';
import { levelsOf } from '../../throughput/effects.ts';
import { calibrateSpeed, LEAST_CALIBRATION_POINTS } from '../../throughput/fitting/calibrate.ts';
import type { Witness } from '../../throughput/fitting/speedFit.ts';
import { isPlain, type Knowledge, systemOf } from '../../throughput/knowledge.ts';
import { machineOf } from '../../throughput/machine.ts';
import type { Measurement } from '../../throughput/measurement.ts';
import { knownBy } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import { knowledgeOn } from './deployedReplica.ts';

function witnessOf(measurement: Measurement, { gpus, models }: Catalog): Witness[] {
  const gpu = gpus.find(({ id }) => id === measurement.gpu);
  const model = models.find(({ id }) => id === measurement.model);
  const checkpoint = model?.checkpoints.find(({ format }) => format === measurement.format);
  if (!gpu || !model || !checkpoint || !isPlain(measurement)) return [];
  if (!isConsistent(measurement) || isSaturated(measurement)) return [];
  const kvBytes = kvElementBytes(measurement.kvCacheDtype === 'fp8' ? 'fp8' : 'bf16');
  const machine = machineOf(gpu, measurement.format, layoutOf(measurement), kvBytes);
  return machine ? [{ measurement, system: systemOf(measurement, gpu.vendor), traffic: traffic(model, checkpoint), machine }] : [];
}

/**
 * What is known of speed with the user's own measurements: their curves are read before shipped ones, and a system with six points or more
 * has its coefficients fitted to them.
 */
export function knowledgeFor(own: readonly Measurement[], family: string, asOf: string, catalog: Catalog): Knowledge {
  const known = own.filter(({ date }) => knownBy(date, asOf));
  if (known.length === 0) return knowledgeOn(catalog, family, asOf);
  const { speed } = catalog;
  const knowledge = knowledgeOn({ ...catalog, speed: { ...speed, measurements: [...known, ...speed.measurements] } }, family, asOf);
  const bySystem = new Map<string, Witness[]>();
  for (const witness of known.flatMap((row) => witnessOf(row, catalog))) {
    const key = levelsOf(witness.system).at(-1) ?? '';
    bySystem.set(key, [...(bySystem.get(key) ?? []), witness]);
  }
  const calibrated = [...bySystem].filter(([, witnesses]) => witnesses.length >= LEAST_CALIBRATION_POINTS);
  const fits = calibrated.reduce(
    (before, [, [first, ...rest]]) => (first ? calibrateSpeed(before, first.system, [first, ...rest]) : before),
    speed.fits,
  );
  return { ...knowledge, fits, calibrated: new Set(calibrated.map(([key]) => key)) };
}
