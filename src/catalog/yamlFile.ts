import { type Document, isMap, isNode, isScalar } from 'yaml';
import { yamlDocument } from './yamlDocument.ts';

/** The value of a data file, with the place of each of its parts. */
export interface PlacedValue {
  readonly file: string;
  readonly value: unknown;
  /** `file:line:column` of the value at a path, of its key, or of the nearest part around it that exists. */
  where(path: readonly PropertyKey[], part?: 'value' | 'key'): string;
}

function offsetOf(document: Document, path: readonly PropertyKey[], part: 'value' | 'key'): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const parent = depth === 0 ? undefined : document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    if (part === 'key' && isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (isNode(pair?.key)) return pair.key.range?.[0] ?? 0;
    }
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

/**
 * Parses one YAML 1.2 file of `data/`, as `yamlDocument` reads it.
 *
 * @param file the name that faults show
 * @throws {AggregateError} of one `Fault` per syntax error, each at `file:line:column`
 * @example parseYaml('models/k.yaml', 'name: K').where(['name']) // 'models/k.yaml:1:7'
 */
export function parseYaml(file: string, content: string): PlacedValue {
  const { document, place } = yamlDocument(file, content);
  return { file, value: document.toJS(), where: (path, part = 'value') => place(offsetOf(document, path, part)) };
}
