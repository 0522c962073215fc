import { existsSync } from 'node:fs';
import { loadCatalog } from '../catalog/index.ts';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { Io } from './io.ts';

/** The catalog that a command answers from. */
export interface AskedCatalog {
  readonly catalog: Catalog;
  /** The id of the model that `--model` named by where it lies or by a repository; undefined where it is a name of the catalog. */
  readonly model?: string;
  /** The format of the repository that `--model` named. */
  readonly format?: string;
  /** What an import has to say beside the answer. */
  readonly notes: readonly string[];
}

/** Whether a text names a model by where it lies: cheap enough for every start. */
function liesElsewhere(model: string): boolean {
  return /^hf:|^https?:|[/\\]|^\.{1,2}$|\.(?:json|gguf|safetensors)$/i.test(model);
}

/** The checkpoint of the catalog that a repository `owner/name` holds. */
function inRepository(repository: string, { models }: Catalog): { readonly model: string; readonly format: string } | null {
  const wanted = repository.toLowerCase();
  for (const { id, checkpoints } of models) {
    const found = checkpoints.find((checkpoint) =>
      [checkpoint.repository, ...(checkpoint.alsoIn ?? [])].some((name) => name.toLowerCase() === wanted),
    );
    if (found) return { model: id, format: found.format };
  }
  return null;
}

/** A name of no model that is one of a file or folder here was meant as such. */
function checkNotHere(typed: string, { models }: Catalog): void {
  const isName = models.some(({ id, aliases }) => [id, ...aliases].some((name) => name.toLowerCase() === typed.toLowerCase()));
  if (isName || typed === '' || !existsSync(typed)) return;
  throw new Fault('unknown', 'no such name, but a file or folder is called so', {
    where: '--model',
    value: typed,
    allowed: 'the names that `kplan data models` prints, or a path with a slash in it',
    nearest: [`./${typed}`],
  });
}

/** Options with the model that was found for them, and its format where none was asked. */
export function askedOf<Words extends { readonly model?: string | undefined; readonly format?: string | undefined }>(
  words: Words,
  { model, format }: Pick<AskedCatalog, 'model' | 'format'>,
): Words {
  if (model === undefined) return words;
  return { ...words, model, ...(format === undefined || words.format !== undefined ? {} : { format }) };
}

/**
 * The catalog, with the model that `--model` names by where it lies (a config, weights, a repository) read and put beside the others.
 *
 * A repository that the catalog holds is its checkpoint there, unless a folder of that name is here.
 *
 * @throws Fault where the files cannot be reached or read
 */
export async function catalogWith(model: string | undefined, io: Io): Promise<AskedCatalog> {
  const catalog = loadCatalog();
  if (model === undefined) return { catalog, notes: [] };
  if (!liesElsewhere(model)) {
    checkNotHere(model, catalog);
    return { catalog, notes: [] };
  }
  const known = inRepository(model, catalog);
  if (known && !existsSync(model)) return { catalog, ...known, notes: [] };
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
