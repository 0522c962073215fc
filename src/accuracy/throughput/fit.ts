/** Build step: `npm run fit:speed` fits the step-time model to data/measurements and finds its bands on rows held out. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadCatalog } from '../../catalog/index.ts';
import { fitSpeed } from '../../throughput/fitting/speedFit.ts';
import { calibratedHeldOut } from './calibratedScore.ts';
import { fitBands, noBands } from './fitBands.ts';
import { heldOutIn } from './heldOut.ts';
import { HELD_OUT_SITUATIONS } from './holdOut.ts';
import { bandsCsv, coefficientsCsv, covarianceCsv } from './speedCsv.ts';
import { Witnesses } from './witnesses.ts';

const folder = fileURLToPath(new URL('../../../data/measurements/', import.meta.url));
const shipped = new Witnesses(loadCatalog()).shipped();
const fits = fitSpeed(shipped);
const heldOut = [
  ...HELD_OUT_SITUATIONS.flatMap((situation) => heldOutIn(situation, shipped, shipped, fits, noBands())),
  ...calibratedHeldOut(shipped, shipped, fits, noBands()),
];
writeFileSync(`${folder}speed-coefficients.csv`, coefficientsCsv(fits));
writeFileSync(`${folder}speed-covariance.csv`, covarianceCsv(fits));
writeFileSync(`${folder}speed-bands.csv`, bandsCsv(fitBands(heldOut)));
