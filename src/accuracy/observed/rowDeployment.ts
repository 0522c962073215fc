import type { Deployment } from '../../engine/deployment.ts';
import { defaultEncoderMode } from '../../engine/encoderMode.ts';
import type { EngineRelease } from '../../engine/engine.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import { layersOf } from '../../model/layers.ts';
import type { Checkpoint, Model } from '../../model/model.ts';
import { encodingOfClass } from '../../model/tensors.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { formatNamed, gpuNamed, modelNamed } from './catalogNames.ts';
import { releaseNamed } from './releaseNamed.ts';
import { type RowFlags, rowFlags } from './rowFlags.ts';
import { kvDtypeNamed, languageOnly, observedLayout } from './settings.ts';
import type { StartupRow } from './startupRow.ts';

/** What a row describes, as kplan plans it. */
export interface RowDeployment {
  readonly deployment: Deployment;
  /** The row names a release of the engine. */
  readonly statesRelease: boolean;
  /** The row, or the default of the release that it names, fixes the memory fraction. */
  readonly statesFraction: boolean;
  /** The budget can be told: memory, fraction and the build that took it, be it a fork, for builds differ in what they keep. */
  readonly statesBudget: boolean;
  /** What an engine sees on the GPU was observed, and not carried over from a sibling. */
  readonly knowsMemory: boolean;
  /** Geometry and storage of the checkpoint are published, and nothing of them supposed. */
  readonly exactConfig: boolean;
  /** Why nothing but the tokens of its KV memory can be held against kplan; null where the rest can too. */
  readonly arithmeticOnly: string | null;
  /** What was taken for given where the row says nothing. */
  readonly assumed: readonly string[];
}

/** A row that cannot be planned for. */
export interface Unreadable {
  readonly skipped: string;
}

/** KV tokens of a given memory are the same on any GPU. */
const STAND_IN_GPU = 'h200';

/** Whether a row could be read as a deployment. */
export function isReadable<T extends object>(reading: T | Unreadable): reading is T {
  return !('skipped' in reading);
}

function gpuOf({ gpu }: StartupRow, catalog: Catalog): Gpu | Unreadable {
  if (gpu === '') return { skipped: 'the GPU is not stated' };
  const found = gpuNamed(catalog.gpus, gpu);
  if (!found) return { skipped: `no GPU profile is named ${gpu}` };
  return found.torchTotalGiB ? found : { skipped: `how much memory an engine sees on ${found.name} is not known` };
}

interface ChosenCheckpoint {
  readonly model: Model;
  readonly checkpoint: Checkpoint;
  readonly assumed: readonly string[];
}

/** Whether a checkpoint is what a text calls a format: by its own name, or by how it stores the bulk of its weights. */
function storesAs(model: Model, checkpoint: Checkpoint, asked: string): boolean {
  const bulk = encodingOfClass(checkpoint, model.architecture.experts ? 'routed-experts' : 'dense-ffn');
  return checkpoint.format === asked || bulk === asked || bulk.startsWith(`${asked}-`);
}

function checkpointOf({ model: name, weightFormat }: StartupRow, catalog: Catalog): ChosenCheckpoint | Unreadable {
  const named = modelNamed(catalog.models, name);
  if (!named) return { skipped: `no model is named ${name}` };
  const { model } = named;
  const format = formatNamed(weightFormat);
  const stated = weightFormat.toLowerCase() === format ? format : null;
  if (named.checkpoint && (stated === null || storesAs(model, named.checkpoint, stated)))
    return { model, checkpoint: named.checkpoint, assumed: [] };
  const asked = format ?? (weightFormat === '' ? model.defaultFormat : null);
  const checkpoint = model.checkpoints.find((one) => one.format === asked);
  if (!checkpoint) return { skipped: `no checkpoint of ${model.name} is known as ${weightFormat}` };
  return { model, checkpoint, assumed: format === null ? [`format ${checkpoint.format}`] : [] };
}

interface ChosenRelease {
  readonly release: EngineRelease;
  readonly stated: boolean;
  readonly assumed: readonly string[];
}

