import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImportEnvironment } from '../environment.ts';
import { type ByteSource, prefixSource } from './byteSource.ts';
import { isSafePath } from './reference.ts';

/** Copies of the files of one repository, in one folder of the cache; nothing else is ever written. */
export interface Cache {
  whole(file: string, mostBytes: number): Promise<Uint8Array | null>;
  keepWhole(file: string, bytes: Uint8Array): Promise<void>;
  /** The beginning of a file, as far as it was once read. */
  beginning(file: string): Promise<ByteSource | null>;
  keepBeginning(file: string, prefix: Uint8Array, byteLength: number): Promise<void>;
}

async function readBounded(path: string, mostBytes: number): Promise<Uint8Array | null> {
  try {
    const { size } = await stat(path);
    return size <= mostBytes ? await readFile(path) : null;
  } catch {
    return null;
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(draft, bytes, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The largest beginning that is kept: no header is longer. */
const LARGEST_BEGINNING = 2 ** 27;

/**
 * The copies of one repository.
 *
 * @param repository a relative path of safe components, below the cache folder
 */
export function cacheOf(repository: string, env: ImportEnvironment): Cache {
  let writable = true;
  const pathOf = (file: string) => {
    if (!isSafePath(repository) || !isSafePath(file)) throw new Error('a path that leaves the cache: the reference must have refused it');
    return join(env.cacheFolder, repository, ...file.split('/'));
  };
  const keep = async (path: string, bytes: Uint8Array) => {
    if (!writable) return;
    await writeWhole(path, bytes).catch(() => {
      writable = false;
      env.warn(`no copies can be kept in ${env.cacheFolder}`);
    });
  };
  return {
    whole: (file, mostBytes) => readBounded(pathOf(file), mostBytes),
    keepWhole: (file, bytes) => keep(pathOf(file), bytes),
    beginning: async (file) => {
      const path = pathOf(file);
      const names = await readdir(dirname(path)).catch(() => []);
      const stem = `${path.slice(dirname(path).length + 1)}.head-`;
      const found = names.find((name) => name.startsWith(stem) && /^\d{1,15}$/.test(name.slice(stem.length)));
      const bytes = found && (await readBounded(join(dirname(path), found), LARGEST_BEGINNING));
      return bytes ? prefixSource(file, bytes, Number(found.slice(stem.length))) : null;
    },
    keepBeginning: (file, prefix, byteLength) => keep(`${pathOf(file)}.head-${byteLength}`, prefix),
  };
}
