import { levelsOf } from '../../throughput/effects.ts';
import { calibrateSpeed, LEAST_CALIBRATION_POINTS } from '../../throughput/fitting/calibrate.ts';
import { leftOutMisses } from '../../throughput/fitting/leftOutMiss.ts';
import type { Witness } from '../../throughput/fitting/speedFit.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import type { Measurement } from '../../throughput/measurement.ts';
import { knownBy } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import { knowledgeOn } from './deployedReplica.ts';
import { witnessOf } from './witness.ts';

type Calibrating = [system: string, witnesses: [Witness, ...Witness[]]];

/**
 * What is known of speed with the user's own measurements: their curves are read before shipped ones, and a system with six points or more
 * has its coefficients fitted to them.
 */
export function knowledgeFor(own: readonly Measurement[], family: string, asOf: string, catalog: Catalog): Knowledge {
  const known = own.filter(({ date, stated }) => stated === true || knownBy(date, asOf));
  if (known.length === 0) return knowledgeOn(catalog, family, asOf);
  const { speed } = catalog;
  const knowledge = knowledgeOn({ ...catalog, speed: { ...speed, measurements: [...known, ...speed.measurements] } }, family, asOf);
  const bySystem = new Map<string, Witness[]>();
  for (const witness of known.flatMap((row) => witnessOf(row, catalog) ?? [])) {
    const key = levelsOf(witness.system).at(-1) ?? '';
    bySystem.set(key, [...(bySystem.get(key) ?? []), witness]);
  }
  const calibrated = [...bySystem].flatMap(([key, [first, ...rest]]): Calibrating[] =>
    first && rest.length + 1 >= LEAST_CALIBRATION_POINTS ? [[key, [first, ...rest]]] : [],
  );
  const fits = calibrated.reduce((before, [, witnesses]) => calibrateSpeed(before, witnesses[0].system, witnesses), speed.fits);
  return { ...knowledge, fits, calibrated: new Map(calibrated.map(([key, witnesses]) => [key, leftOutMisses(speed.fits, witnesses)])) };
}
