import type { Engine, EngineId } from '../engine/engine.ts';
import type { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { OffloadFacts } from '../plan/offload/offloadFacts.ts';
import { readClaims } from './claims.ts';
import { readCostFacts } from './costFacts.ts';
import { type Checked, type DataFolder, idsOf, readYamlFile, readYamlFolder } from './dataFolder.ts';
import { engineFile } from './engineFile.ts';
import { engineId } from './fields.ts';
import { gpuFile } from './gpuFile.ts';
import { readMeasurements } from './measurements.ts';
import { modelFile } from './modelFile.ts';
import { resolveModels } from './models.ts';
import { checkNames, checkReference } from './names.ts';
import { readOffers } from './offers.ts';
import { readOffloadFacts } from './offloadFacts.ts';
import { readOverheadFits } from './overheadFits.ts';
import { catalogFile, sourcesFile } from './sharedFiles.ts';
import { SourceBook } from './sourceBook.ts';
import { readSpeedBands, readSpeedFits } from './speedFits.ts';
import { checkStartupLogs } from './startupLogs.ts';
import { checkLengths } from './workloadChecks.ts';
import { workloadFile } from './workloadFile.ts';

const ENGINES: ReadonlySet<string> = new Set(engineId.options);

function withId<T, Id extends string>(file: Checked<unknown>, content: T): T & { id: Id } {
  return { id: file.id as Id, ...content };
}

/** The sentence of an error that carries every fault of the data at once. */
function summary(faults: readonly Fault[]): string {
  return [`data/ has ${faults.length} fault${faults.length === 1 ? '' : 's'}:`, ...faults.map(({ message }) => `  ${message}`)].join('\n');
}

/**
 * Reads, checks and resolves a data folder.
 *
 * @param path the folder `data/`
 * @throws {AggregateError} whose `errors` are all faults found, each a `Fault` at `file:line:column`
 * @example resolveCatalog('data').gpus.length
 */
export function resolveCatalog(path: string): Catalog {
  const folder: DataFolder = { path, faults: [] };
  const book = new SourceBook(folder.faults);
  book.share(readYamlFile(folder, 'sources.yaml', sourcesFile));
  const date = readYamlFile(folder, 'catalog.yaml', catalogFile)?.content.date ?? '';
  const modelFiles = readYamlFolder(folder, 'models', modelFile);
  const gpuFiles = readYamlFolder(folder, 'gpus', gpuFile);
  const engineFiles = readYamlFolder(folder, 'engines', engineFile);
  const workloadFiles = readYamlFolder(folder, 'workloads', workloadFile);
  for (const files of [modelFiles, gpuFiles, workloadFiles]) checkNames(files, folder.faults);
  checkLengths(workloadFiles, folder.faults);
  for (const file of engineFiles) checkReference(ENGINES, file, ['engine'], file.id, folder.faults);
  const models = resolveModels(modelFiles, book, folder.faults);
  const gpus = gpuFiles.map((file) => withId(file, book.qualify('gpus', file)));
  const gpuIds = idsOf(folder, 'gpus');
  const fits = readOverheadFits(folder, book);
  const costs = readCostFacts(folder, gpuIds, book);
  const offload = readOffloadFacts(folder, book);
  checkStartupLogs(folder);
  const catalog: Omit<Catalog, keyof OffloadFacts> & Partial<OffloadFacts> = {
    schema: 'kplan/catalog@1',
    date,
    models,
    gpus,
    engines: engineFiles.map((file): Engine => {
      const engine = withId<Omit<Engine, 'id' | 'overheadFits'>, EngineId>(file, book.qualify('engines', file));
      return { ...engine, overheadFits: fits.get(engine.id) ?? [] };
    }),
    ...costs,
    offers: readOffers(folder, gpuIds, book),
    speed: { ...readMeasurements(folder, models, gpuIds, book), fits: readSpeedFits(folder), bands: readSpeedBands(folder, book) },
    workloads: workloadFiles.map((file) => withId(file, book.qualify('workloads', file))),
    claims: readClaims(folder, { models, gpus: gpuIds, tariffs: costs.tariffs }, book),
    ...offload,
    sources: book.entries,
  };
  if (folder.faults.length > 0) throw new AggregateError(folder.faults, summary(folder.faults));
  return catalog as Catalog;
}
