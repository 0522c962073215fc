import { loadCatalog } from '../catalog/index.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { Io } from './io.ts';

/** The catalog that a command answers from. */
export interface AskedCatalog {
  readonly catalog: Catalog;
  /** The id of the model that `--model` named by where it lies; undefined where it is a name of the catalog. */
  readonly model?: string;
  /** What an import has to say beside the answer. */
  readonly notes: readonly string[];
}

/** Whether a text names a model by where it lies: cheap enough for every start. */
function liesElsewhere(model: string): boolean {
  return /^hf:|^https?:|[/\\]|^\.{1,2}$|\.(?:json|gguf|safetensors)$/i.test(model);
}

/**
 * The catalog, with the model that `--model` names by where it lies (a config, weights, a repository) read and put beside the others.
 *
 * @throws Fault where the files cannot be reached or read
 */
export async function catalogWith(model: string | undefined, io: Io): Promise<AskedCatalog> {
  const catalog = loadCatalog();
  if (model === undefined || !liesElsewhere(model)) return { catalog, notes: [] };
  const { importModel } = await import('../importers/model/index.ts');
  const { importEnvironment } = await import('./importEnvironment.ts');
  const imported = await importModel(model, importEnvironment(io));
  const { id } = imported.model;
  return {
    catalog: {
      ...catalog,
      models: [imported.model, ...catalog.models.filter((other) => other.id !== id)],
      sources: { ...catalog.sources, ...imported.sources },
    },
    model: id,
    notes: imported.notes,
  };
}
