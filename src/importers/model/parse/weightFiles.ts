import { Fault } from '../../../faults/fault.ts';
import { readJson } from '../../shared/jsonDocument.ts';
import type { ModelFolder } from '../fetch/modelFolder.ts';
import { isPathComponent } from '../fetch/reference.ts';
import { JsonGroup } from './jsonGroup.ts';
import { readSafetensors, type StoredTensor } from './safetensors.ts';

const INDEX = 'model.safetensors.index.json';
const LARGEST_INDEX_BYTES = 2 ** 26;
const MOST_SHARDS = 5000;
const AT_ONCE = 8;

/** Runs `read` for each item, some at a time, and keeps their order. */
export async function inTurn<From, To>(items: readonly From[], read: (item: From) => Promise<To>): Promise<To[]> {
  const results: To[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await read(items[index] as From);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}

/** Which shard holds each tensor. */
function shardsOf(bytes: Uint8Array): Map<string, string> {
  const map = JsonGroup.of(readJson(bytes, { name: INDEX, mostBytes: LARGEST_INDEX_BYTES }), INDEX).group('weight_map');
  const shards = new Map(map.keys().map((tensor) => [tensor, map.text(tensor)]));
  for (const [tensor, file] of shards)
    if (!isPathComponent(file) || !file.endsWith('.safetensors'))
      throw map.refused(tensor, 'the name of a .safetensors file beside the index');
  if (new Set(shards.values()).size > MOST_SHARDS)
    throw new Fault('invalid', 'too many shards', { where: INDEX, allowed: `at most ${MOST_SHARDS}` });
  return shards;
}

async function headerOf(folder: ModelFolder, file: string): Promise<readonly StoredTensor[]> {
  const tensors = await folder.part(file, readSafetensors);
  if (!tensors) throw new Fault('missing', 'a shard of the index is not there', { where: `${folder.name}: ${file}` });
  return tensors;
}

function checkAgainst(index: ReadonlyMap<string, string>, stored: ReadonlySet<string>, folder: ModelFolder): void {
  const lost = [...index.keys()].find((name) => !stored.has(name));
  if (lost !== undefined)
    throw new Fault('contradiction', 'no shard holds a tensor of the index', { where: `${folder.name}: ${INDEX}`, value: lost });
}

/** The files that make up a model whose folder has no index: `model.safetensors`, else all there are. */
function looseFiles({ files }: ModelFolder): readonly string[] {
  const all = (files ?? ['model.safetensors']).filter((file) => /^[^/]*\.safetensors$/.test(file));
  return all.includes('model.safetensors') ? ['model.safetensors'] : all;
}

/**
 * The tensors of all safetensors files of a folder, from their headers and the index alone.
 *
 * @returns null where the folder holds no safetensors
 * @throws Fault `contradiction` where index and shards disagree, `missing` where a shard is not there, and those of the headers
 */
export async function readWeightFiles(folder: ModelFolder): Promise<readonly StoredTensor[] | null> {
  const indexBytes = await folder.whole(INDEX, LARGEST_INDEX_BYTES);
  const index = indexBytes && shardsOf(indexBytes);
  const files = index ? [...new Set(index.values())].sort() : looseFiles(folder);
  if (!index && folder.files === null) return folder.part('model.safetensors', readSafetensors);
  if (files.length === 0) return null;
  const tensors = (await inTurn(files, (file) => headerOf(folder, file))).flat();
  const names = new Set(tensors.map(({ name }) => name));
  if (names.size < tensors.length) throw new Fault('contradiction', 'two shards hold a tensor of one name', { where: folder.name });
  if (index) checkAgainst(index, names, folder);
  return tensors;
}
