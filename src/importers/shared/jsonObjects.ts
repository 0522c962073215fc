import { Fault } from '../../faults/fault.ts';
import { jsonExtent } from './jsonExtent.ts';
import { jsonFlaw } from './jsonFlaw.ts';

/** Unreadable parts after which a file is given up. */
const MOST_BROKEN = 20;
/** Values of one file that are looked at. */
const MOST_VALUES = 10_000;

/** A value of a file, or what is wrong with it; lines are counted from 1. */
export type JsonPart =
  | { readonly kind: 'value'; readonly value: unknown; readonly line: number }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly line: number };

/** Counts lines from one place of a text to the next. */
class LineCounter {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  /** The line of a place that is not before the last one asked for. */
  lineOf(place: number): number {
    for (let next = this.#text.indexOf('\n', this.#at); next >= 0 && next < place; next = this.#text.indexOf('\n', this.#at)) {
      this.#line++;
      this.#at = next + 1;
    }
    return this.#line;
  }
}

/** The next line whose first letter is a bracket; the end of the text where there is none. */
function nextStart(text: string, after: number): number {
  const next = text.slice(after).search(/\n[{[]/);
  return next < 0 ? text.length : after + next + 1;
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** The value, or the line of the text on which it is wrong, counted from 0. */
function parsed(json: string): { readonly value: unknown } | { readonly wrongOnLine: number } {
  try {
    return { value: JSON.parse(json) };
  } catch {
    return { wrongOnLine: linesIn(json.slice(0, jsonFlaw(json))) };
  }
}

/** Collects the parts of a file. */
class JsonParts {
  readonly parts: JsonPart[] = [];
  readonly #name: string;
  #broken = 0;

  constructor(name: string) {
    this.#name = name;
  }

  get isGivenUp(): boolean {
    return this.#broken > MOST_BROKEN || this.parts.length > MOST_VALUES;
  }

  add(value: unknown, line: number): void {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const one of values.slice(0, MOST_VALUES + 1 - this.parts.length)) this.parts.push({ kind: 'value', value: one, line });
    if (this.parts.length <= MOST_VALUES) return;
    this.parts.pop();
    this.#refuse(`more than ${MOST_VALUES} values, of which the first were read`, line, `at most ${MOST_VALUES} results in one file`);
  }

  refuse(reason: string, line: number): void {
    this.#broken++;
    const said = this.#broken > MOST_BROKEN ? 'too many parts of it are broken' : reason;
    this.#refuse(`not JSON: ${said}`, line, 'JSON that is whole');
  }

  #refuse(reason: string, line: number, allowed: string): void {
    this.parts.push({ kind: 'fault', fault: new Fault('invalid', reason, { where: `${this.#name}:${line}`, allowed }), line });
  }
}

/**
 * Reads one JSON value, several after another, or one on each line; what is broken is told with its line, and the rest is read.
 *
 * `NaN`, `Infinity` and `-Infinity`, which Python writes, become texts of that name. No text of the file is repeated in a fault.
 *
 * @param text the whole file
 * @param name the file, for messages
 * @returns at least one part; lists at the top are taken apart
 * @example readJsonObjects('{"a":1}\n{"a":2}', 'x').length // 2
 */
export function readJsonObjects(text: string, name: string): JsonPart[] {
  const found = new JsonParts(name);
  const lines = new LineCounter(text);
  for (let at = text.search(/\S|$/); at < text.length && !found.isGivenUp; at += text.slice(at).search(/\S|$/)) {
    const line = lines.lineOf(at);
    const extent = jsonExtent(text, at);
    if (!('json' in extent)) {
      found.refuse(extent.reason, line + linesIn(text.slice(at, extent.at)));
      at = nextStart(text, at);
      continue;
    }
    const read = parsed(extent.json);
    if ('value' in read) found.add(read.value, line);
    else found.refuse('a comma, a quote or a value is wrong', line + read.wrongOnLine);
    at = extent.end;
  }
  if (found.parts.length === 0) found.refuse('it holds nothing', 1);
  return found.parts;
}
