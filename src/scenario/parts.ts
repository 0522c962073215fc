import { isMap, isScalar, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { Fault, inert } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { FIELDS, type Field, FORMAT, GROUPS, HEADER } from './fields.ts';
import { RESERVED, VARIABLE_NAME } from './formulaWords.ts';
import type { ScenarioDocument } from './scenarioDocument.ts';

/** A value of a scenario file where it stands. */
export interface Part {
  readonly path: string;
  /** null where a key has no value at all. */
  readonly node: Node | null;
  /** `file:line:column path`. */
  readonly where: string;
}

/** The parts of a scenario, each key known. */
export interface ScenarioParts {
  readonly header: ReadonlyMap<string, Part>;
  readonly variables: ReadonlyMap<string, Part>;
  readonly fields: readonly (Part & { readonly field: Field })[];
}

const BY_PATH: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.path, field]));

/** The keys that may stand below a path. */
function keysBelow(path: string): string[] {
  const prefix = path === '' ? '' : `${path}.`;
  const all = [...(path === '' ? Object.keys(HEADER) : []), ...BY_PATH.keys(), ...Object.keys(GROUPS)];
  return [...new Set(all.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length).split('.')[0] ?? ''))];
}

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

/** Whether nothing stands there, as where all fields of a group are comments. */
function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function itemsOf({ node, where }: Part, allowed: string): Pair<unknown, unknown>[] {
  if (isMap(node)) return node.items;
  if (isNothing(node)) return [];
  throw new Fault('invalid', 'not a group of fields', { where, value: isScalar(node) ? node.value : 'a list', allowed });
}

/** A key as faults show it, behind those above it. */
function pathBelow({ path }: Part, name: string): string {
  return path === '' ? inert(name) : `${path}.${inert(name)}`;
}

/** The pairs of a map, their keys as text. */
function pairsOf(document: ScenarioDocument, part: Part, allowed: string): [key: string, part: Part][] {
  return itemsOf(part, allowed).map((pair): [string, Part] => {
    const key = pair.key as Scalar | null;
    const name = isScalar(key) && typeof key.value === 'string' ? key.value : null;
    if (name === null)
      throw new Fault('invalid', 'not a name of a field', {
        where: document.place(offsetOf(key)),
        value: isScalar(key) ? key.value : 'a group or list',
        allowed,
      });
    const path = pathBelow(part, name);
    return [name, { path, node: pair.value as Node | null, where: `${document.place(offsetOf(pair.value ?? key))} ${path}` }];
  });
}

function keyPlace(document: ScenarioDocument, part: Part, name: string): string {
  const pair = (part.node as YAMLMap).items.find(({ key }) => isScalar(key) && key.value === name);
  return `${document.place(offsetOf(pair?.key))} ${pathBelow(part, name)}`;
}

function unknownKey(document: ScenarioDocument, part: Part, name: string): Fault {
  const here = keysBelow(part.path);
  const elsewhere = [...BY_PATH.keys()].filter((path) => path.split('.').at(-1)?.toLowerCase() === name.toLowerCase());
  const near = nearestNames(name, here);
  return new Fault('unknown', 'no such field', {
    where: keyPlace(document, part, name),
    value: name,
    allowed: here.join(', '),
    nearest: near.length > 0 ? near : elsewhere,
  });
}

function variablesIn(document: ScenarioDocument, part: Part): Map<string, Part> {
  const pairs = pairsOf(document, part, 'names with numbers or formulas');
  for (const [name] of pairs) {
    const taken = RESERVED.has(name);
    if (!taken && VARIABLE_NAME.test(name)) continue;
    throw new Fault('invalid', taken ? 'the name of a unit, function or operator' : 'not a name for a variable', {
      where: keyPlace(document, part, name),
      value: name,
      allowed: 'letters, digits and underscores, a letter first; no unit and no function',
    });
  }
  return new Map(pairs);
}

function checkFormat(document: ScenarioDocument, header: ReadonlyMap<string, Part>): void {
  const part = header.get('kplan');
  const allowed = `kplan: ${FORMAT}`;
  if (!part) throw new Fault('missing', 'the version of the format', { where: `${document.file}:1:1 kplan`, allowed });
  const value = isScalar(part.node) ? part.node.value : 'no number';
  if (value !== FORMAT) throw new Fault('unsupported', 'another version of the format', { where: part.where, value, allowed });
}

/**
 * Takes a scenario apart into its fields and variables.
 *
 * @throws Fault for a key that is not known, a group that is none, a version that is another, or a file without fields
 */
export function scenarioParts(document: ScenarioDocument): ScenarioParts {
  const root = document.document.contents as Node | null;
  const header = new Map<string, Part>();
  const fields: (Part & { readonly field: Field })[] = [];
  let variables = new Map<string, Part>();
  const visit = (part: Part) => {
    for (const [name, child] of pairsOf(document, part, keysBelow(part.path).join(', '))) {
      const field = BY_PATH.get(child.path);
      if (field) fields.push({ ...child, field });
      else if (child.path === 'variables') variables = variablesIn(document, child);
      else if (Object.hasOwn(HEADER, child.path)) header.set(name, child);
      else if (Object.hasOwn(GROUPS, child.path)) visit(child);
      else throw unknownKey(document, part, name);
    }
  };
  if (isNothing(root)) throw new Fault('missing', 'no fields', { where: document.file, allowed: 'a scenario, as `kplan init` writes one' });
  visit({ path: '', node: root, where: `${document.file}:1:1` });
  checkFormat(document, header);
  return { header, variables, fields };
}
