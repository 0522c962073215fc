import { Document, isMap, isScalar, visit } from 'yaml';
import { inert } from '../../faults/fault.ts';
import type { ImportedModel } from './importedModel.ts';

const LINE = 140;
const SCHEMA = ' yaml-language-server: $schema=../../dist/schemas/model.schema.json';

/** Source ids as the keys of the entry's own file. */
function localKeys(value: unknown, prefix: string): unknown {
  if (typeof value === 'string') return value.startsWith(prefix) ? value.slice(prefix.length) : value;
  if (Array.isArray(value)) return value.map((item) => localKeys(item, prefix));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, localKeys(inner, prefix)]));
}

/**
 * A model as the file of data/models that would describe it, for review: what was assumed stands above it.
 *
 * @returns YAML, to be stored as `data/models/<id>.yaml`
 */
export function modelYaml({ model, sources, notes }: ImportedModel): string {
  const { id, ...entry } = model;
  const prefix = `models/${id}#`;
  const own = Object.fromEntries(Object.entries(sources).map(([key, source]) => [key.slice(prefix.length), source]));
  const document = new Document({ ...(localKeys(entry, prefix) as object), sources: own });
  document.commentBefore = [SCHEMA, ...notes.map((note) => ` To be reviewed: ${inertLine(note)}`)].join('\n');
  visit(document, {
    Map: (_, map) => {
      const short = map.items.every(({ value }) => isScalar(value) || (isMap(value) && value.items.length === 0));
      if (short && String(map).length < LINE) map.flow = true;
    },
  });
  return document.toString({ lineWidth: LINE, flowCollectionPadding: true });
}

/** A whole sentence on one line, without control characters. */
function inertLine(text: string): string {
  const words = text.split(' ').map(inert);
  return words.join(' ');
}
