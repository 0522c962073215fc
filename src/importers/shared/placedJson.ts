import { Fault } from '../../faults/fault.ts';
import { jsonExtent } from './jsonExtent.ts';
import { jsonFlaw } from './jsonFlaw.ts';
import type { JsonPath } from './jsonPath.ts';
import { JsonWalk } from './jsonWalk.ts';

/** Keys and entries of one document: each takes memory that its letters do not show. */
const MOST_MEMBERS = 2_000_000;

/** A JSON document with the lines that its values stand on. */
export interface PlacedJson {
  readonly value: unknown;
  /** The lines, counted from 1, on which values stand; that of the nearest outer one where a path leads nowhere. */
  readonly linesOf: (paths: readonly JsonPath[]) => number[];
}

/** The lines of many offsets, in one pass over the text. */
function linesAt(text: string, offsets: readonly number[]): number[] {
  const lines = new Map<number, number>();
  let line = 1;
  let next = text.indexOf('\n');
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    for (; next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) line++;
    lines.set(offset, line);
  }
  return offsets.map((offset) => lines.get(offset) ?? 1);
}

function lineAt(text: string, offset: number): number {
  return linesAt(text, [offset])[0] ?? 1;
}

function keyOf(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

/** Refuses keys that stand twice in one object, and more members than any registry of facts has. */
function checkMembers(json: string, faultAt: (offset: number, reason: string, value?: string) => Fault): void {
  const open: (Set<string> | null)[] = [];
  let members = 0;
  const walk = new JsonWalk(json, {
    opened: (bracket) => open.push(bracket === '{' ? new Set() : null),
    closed: () => open.pop(),
    member: (quoted, at) => {
      if (++members > MOST_MEMBERS) throw faultAt(at, `more than ${MOST_MEMBERS} keys and entries`);
      if (quoted === null) return;
      const key = keyOf(quoted);
      const keys = open.at(-1);
      if (keys?.has(key)) throw faultAt(at, 'a key stands twice in one object', key);
      keys?.add(key);
    },
  });
  walk.value();
}

interface Wanted {
  readonly inner: Map<string | number, Wanted>;
  offset: number | null;
}

function node(): Wanted {
  return { inner: new Map(), offset: null };
}

/** The offset of every wanted member, found in one walk. */
function placesOf(json: string, paths: readonly JsonPath[]): Wanted {
  const root = node();
  for (const path of paths) {
    let at = root;
    for (const step of path) {
      const next = at.inner.get(step) ?? node();
      at.inner.set(step, next);
      at = next;
    }
  }
  const open: { readonly wanted: Wanted | undefined; index: number }[] = [];
  let entered: Wanted | undefined = root;
  const walk = new JsonWalk(json, {
    opened: () => {
      open.push({ wanted: entered, index: 0 });
      entered = undefined;
    },
    closed: () => {
      open.pop();
      entered = undefined;
    },
    member: (quoted, at) => {
      const outer = open.at(-1);
      if (!outer) return;
      entered = outer.wanted?.inner.get(quoted === null ? outer.index++ : keyOf(quoted));
      if (entered) entered.offset = at;
    },
  });
  walk.value();
  return root;
}

/** The innermost offset along a path that was found. */
function offsetOf(root: Wanted, path: JsonPath): number {
  let at: Wanted | undefined = root;
  let offset = 0;
  for (const step of path) {
    at = at?.inner.get(step);
    offset = at?.offset ?? offset;
  }
  return offset;
}

/**
 * Reads the one JSON document of a file of facts, in bounded depth and size; `NaN` and the infinities that Python writes become texts.
 *
 * @param text the whole file
 * @param name the file, for messages
 * @throws Fault `invalid` with the line: not JSON, nested too deep, too many keys, a key twice in one object, more than one document
 */
export function readPlacedJson(text: string, name: string): PlacedJson {
  const start = text.search(/\S|$/);
  const where = (offset: number) => `${name}:${lineAt(text, offset)}`;
  const notJson = (offset: number, reason: string) =>
    new Fault('invalid', `not JSON: ${reason}`, { where: where(offset), allowed: 'JSON that is whole' });
  if (start >= text.length) throw notJson(start, 'it holds nothing');
  const extent = jsonExtent(text, start);
  if (!('json' in extent)) throw notJson(extent.at, extent.reason);
  const { json, end } = extent;
  const after = text.slice(end).search(/\S/);
  if (after >= 0) throw notJson(end + after, 'more follows behind the document');
  // Words that became texts are on the same line as before: lines are counted in the JSON, from the one on which it begins.
  const firstLine = lineAt(text, start) - 1;
  const placeOf = (offset: number) => `${name}:${firstLine + lineAt(json, offset)}`;
  checkMembers(
    json,
    (offset, reason, value) => new Fault('invalid', reason, { where: placeOf(offset), ...(value === undefined ? {} : { value }) }),
  );
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Fault('invalid', 'not JSON: a comma, a quote or a value is wrong', {
      where: placeOf(jsonFlaw(json)),
      allowed: 'JSON that is whole',
    });
  }
  return {
    value,
    linesOf: (paths) => {
      const places = placesOf(json, paths);
      const offsets = paths.map((path) => offsetOf(places, path));
      return linesAt(json, offsets).map((line) => firstLine + line);
    },
  };
}
