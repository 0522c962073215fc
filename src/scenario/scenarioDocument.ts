import { readInputFile } from '../catalog/inputFile.ts';
import { utf8Text } from '../catalog/utf8Text.ts';
import { type PlacedDocument, yamlDocument } from '../catalog/yamlDocument.ts';
import { Fault } from '../faults/fault.ts';
import { checkExtent } from './extent.ts';

/** A scenario file as nodes, with its text. */
export interface ScenarioDocument extends PlacedDocument {
  readonly file: string;
  readonly text: string;
}

const EXPECTED = { kind: 'a scenario, as `kplan init` writes one', remedy: 'a scenario is small', mostMiB: 1 };

/**
 * Parses the text of a scenario.
 *
 * @param file the name that faults show
 * @throws Fault at `file:line:column` for the first part that is no YAML 1.2 or costly to read
 */
export function scenarioDocument(file: string, text: string): ScenarioDocument {
  checkExtent(file, text);
  try {
    return { file, text, ...yamlDocument(file, text) };
  } catch (error) {
    if (error instanceof AggregateError) throw error.errors[0];
    throw error;
  }
}

/**
 * Reads the file of a scenario: at most 1 MiB of UTF-8.
 *
 * @throws Fault `missing` where there is none, `invalid` where it cannot be read or is no YAML
 */
export function readScenarioDocument(path: string): ScenarioDocument {
  const text = utf8Text(readInputFile(path, EXPECTED).bytes, path, 'YAML');
  if (text.includes('\0')) throw new Fault('invalid', 'not text', { where: path, value: 'binary', allowed: 'YAML in UTF-8' });
  return scenarioDocument(path, text);
}
