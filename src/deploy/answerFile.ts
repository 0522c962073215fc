import { readInputFile } from '../catalog/inputFile.ts';
import { utf8Text } from '../catalog/utf8Text.ts';
import { type PlacedValue, parseYaml } from '../catalog/yamlFile.ts';

/**
 * A file that kplan printed as JSON, with the places of its parts.
 *
 * @throws Fault where it cannot be read
 */
export function answerDocument(path: string, kind: string): PlacedValue & { readonly value: { readonly schema?: unknown } } {
  const { bytes } = readInputFile(path, { kind, remedy: 'one answer of kplan', mostMiB: 16 });
  try {
    return parseYaml(path, utf8Text(bytes, path, 'JSON')) as PlacedValue & { readonly value: { readonly schema?: unknown } };
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

/** What a document says that it is. */
export function schemaOf({ value }: PlacedValue): unknown {
  return typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
}
