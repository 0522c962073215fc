import { readJson } from '../shared/jsonDocument.ts';
import type { ModelFolder } from './fetch/modelFolder.ts';
import { formatName, mixName } from './formatName.ts';
import type { ModelReading } from './importedModel.ts';
import { readGgufFiles } from './parse/ggufFiles.ts';
import { JsonGroup } from './parse/jsonGroup.ts';
import type { StoredTensor } from './parse/safetensors.ts';
import { modelConfig, readConfig, readTextConfig } from './translate/configFile.ts';
import { ggufConfig } from './translate/ggufConfig.ts';
import { ggufModules } from './translate/ggufNames.ts';
import { filledEncodings, plainType } from './translate/plainType.ts';
import { readQuantization } from './translate/quantization.ts';
import { refinedArchitecture } from './translate/refinedArchitecture.ts';
import { checkShape } from './translate/shapeCheck.ts';
import { storedModules } from './translate/storedModules.ts';
import { tensorRole } from './translate/tensorNames.ts';
import { weightReading } from './translate/weightReading.ts';

const LARGEST_CONFIG_BYTES = 2_000_000;

/** A JSON group of a folder; null where there is no such file. */
export async function jsonFile(folder: ModelFolder, file: string): Promise<JsonGroup | null> {
  const bytes = await folder.whole(file, LARGEST_CONFIG_BYTES);
  const name = file.replace(/\?.*$/, '');
  return bytes && JsonGroup.of(readJson(bytes, { name, mostBytes: LARGEST_CONFIG_BYTES }), name);
}

const KV_CACHE = 'The checkpoint brings scales for an 8-bit KV cache, which engines may use where --kv-cache-dtype is left at auto.';
const IN_32_BITS = 'Weights are counted in 32 bits, as the config says; engines that are told to serve them in 16 bits hold half of that.';
const CONFIG_ONLY = 'Only the config was read: how the weights are stored is taken from it, not from the files of weights.';

/**
 * A model from its config, and from the tensors of its files where they were read.
 *
 * @param beside ModelOpt's `hf_quant_config.json`, where there is one
 * @param tensors of all safetensors files; null where there are none
 */
export function configReading(config: JsonGroup, beside: JsonGroup | null, tensors: readonly StoredTensor[] | null): ModelReading {
  const model = modelConfig(config);
  const { architecture, assumptions } = readConfig(model);
  const said = readQuantization(model, architecture, beside);
  const remarks = [...(said.kvCache8Bit ? [KV_CACHE] : []), ...(tensors ? [] : [CONFIG_ONLY])];
  const activations = said.activations ? { activations: said.activations } : {};
  if (!tensors) {
    const plain = plainType(model, said.quantised);
    const encodings = filledEncodings(architecture, said.encodings, plain);
    return {
      architecture,
      storage: { format: formatName({ encodings }), encodings, ...activations },
      shapeAssumptions: assumptions,
      storageAssumptions: said.assumptions,
      remarks: plain === 'fp32' ? [...remarks, IN_32_BITS] : remarks,
    };
  }
  const refined = refinedArchitecture(architecture, tensors);
  const modules = storedModules(tensors).map((module) => ({ ...module, role: tensorRole(module.name, refined) }));
  const { storage, assumptions: storageAssumptions } = weightReading(refined, modules);
  checkShape({ architecture: refined, storage, modules, tensors, place: (field) => model.text.place(field) });
  return {
    architecture: refined,
    storage: { format: formatName(storage), ...storage, ...activations },
    shapeAssumptions: assumptions.filter((sentence) => !answeredByTensors(sentence)),
    storageAssumptions,
    remarks,
  };
}

/** Assumptions of a shape that the tensors settle. */
function answeredByTensors(sentence: string): boolean {
  return /draft layer|vision tower/.test(sentence);
}

/** A model from the header of its GGUF files. */
export async function ggufReading(folder: ModelFolder, file: string): Promise<ModelReading> {
  const { metadata, tensors } = await readGgufFiles(folder, file);
  const { config, textType } = ggufConfig(metadata, tensors);
  const { architecture, assumptions } = readTextConfig(config, textType);
  const { modules, assumptions: typeAssumptions } = ggufModules(tensors, architecture);
  const { storage, assumptions: storageAssumptions } = weightReading(architecture, modules);
  checkShape({ architecture, storage, modules, tensors, place: (field) => config.place(field) });
  return {
    architecture,
    storage: { format: mixName(file), ...storage },
    shapeAssumptions: assumptions,
    storageAssumptions: [...typeAssumptions, ...storageAssumptions],
    remarks: [],
  };
}
