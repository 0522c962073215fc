/** Build step: `npm run fit:overhead` fits the constants of data/measurements/overhead.csv to data/measurements/startup-logs.csv. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadCatalog } from '../../catalog/index.ts';
import { readStartupFile } from '../observed/startupFile.ts';
import { fitOverhead } from './fitOverhead.ts';
import { overheadCsv } from './overheadCsv.ts';

const folder = fileURLToPath(new URL('../../../data/measurements/', import.meta.url));
writeFileSync(`${folder}overhead.csv`, overheadCsv(fitOverhead(readStartupFile(`${folder}startup-logs.csv`), loadCatalog())));
