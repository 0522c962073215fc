import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { Fault } from '../faults/fault.ts';

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

function aliasOffsets(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, { Alias: (_, node) => void offsets.push(node.range?.[0] ?? 0) });
  return offsets;
}

/**
 * Parses one YAML 1.2 file of `data/`; anchors may not be repeated by `*alias`, so no file can expand without bound.
 *
 * @param file the name that faults show
 * @throws {AggregateError} of one `Fault` per syntax error, each at `file:line:column`
 * @example parseYaml('models/k.yaml', 'name: K').where(['name']) // 'models/k.yaml:1:7'
 */
export function parseYaml(file: string, content: string): PlacedValue {
  const lineCounter = new LineCounter();
  const document = parseDocument(content, { lineCounter, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const place = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const faults = [...document.errors, ...document.warnings].map(
    (error) =>
      new Fault('invalid', error.message, {
        where: place(error.pos[0]),
        value: content.slice(error.pos[0], content.indexOf('\n', error.pos[0]) >>> 0),
        allowed: error.code === 'DUPLICATE_KEY' ? 'each key once' : 'YAML 1.2',
      }),
  );
  for (const offset of aliasOffsets(document)) {
    const value = /^\S+/.exec(content.slice(offset))?.[0];
    faults.push(new Fault('unsupported', 'no aliases in data files', { where: place(offset), value, allowed: 'the value itself' }));
  }
  if (faults.length > 0) throw new AggregateError(faults, `cannot read ${file}`);
  return { file, value: document.toJS(), where: (path, part = 'value') => place(offsetOf(document, path, part)) };
}