function releaseOf({ engine: name, engineVersion }: StartupRow, catalog: Catalog): ChosenRelease | Unreadable {
  const asked = name === '' ? 'vllm' : name.toLowerCase();
  const engine = catalog.engines.find((one) => one.id === asked || one.name.toLowerCase() === asked);
  if (!engine) return { skipped: `kplan does not model ${name}` };
  const version = releaseNamed(engineVersion);
  const release = { engine, version: version ?? engine.defaultVersion };
  return {
    release,
    stated: version !== null,
    assumed: [...(name === '' ? [engine.name] : []), ...(version === null ? [`release ${release.version}`] : [])],
  };
}

function isExact(model: Model, { assumption, statedBytes }: Checkpoint, { sources }: Catalog): boolean {
  return statedBytes === undefined && sources[model.architectureSource]?.kind === 'spec' && assumption === undefined;
}

/** Settings of a deployment that a row or its flags state; what they leave out is the engine's default. */
function settingsOf(row: StartupRow, flags: RowFlags, model: Model, release: EngineRelease): Partial<Deployment> {
  const { batchTokens, draft, draftTokens, eager, graphEstimate } = flags;
  return {
    contextTokens: row.maxModelLen ?? model.architecture.maxContextTokens,
    encoderMode: flags.encoderMode ?? defaultEncoderMode(model, release),
    ...(row.fraction === null || row.fractionIsOwn ? {} : { utilization: row.fraction }),
    ...(row.maxNumSeqs === null ? {} : { maxNumSeqs: row.maxNumSeqs }),
    ...(batchTokens === undefined ? {} : { batchTokens }),
    ...(draft === undefined ? {} : { draft }),
    ...(draftTokens === undefined ? {} : { draftTokens }),
    ...(eager === undefined ? {} : { eager }),
    ...(graphEstimate === undefined ? {} : { graphEstimate }),
  };
}

/**
 * The deployment that a row of observations describes. Names are matched through the catalog, never guessed.
 *
 * @returns the deployment with what was assumed, or why the row cannot be planned for
 */
export function rowDeployment(row: StartupRow, catalog: Catalog): RowDeployment | Unreadable {
  const standIn = row.kvGiB !== null && row.kvTokens !== null;
  const named = releaseOf(row, catalog);
  const release = isReadable(named) || !standIn ? named : releaseOf({ ...row, engine: '', engineVersion: '' }, catalog);
  if (!isReadable(release)) return release;
  const stated = gpuOf(row, catalog);
  const gpu = isReadable(stated) || !standIn ? stated : gpuOf({ ...row, gpu: STAND_IN_GPU }, catalog);
  if (!isReadable(gpu)) return gpu;
  const chosen = checkpointOf(row, catalog);
  if (!isReadable(chosen)) return chosen;
  const kvCacheDtype = kvDtypeNamed(row.kvDtype);
  if (kvCacheDtype === null) return { skipped: `no KV cache dtype is named ${row.kvDtype}` };
  const flags = rowFlags(row.flags);
  const layout = observedLayout({ ...row, ep: row.ep ?? flags.expertParallel ?? null });
  const layoutAssumed = row.tp === null ? [`TP${layout.tp}`] : [];
  const { model } = chosen;
  if (layout.pp > layersOf(model.architecture).length)
    return { skipped: `${layout.pp} pipeline stages are more than the model has layers` };
  const knowsMemory = catalog.sources[gpu.torchTotalGiB?.source ?? '']?.kind !== 'assumed';
  const statesFraction = row.fraction !== null || release.stated;
  return {
    deployment: {
      model,
      checkpoint: flags.languageOnly ? languageOnly(chosen.checkpoint) : chosen.checkpoint,
      gpu,
      release: release.release,
      layout,
      kvCacheDtype,
      sequences: 1,
      contextTokens: model.architecture.maxContextTokens,
      encoderMode: 'weights',
      ...settingsOf(row, flags, model, release.release),
    },
    statesRelease: release.stated,
    statesFraction,
    statesBudget: isReadable(named) && isReadable(stated) && knowsMemory && statesFraction && row.engineVersion !== '',
    knowsMemory,
    exactConfig: isExact(model, chosen.checkpoint, catalog),
    arithmeticOnly: [named, stated].flatMap((reading) => (isReadable(reading) ? [] : [reading.skipped])).join(', and ') || null,
    assumed: [...release.assumed, ...chosen.assumed, ...layoutAssumed],
  };
}
