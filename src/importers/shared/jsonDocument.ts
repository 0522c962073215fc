import { tooLarge } from '../../catalog/inputFile.ts';
import { Fault } from '../../faults/fault.ts';

/** Brackets within brackets: no model file comes near. */
const DEEPEST = 64;

interface JsonLimits {
  /** What faults call the document. */
  readonly name: string;
  readonly mostBytes: number;
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Fault('invalid', 'not text', { where: name, allowed: 'JSON in UTF-8' });
  }
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_GROUP, CLOSE_GROUP, LETTER_I, LETTER_N, MINUS] = Buffer.from('"\\[]{}IN-');

/** Numbers that Python writes and JSON does not know, and what is as long and JSON does know. */
const PYTHON_NUMBERS: readonly (readonly [text: string, instead: string])[] = [
  ['-Infinity', 'null     '],
  ['Infinity', 'null    '],
  ['NaN', '"" '],
];

function pythonNumberAt(bytes: Buffer, at: number): readonly [text: string, instead: string] | undefined {
  return PYTHON_NUMBERS.find(([text]) => bytes.toString('latin1', at, at + text.length) === text);
}

/** Refuses what nests too deep, and puts something else in place of infinities and NaN; anything else is left for the parser to judge. */
function screened(bytes: Buffer, name: string): Buffer {
  let depth = 0;
  let result = bytes;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    } else if (byte === OPEN_LIST || byte === OPEN_GROUP) {
      depth++;
      if (depth > DEEPEST) throw new Fault('invalid', 'nested too deep', { where: name, allowed: `at most ${DEEPEST} levels` });
    } else if (byte === CLOSE_LIST || byte === CLOSE_GROUP) depth--;
    else if (byte === LETTER_I || byte === LETTER_N || byte === MINUS) {
      const number = pythonNumberAt(bytes, at);
      if (!number) continue;
      if (result === bytes) result = Buffer.from(bytes);
      result.write(number[1], at, 'latin1');
      at += number[0].length - 1;
    }
  }
  return result;
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('invalid', 'not JSON', { where: name, value: text.slice(0, 40), allowed: 'JSON that is whole' });
  }
}

/** Refuses the one key that could change what other objects look like. */
function checkKeys(document: unknown, name: string): void {
  const open: unknown[] = [document];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__'))
      throw new Fault('invalid', 'a key that is not allowed', { where: name, value: '__proto__', allowed: 'any other key' });
    for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) open.push(inner);
  }
}

/**
 * Reads a JSON document of a stranger in bounded time and memory.
 *
 * @throws Fault `invalid`: too large, not UTF-8, nested deeper than 64 levels, not JSON, a key `__proto__`
 */
export function readJson(bytes: Uint8Array, { name, mostBytes }: JsonLimits): unknown {
  if (bytes.length > mostBytes) throw tooLarge(name, bytes.length, mostBytes);
  const document = parsed(textOf(screened(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), name), name), name);
  checkKeys(document, name);
  return document;
}
