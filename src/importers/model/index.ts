import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { Fault } from '../../faults/fault.ts';
import { endpointOf, type ImportEnvironment } from './environment.ts';
import { hubFolder } from './fetch/hub.ts';
import { addressFolder, isFolder, localFolder, type ModelFolder, singleFile } from './fetch/modelFolder.ts';
import { decoded, type ModelReference, readReference } from './fetch/reference.ts';
import { type ImportedModel, importedModel, type Origin } from './importedModel.ts';
import { ggufModelsOf } from './parse/ggufFiles.ts';
import { readWeightFiles } from './parse/weightFiles.ts';
import { configReading, ggufReading, jsonFile } from './readings.ts';

export { modelYaml } from './catalogEntry.ts';
export { cacheFolderOf, type ImportEnvironment } from './environment.ts';
export type { ImportedModel } from './importedModel.ts';

/** Where the files of a model lie, and which of them was named. */
interface Place {
  readonly folder: ModelFolder;
  /** A file of the folder, or a folder in it; empty for the whole. */
  readonly path: string;
  /** What the model is called where no repository names it. */
  readonly title: string;
  /** Where its files were read, for sources. */
  readonly ref: string;
}

const withoutEnding = (file: string) => file.replace(/(?:-\d{5}-of-\d{5})?\.(?:gguf|json|safetensors)(?:\?.*)?$/i, '');

/** The repository that a folder is a copy of, where the hub's own client stored it. */
function hubCopy(path: string): string | undefined {
  const [, owner, name] = /[/\\]models--([^/\\]+?)--([^/\\]+)[/\\]snapshots[/\\][^/\\]+$/.exec(path) ?? [];
  return owner === undefined ? undefined : `${owner}/${name}`;
}

/** The repository that a folder or file is named after, where `owner__name` tells it. */
function repositoryNamed(title: string): string {
  return title.replace(/^([A-Za-z0-9.-]+)__(?=.)/, '$1/');
}

async function placeOf(reference: ModelReference, env: ImportEnvironment): Promise<Place> {
  switch (reference.kind) {
    case 'hub': {
      const folder = await hubFolder(reference, env);
      const host = new URL(endpointOf(env)).host;
      return { folder, path: reference.path, title: folder.name, ref: `${host}/${folder.name}@${folder.commit?.slice(0, 12)}` };
    }
    case 'address': {
      const { folder: address, file } = reference;
      const { host, pathname } = new URL(address);
      const last = file === '' || file.startsWith('config.json') ? basename(pathname) || host : withoutEnding(file);
      return { folder: addressFolder(address, env), path: file, title: decoded(last), ref: `${host}${pathname}` };
    }
    case 'local': {
      const path = resolve(reference.path);
      const file = basename(path);
      if (await isFolder(path))
        return { folder: await localFolder(path), path: '', title: hubCopy(path) ?? repositoryNamed(file), ref: `folder ${file}` };
      const around = repositoryNamed(basename(dirname(path)));
      const weights = /\.safetensors(?:\.index\.json)?$/.test(file);
      if (weights) return { folder: await localFolder(dirname(path)), path: file, title: around, ref: `folder ${around}` };
      const title = file === 'config.json' ? around : repositoryNamed(withoutEnding(file));
      return { folder: file.endsWith('.gguf') ? await localFolder(dirname(path)) : singleFile(path), path: file, title, ref: 'file' };
    }
  }
}

/** The one GGUF model of a folder. */
function onlyGguf(folder: ModelFolder, path: string, where: string): string {
  const models = ggufModelsOf((folder.files ?? []).filter((file) => path === '' || file.startsWith(`${path}/`)));
  const [only] = models;
  const allowed = 'config.json, or GGUF files';
  if (only === undefined)
    throw new Fault('missing', 'no config.json and no weights', { where: `${where}: ${folder.name}`, value: path || undefined, allowed });
  if (models.length > 1)
    throw new Fault('contradiction', 'several GGUF models', {
      where: `${where}: ${folder.name}`,
      allowed: `one of ${models.slice(0, 40).join(', ')}`,
    });
  return only;
}

async function imported(place: Place, where: string, date: string): Promise<ImportedModel> {
  const { folder, path, title, ref } = place;
  const origin = (shape: string, storage = shape): Origin => ({ repository: title, ref, files: { shape, storage }, date });
  const fromGguf = async (file: string) => importedModel(await ggufReading(folder, file), origin(file.replace(/\?.*$/, '')));
  if (/\.gguf(?:\?.*)?$/i.test(path)) return fromGguf(path);
  const wholeFolder = path === '' || /\.safetensors(?:\.index\.json)?(?:\?.*)?$/i.test(path);
  const configFile = wholeFolder ? 'config.json' : path;
  if (!wholeFolder && !/\.json(?:\?.*)?$/i.test(path)) return fromGguf(onlyGguf(folder, path, where));
  const config = await jsonFile(folder, configFile);
  const tensors = wholeFolder ? await readWeightFiles(folder) : null;
  if (!tensors && wholeFolder && ggufModelsOf(folder.files ?? []).length > 0) return fromGguf(onlyGguf(folder, '', where));
  if (!config)
    throw new Fault('missing', tensors ? 'weights without the config that tells their shape' : 'no config and no weights', {
      where: `${where}: ${folder.name}`,
      allowed: 'a folder with config.json, or GGUF files',
    });
  const beside = wholeFolder ? await jsonFile(folder, 'hf_quant_config.json') : null;
  const file = configFile.replace(/\?.*$/, '');
  return importedModel(configReading(config, beside, tensors), origin(file, tensors ? 'safetensors headers' : file));
}

/**
 * Reads a model that is not in the catalog: a repository of the hub, an address, or a file or folder of this machine, with a
 * Hugging Face config, safetensors or GGUF. Of weights only headers are read.
 *
 * @param reference what the user typed
 * @param env network, variables, date, cache folder and warnings
 * @param where the option that holds the reference
 * @returns a model with one checkpoint, its sources, and the sentences to say beside every answer
 * @throws Fault with the place in the file, for whatever cannot be read, is not sane, or cannot be reached; never with the token
 */
export async function importModel(reference: string, env: ImportEnvironment, where = '--model'): Promise<ImportedModel> {
  const read = readReference(reference, { exists: existsSync, endpoint: endpointOf(env), where });
  return imported(await placeOf(read, env), where, env.now().toISOString().slice(0, 10));
}
