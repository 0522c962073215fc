import type { GgufMix } from '../model/ggufMix.ts';
import type { OffloadFacts } from '../plan/offload/offloadFacts.ts';
import { GB } from '../units/bytes.ts';
import { type DataFolder, idsOf, readYamlFile, readYamlFolder } from './dataFolder.ts';
import { ggufFile } from './ggufFile.ts';
import { checkReference } from './names.ts';
import { kTransformersFile, llamaCppFile } from './offloadFile.ts';
import type { SourceBook } from './sourceBook.ts';

function readMixes(folder: DataFolder, book: SourceBook): GgufMix[] {
  const models = idsOf(folder, 'models');
  return readYamlFolder(folder, 'gguf', ggufFile).flatMap((file) => {
    checkReference(models, file, ['model'], file.id, folder.faults);
    const { repository, mixes } = book.qualify('gguf', file);
    return mixes.map(({ mix, fileGB: { low, value, high, source }, encodings = {} }) => ({
      model: file.id,
      mix,
      repository,
      fileBytes: { low: (low ?? value) * GB, value: value * GB, high: (high ?? value) * GB, source },
      encodings,
    }));
  });
}

/**
 * The facts of data/gguf and data/offload.
 *
 * @returns undefined after the faults of a file that is missing or wrong were gathered in the folder
 */
export function readOffloadFacts(folder: DataFolder, book: SourceBook): OffloadFacts | undefined {
  const ggufMixes = readMixes(folder, book);
  const llamaCpp = readYamlFile(folder, 'offload/llama.cpp.yaml', llamaCppFile);
  const kTransformers = readYamlFile(folder, 'offload/ktransformers.yaml', kTransformersFile);
  if (!llamaCpp || !kTransformers) return undefined;
  return { ggufMixes, llamaCpp: book.qualify('offload', llamaCpp), kTransformers: book.qualify('offload', kTransformers) };
}
