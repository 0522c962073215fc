import { resolveRelease } from '../../engine/release.ts';
import type { Source, SourceId } from '../../evidence/source.ts';
import type { SpeedFacts } from '../../throughput/knowledge.ts';
import type { Catalog } from '../catalog.ts';
import { findCheckpoint, findGpus, findModel } from '../lookup.ts';
import type { DossierQuery } from './dossierQuery.ts';

/** Measurements of the family, or that tell how often a format was run with an engine; coefficients of all, their doubts of this family. */
function neededSpeed({ measurements, fits, bands }: SpeedFacts, family: string, format: string, engine: string): SpeedFacts {
  const engines = [engine, `atom-${engine}`];
  const ofFamily = (key: string) => key.endsWith(` ${family}`);
  const systems = <T>(of: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(of).filter(([key]) => ofFamily(key)));
  return {
    measurements: measurements.filter((row) => row.format === format && engines.includes(row.engine)),
    contaminated: {},
    fits: {
      tpot: { ...fits.tpot, systems: systems(fits.tpot.systems) },
      ttft: { ...fits.ttft, systems: systems(fits.ttft.systems) },
    },
    bands,
  };
}

/** The sources that any of the facts names. */
function namedSources(facts: unknown, sources: Readonly<Record<SourceId, Source>>): Record<SourceId, Source> {
  const text = JSON.stringify(facts);
  return Object.fromEntries(Object.entries(sources).filter(([id]) => text.includes(`"${id}"`)));
}

/**
 * The facts that answer a question and what-ifs about it, out of a whole catalog: its model, engine and workload, the days of others, all GPUs, all API prices of the
 * model, all offers of the asked GPUs, and what tells the speed of these.
 *
 * @param query with the GPU types that are meant
 * @returns a catalog whose answers to the question are those of the whole one
 */
export function neededFacts(query: DossierQuery, catalog: Catalog): Catalog {
  const model = findModel(catalog, query.model);
  const { format } = findCheckpoint(model, query.format);
  const { engine } = resolveRelease(catalog.engines, query.engine);
  const gpus = new Set(findGpus(catalog, query.gpu).map(({ gpu }) => gpu.id));
  const kept: Omit<Catalog, 'sources'> = {
    ...catalog,
    models: [model],
    engines: catalog.engines.filter(({ id }) => id === engine.id),
    tariffs: catalog.tariffs.filter((tariff) => tariff.model === model.id),
    offers: catalog.offers.filter(({ gpu }) => gpus.has(gpu)),
    workloads: catalog.workloads.filter(({ id, aliases, hours }) => hours !== null || [id, ...aliases].includes(query.workload ?? '')),
    claims: [],
    speed: neededSpeed(catalog.speed, model.family, format, engine.id),
  };
  return { ...kept, sources: namedSources(kept, catalog.sources) };
}
