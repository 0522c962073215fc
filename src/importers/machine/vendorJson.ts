import { Fault } from '../../faults/fault.ts';

export type JsonGroup = Readonly<Record<string, unknown>>;

/** A group of keys, or an empty one where the value is none. */
export function groupOf(value: unknown): JsonGroup {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonGroup) : {};
}

/** The value of a key in any case and with blanks or underscores: tools have changed both between versions. */
export function field(group: JsonGroup, ...names: readonly string[]): unknown {
  const plain = (name: string) => name.toLowerCase().replace(/[ _-]/g, '');
  const wanted = names.map(plain);
  const key = Object.keys(group).find((name) => wanted.includes(plain(name)));
  return key === undefined ? undefined : group[key];
}

/** Places at which a document may begin, before which a tool may have printed warnings in brackets. */
const MOST_STARTS = 20;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The JSON document in what a tool printed; warnings may stand on lines before it.
 *
 * @throws Fault `invalid` where there is none
 */
export function jsonIn(text: string, tool: string): unknown {
  const starts = [...text.matchAll(/^\s*[{[]/gm)].slice(0, MOST_STARTS);
  for (const { index } of starts) {
    const document = parsed(text.slice(index));
    if (document !== undefined) return document;
  }
  throw new Fault('invalid', `${tool} prints no JSON that can be read`, {
    where: '--here',
    value: text.trim(),
    allowed: 'a JSON document',
  });
}
