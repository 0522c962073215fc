import { utf8Text } from '../../catalog/utf8Text.ts';
import { Fault } from '../../faults/fault.ts';
import { type PlacedJson, readPlacedJson } from '../shared/placedJson.ts';
import { genaiPrices } from './genaiPrices.ts';
import { langfuse } from './langfuse.ts';
import { liteLlm } from './liteLlm.ts';
import { llmPrices } from './llmPrices.ts';
import { modelsDev } from './modelsDev.ts';
import { npmLlmPrices } from './npmLlmPrices.ts';
import { portkey } from './portkey.ts';
import type { Registry } from './registry.ts';

const REGISTRIES: readonly Registry[] = [portkey, genaiPrices, langfuse, llmPrices, npmLlmPrices, modelsDev, liteLlm];

/** The document of a registry's file. */
export interface RegistryDocument {
  readonly registry: Registry;
  readonly document: PlacedJson;
}

/**
 * Reads the file of a registry, recognised by the shape of what is in it, never by its name.
 *
 * @param bytes the whole file
 * @param name the file, for messages
 * @throws Fault `invalid` for anything but the JSON of a known registry
 */
export function readRegistry(bytes: Uint8Array, name: string): RegistryDocument {
  const document = readPlacedJson(utf8Text(bytes, name, 'JSON'), name);
  const registry = REGISTRIES.find(({ recognises }) => recognises(document.value));
  if (registry) return { registry, document };
  throw new Fault('invalid', 'no known registry of prices writes such a file', {
    where: name,
    value: 'JSON of another shape',
    allowed: REGISTRIES.map(({ file }) => file).join(', '),
  });
}
