import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../faults/fault.ts';
import { isMarked } from './mark.ts';

const WHERE = '--out';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function unwritable(path: string, error: unknown): Fault {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'no permission to write there',
    EPERM: 'no permission to write there',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    ENAMETOOLONG: 'the name is too long',
  };
  return new Fault('unwritable', reasons[codeOf(error)] ?? `the file cannot be written (${codeOf(error) || 'unknown cause'})`, {
    where: WHERE,
    value: path,
  });
}

function found(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw unwritable(path, error);
  }
}

function checkFolder(path: string): void {
  const folder = dirname(path);
  let isFolder = false;
  try {
    isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    if (codeOf(error) !== 'ENOTDIR') throw unwritable(path, error);
  }
  if (!isFolder)
    throw new Fault('missing', 'its folder does not exist', { where: WHERE, value: path, allowed: 'a file in a folder that exists' });
}

function checkTarget(path: string, force: boolean): void {
  const target = found(path);
  if (target === undefined) return;
  if (!target.isFile()) {
    const kind = target.isSymbolicLink() ? 'a symbolic link' : target.isDirectory() ? 'a folder' : 'not a plain file';
    throw new Fault('invalid', `it is ${kind}`, { where: WHERE, value: path, allowed: 'a plain file, or a name that is free' });
  }
  try {
    accessSync(path, constants.W_OK);
    if (force || isMarked(readFileSync(path, 'utf8'))) return;
  } catch (error) {
    throw unwritable(path, error);
  }
  throw new Fault('exists', 'kplan did not write this file', {
    where: WHERE,
    value: path,
    allowed: 'another name, or --force to replace it',
  });
}

function writeWhole(path: string, content: string): void {
  const file = openSync(path, 'wx');
  try {
    const bytes = Buffer.from(content, 'utf8');
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes a file whole or not at all: into a temporary file of the same folder that then takes the name. A file that kplan
 * wrote before is replaced; how kplan knows its own is said at `isMarked`.
 *
 * @param path where the user wants it
 * @param content the whole text
 * @param options `force` replaces any plain file
 * @throws Fault `exists`, `invalid` (link, folder), `missing` (folder) or `unwritable`; the old file is then intact
 */
export function writeOutput(path: string, content: string, { force = false }: { readonly force?: boolean } = {}): void {
  checkFolder(path);
  checkTarget(path, force);
  const temporary = join(dirname(path), `.${basename(path).slice(0, 64)}.${process.pid}.kplan-tmp`);
  try {
    writeWhole(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unwritable(path, error);
  }
}
