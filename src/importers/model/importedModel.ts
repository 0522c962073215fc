import type { Source } from '../../evidence/source.ts';
import { Fault, inert } from '../../faults/fault.ts';
import type { Architecture } from '../../model/architecture.ts';
import { checkpointSize } from '../../model/checkpointSize.ts';
import type { Checkpoint, Model } from '../../model/model.ts';

/** A model read from its own files, ready to stand in a catalog beside the others. */
export interface ImportedModel {
  readonly model: Model;
  /** By catalog id, as the model names them. */
  readonly sources: Readonly<Record<string, Source>>;
  /** What had to be assumed, and what the files say beside sizes: sentences to show with every answer. */
  readonly notes: readonly string[];
}

/** What readers make of the files of a model. */
export interface ModelReading {
  readonly architecture: Architecture;
  readonly storage: Omit<Checkpoint, 'repository' | 'source' | 'assumption'>;
  /** What had to be assumed of the shape. */
  readonly shapeAssumptions: readonly string[];
  /** What had to be assumed of the storage. */
  readonly storageAssumptions: readonly string[];
  /** Facts beside sizes. */
  readonly remarks: readonly string[];
}

/** Where a model was read. */
export interface Origin {
  /** `owner/name`, or the name of the folder or file. */
  readonly repository: string;
  /** Where the shape was read, for the source. */
  readonly ref: string;
  /** The file that tells the shape, and those that tell the storage. */
  readonly files: { readonly shape: string; readonly storage: string };
  readonly date: string;
}

/** More weights than these no model has: figures that multiply to more are not sane, each for itself as they may be. */
const MOST_PARAMETERS = 1e15;

/** The name of a repository without its owner, free of what a file name cannot hold. */
export function modelName(repository: string): string {
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  return inert(name) || 'model';
}

/**
 * The id of a model: its name in lower case.
 *
 * @example modelId('Kimi-K2.5') // 'kimi-k2.5'
 */
export function modelId(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  return id || 'model';
}

/**
 * Puts together what was read of a model.
 *
 * @throws Fault `invalid` where the sizes multiply to more weights than any model has
 */
export function importedModel(reading: ModelReading, origin: Origin): ImportedModel {
  const name = modelName(origin.repository);
  const id = modelId(name);
  const [configSource, weightsSource] = [`models/${id}#config`, `models/${id}#weights`];
  const { storage, storageAssumptions } = reading;
  const checkpoint: Checkpoint = {
    ...storage,
    repository: origin.repository,
    source: origin.files.storage === origin.files.shape ? configSource : weightsSource,
    ...(storageAssumptions.length > 0 ? { assumption: storageAssumptions.join(' ') } : {}),
  };
  const model: Model = {
    id,
    name,
    aliases: [],
    family: id,
    architecture: reading.architecture,
    architectureSource: configSource,
    checkpoints: [checkpoint],
    defaultFormat: storage.format,
    minimumEngineVersion: {},
  };
  const { parameters } = checkpointSize(model, checkpoint);
  if (!(parameters > 0 && parameters <= MOST_PARAMETERS))
    throw new Fault('invalid', 'the sizes multiply to more weights than any model has', {
      where: `${origin.ref} ${origin.files.shape}`,
      value: parameters,
      allowed: `at most ${MOST_PARAMETERS}`,
    });
  const source = (file: string): Source => ({ ref: `${origin.ref} ${file}`, date: origin.date, kind: 'spec' });
  return {
    model,
    sources: {
      [configSource]: source(origin.files.shape),
      ...(checkpoint.source === weightsSource ? { [weightsSource]: source(origin.files.storage) } : {}),
    },
    notes: [...reading.shapeAssumptions, ...storageAssumptions, ...reading.remarks],
  };
}
