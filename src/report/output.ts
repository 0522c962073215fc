import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../faults/fault.ts';
import { isMarkedPng } from './charts/pngMark.ts';
import { isMarked } from './mark.ts';
import { isMarkedWorkbook } from './workbook/workbookMark.ts';

/** A file that the user asked for, with the option that named it. */
export interface Target {
  readonly where: string;
  readonly path: string;
}

/** A target with all that belongs into it: text, or the bytes of a workbook or a picture. */
export interface Output extends Target {
  readonly content: string | Uint8Array;
}

export interface OutputRules {
  /** Replaces any plain file. */
  readonly force?: boolean;
  /** What helps where kplan did not write a file. */
  readonly otherwise?: string;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function unwritable({ where, path }: Target, error: unknown): Fault {
  const reason = REASONS[codeOf(error)] ?? `the file cannot be written (${codeOf(error) || 'unknown cause'})`;
  return new Fault('unwritable', reason, { where, value: path });
}

function found(target: Target): Stats | undefined {
  try {
    return lstatSync(target.path, { throwIfNoEntry: false });
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw unwritable(target, error);
  }
}

function checkFolder(target: Target): void {
  const { where, path } = target;
  const folder = dirname(path);
  let isFolder = false;
  try {
    isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (isFolder) accessSync(folder, constants.W_OK);
  } catch (error) {
    if (codeOf(error) !== 'ENOTDIR') throw unwritable(target, error);
  }
  if (!isFolder) throw new Fault('missing', 'its folder does not exist', { where, value: path, allowed: 'a file in a folder that exists' });
}

/** Whether kplan wrote a file. */
function isOwn(bytes: Buffer): boolean {
  return isMarked(bytes.toString('utf8')) || isMarkedWorkbook(bytes) || isMarkedPng(bytes);
}

function checkFile(target: Target, { force = false, otherwise = 'another name, or --force to replace it' }: OutputRules): void {
  const { where, path } = target;
  const file = found(target);
  if (file === undefined) return;
  if (!file.isFile()) {
    const kind = file.isSymbolicLink() ? 'a symbolic link' : file.isDirectory() ? 'a folder' : 'not a plain file';
    throw new Fault('invalid', `it is ${kind}`, { where, value: path, allowed: 'a plain file, or a name that is free' });
  }
  try {
    accessSync(path, constants.W_OK);
    if (force || isOwn(readFileSync(path))) return;
  } catch (error) {
    throw unwritable(target, error);
  }
  throw new Fault('exists', 'kplan did not write this file', { where, value: path, allowed: otherwise });
}

/**
 * Refuses targets that could not be written: two of one name, a folder that is missing or closed, a file that is not kplan's. Asked
 * before an answer is computed, so that nothing is half done when one of several files is refused.
 *
 * @throws Fault `contradiction`, `exists`, `invalid` (link, folder), `missing` (folder) or `unwritable`, naming the option
 */
export function checkOutputs(targets: readonly Target[], rules: OutputRules = {}): void {
  const taken = new Map<string, string>();
  for (const target of targets) {
    const { where, path } = target;
    checkFolder(target);
    const place = join(realpathSync(dirname(path)), basename(path));
    const other = taken.get(place);
    if (other !== undefined)
      throw new Fault('contradiction', `${other} names the same file`, { where, value: path, allowed: 'a file of its own' });
    taken.set(place, where);
    checkFile(target, rules);
  }
}

function writeWhole(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'wx');
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The name under which a file is written until it is whole. */
function draftOf({ path }: Target): string {
  return join(dirname(path), `.${basename(path).slice(0, 64)}.${process.pid}.kplan-tmp`);
}

function attempt<T>(target: Target, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unwritable(target, error);
  }
}

/** Puts a replaced file back, or takes a new one away. */
function undo(target: Target, before: Buffer | null): void {
  if (before === null) {
    rmSync(target.path, { force: true });
    return;
  }
  const draft = draftOf(target);
  writeWhole(draft, before);
  renameSync(draft, target.path);
}

/**
 * Writes files whole or not at all, and all of them or none: each into a temporary file of its folder, which then takes the name. A
 * file that kplan wrote before is replaced; how kplan knows its own is said at `isMarked`, `isMarkedWorkbook` and `isMarkedPng`.
 *
 * @param outputs where the user wants what
 * @throws Fault as `checkOutputs` does; old files are then intact and no new one exists
 */
export function writeOutputs(outputs: readonly Output[], rules: OutputRules = {}): void {
  checkOutputs(outputs, rules);
  const done: (() => void)[] = [];
  try {
    for (const output of outputs) attempt(output, () => writeWhole(draftOf(output), output.content));
    for (const output of outputs) {
      attempt(output, () => {
        const before = outputs.length > 1 && found(output) !== undefined ? readFileSync(output.path) : null;
        renameSync(draftOf(output), output.path);
        done.push(() => undo(output, before));
      });
    }
  } catch (error) {
    for (const revert of done.reverse()) revert();
    for (const output of outputs) rmSync(draftOf(output), { force: true });
    throw error;
  }
}
