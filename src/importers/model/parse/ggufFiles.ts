import { Fault } from '../../../faults/fault.ts';
import type { ModelFolder } from '../fetch/modelFolder.ts';
import { type GgufHeader, readGguf } from './gguf.ts';
import { inTurn } from './weightFiles.ts';

const SHARD = /^(?<stem>.*)-(?<part>\d{5})-of-(?<total>\d{5})(?<ending>\.gguf.*)$/;
const MOST_SHARDS = 1000;

/** All files of a model that is split, from the name of one of them; the file itself where it is not. */
export function ggufShards(file: string): string[] {
  const { stem, total = '', ending = '' } = SHARD.exec(file)?.groups ?? {};
  if (stem === undefined) return [file];
  const count = Number(total);
  if (count < 1 || count > MOST_SHARDS)
    throw new Fault('invalid', 'number of shards', { where: file, value: count, allowed: `1 to ${MOST_SHARDS}` });
  return Array.from({ length: count }, (_, index) => `${stem}-${String(index + 1).padStart(5, '0')}-of-${total}${ending}`);
}

/** The models of a folder's GGUF files, each by its first file; projectors for images are none. */
export function ggufModelsOf(files: readonly string[]): string[] {
  const models = files.filter((file) => file.endsWith('.gguf') && !/(?:^|\/)mmproj/i.test(file)).map((file) => ggufShards(file)[0] ?? file);
  return [...new Set(models)].sort();
}

/**
 * The header of a GGUF model of one file or several: the metadata of the first, the tensors of all.
 *
 * @throws Fault `missing` where a shard is not there or none holds tensors, and those of the headers
 */
export async function readGgufFiles(folder: ModelFolder, file: string): Promise<GgufHeader> {
  const headers = await inTurn(ggufShards(file), async (shard) => {
    const header = await folder.part(shard, readGguf);
    if (!header) throw new Fault('missing', 'no such file', { where: `${folder.name}: ${shard}` });
    return header;
  });
  const [first] = headers;
  if (!first) throw new Error('a model has one file at least');
  const tensors = headers.flatMap((header) => header.tensors);
  if (tensors.length === 0)
    throw new Fault('missing', 'it holds no tensors', { where: `${folder.name}: ${file}`, allowed: 'a file with the weights of a model' });
  return { metadata: first.metadata, tensors };
}
