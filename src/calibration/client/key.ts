import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Fault } from '../../faults/fault.ts';
import { isVariableName, looksLikeKey } from './keyShape.ts';

/** Where a key may stand: the name of an environment variable, or a file. Never an option, which other users of the machine can read. */
export interface KeyPlace {
  readonly env?: string | undefined;
  readonly file?: string | undefined;
}

/** A key, and what the user should know about where it stood. */
export interface FoundKey {
  readonly key: string;
  readonly note: string | null;
}

/** No key comes near; a larger file is none. */
const LONGEST_KEY = 8192;
const READABLE_BY_OTHERS = 0o044;

/**
 * The key of an endpoint, from the environment or a file; without line ends around it.
 *
 * @returns null where no place is named
 * @throws Fault `contradiction` where both are named, `missing` where there is none, `invalid` where it is empty or cannot be a header; a place
 *   that is none is not repeated where it may be the key itself
 * @example keyFrom({ env: 'KPLAN_KEY' }, { KPLAN_KEY: 'sk-1\n' }) // { key: 'sk-1', note: null }
 */
export function keyFrom({ env, file }: KeyPlace, environment: Readonly<Record<string, string | undefined>> = process.env): FoundKey | null {
  if (env !== undefined && file !== undefined)
    throw new Fault('contradiction', 'a key is named twice', { where: 'key', allowed: 'an environment variable or a file' });
  if (env !== undefined) {
    const held = environment[env];
    if (held === undefined) throw isVariableName(env) && !looksLikeKey(env) ? unset(env) : notAName('--key-env', VARIABLE);
    return { key: usable(held, env), note: null };
  }
  if (file === undefined) return null;
  const { text, mode } = contentOf(file);
  const open = process.platform !== 'win32' && (mode & READABLE_BY_OTHERS) !== 0;
  return { key: usable(text, file), note: open ? `${file} is readable by other users of this machine; chmod 600 keeps it yours` : null };
}

const VARIABLE = 'the name of a variable that holds the key';
const FILE = 'a file that holds the key alone';

function unset(name: string): Fault {
  return new Fault('missing', 'the environment variable is not set', { where: name, allowed: VARIABLE });
}

function notAName(where: string, allowed: string): Fault {
  return new Fault('invalid', 'it wants a name, and this may be the key itself, which is not repeated here', { where, allowed });
}

function usable(text: string, where: string): string {
  const key = text.trim();
  const allowed = 'one line of letters, digits and signs';
  if (key === '') throw new Fault('invalid', 'the key is empty', { where, allowed });
  if (key.length > LONGEST_KEY || !/^[\x21-\x7e]+$/.test(key)) throw new Fault('invalid', 'this can be no key', { where, allowed });
  return key;
}

function contentOf(path: string): { text: string; mode: number } {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(LONGEST_KEY + 2);
      return { text: buffer.toString('utf8', 0, readSync(file, buffer)), mode: fstatSync(file).mode };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (looksLikeKey(path)) throw notAName('--key-file', FILE);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause';
    throw new Fault(code === 'ENOENT' ? 'missing' : 'invalid', `the key cannot be read (${code})`, {
      where: path,
      allowed: FILE,
    });
  }
}
