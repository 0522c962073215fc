import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Fault } from '../../../faults/fault.ts';
import type { ImportEnvironment } from '../environment.ts';
import { type ByteSource, fileSource, unreadable, wholeOf } from './byteSource.ts';
import { rangeSource } from './rangeSource.ts';
import { ask } from './request.ts';

/** Files that belong together, wherever they lie. */
export interface ModelFolder {
  /** The repository, folder or address, as answers and sources name it. */
  readonly name: string;
  /** The commit, where there is one. */
  readonly commit: string | null;
  /** Paths inside, with forward slashes; null where the place cannot be listed. */
  readonly files: readonly string[] | null;
  /** A whole file; null where there is none of that name. */
  whole(file: string, mostBytes: number): Promise<Uint8Array | null>;
  /** What `parse` makes of a file of which it reads a part; null where there is none of that name. */
  part<T>(file: string, parse: (source: ByteSource) => Promise<T>): Promise<T | null>;
}

/** null for a file that is not there; any other fault goes on. */
export async function orNull<T>(found: Promise<T>): Promise<T | null> {
  return found.catch((error: unknown) => {
    if (error instanceof Fault && error.code === 'missing') return null;
    throw error;
  });
}

/** A folder of this machine; files in folders of it are not looked at. */
export async function localFolder(path: string): Promise<ModelFolder> {
  const open = (file: string) => fileSource(join(path, file));
  const files = await readdir(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return {
    name: path,
    commit: null,
    files: files.sort(),
    whole: (file, mostBytes) => orNull(open(file).then((source) => wholeOf(source, mostBytes))),
    part: (file, parse) => orNull(open(file)).then((source) => source && parse(source)),
  };
}

/** Whether a path of this machine is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** A folder that holds only the one file that was named, so that nothing beside it is taken for its companion. */
export function singleFile(path: string): ModelFolder {
  return {
    name: path,
    commit: null,
    files: [basename(path)],
    whole: (_, mostBytes) => fileSource(path).then((source) => wholeOf(source, mostBytes)),
    part: (_, parse) => fileSource(path).then(parse),
  };
}

/** A folder at an address, ending in a slash; nothing can be listed there. */
export function addressFolder(address: string, env: ImportEnvironment): ModelFolder {
  const urlOf = (file: string) => new URL(file, address);
  return {
    name: address,
    commit: null,
    files: null,
    whole: (file, mostBytes) => orNull(ask({ url: urlOf(file), mostBytes }, env).then(({ body }) => body)),
    part: (file, parse) => orNull(rangeSource(urlOf(file), env)).then((source) => source && parse(source)),
  };
}
