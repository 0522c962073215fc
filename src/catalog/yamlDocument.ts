import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import { Fault } from '../faults/fault.ts';

/** A YAML text as nodes, each of which has a place. */
export interface PlacedDocument {
  readonly document: Document;
  /** `file:line:column` of an offset in the text. */
  place(offset: number): string;
}

const REASONS: Readonly<Record<string, readonly [reason: string, allowed: string]>> = {
  DUPLICATE_KEY: ['the key stands twice', 'each key once'],
  MULTIPLE_DOCS: ['a second document begins', 'one document'],
  TAG_RESOLVE_FAILED: ['a tag that is not known', 'no tags'],
};

function aliasOffsets(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, { Alias: (_, node) => void offsets.push(node.range?.[0] ?? 0) });
  return offsets;
}

/**
 * Reads a YAML 1.2 text into nodes; anchors may not be repeated by `*alias`, so no text can expand without bound.
 *
 * @param file the name that faults show
 * @throws {AggregateError} of one `Fault` per syntax error, each at `file:line:column`
 * @example yamlDocument('models/k.yaml', 'name: K').place(6) // 'models/k.yaml:1:7'
 */
export function yamlDocument(file: string, content: string): PlacedDocument {
  const lineCounter = new LineCounter();
  const document = parseDocument(content, { lineCounter, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const place = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const faults = [...document.errors, ...document.warnings].map((error) => {
    const tooDeep = /call stack/.test(error.message);
    const [reason, allowed] = tooDeep
      ? ['it is nested too deep', 'some hundred levels']
      : (REASONS[error.code] ?? [error.message, 'YAML 1.2']);
    const [start] = error.pos;
    return new Fault('invalid', reason, { where: place(start), value: content.slice(start, content.indexOf('\n', start) >>> 0), allowed });
  });
  for (const offset of aliasOffsets(document)) {
    const value = /^\S+/.exec(content.slice(offset))?.[0];
    faults.push(new Fault('unsupported', 'no aliases', { where: place(offset), value, allowed: 'the value itself' }));
  }
  if (faults.length > 0) throw new AggregateError(faults, `cannot read ${file}`);
  return { document, place };
}
