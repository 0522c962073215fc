import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Fault } from '../faults/fault.ts';
import { blobWords, commitOf, git } from './gitRun.ts';

/** A copy of files as they were, each where it lies in the repository. */
export interface OldTree {
  /** Folder that stands for the repository. */
  readonly root: string;
  /** Where a path of the working tree lies in the copy; outside the repository as it is. */
  readonly placed: (path: string) => string;
  readonly remove: () => void;
}

const MOST_FILES = 2000;
const PLAIN = /^100(?:644|755) blob [0-9a-f]{40,64}\t/;

/** The plain files of a commit at and below a path. */
async function filesBelow(top: string, commit: string, path: string): Promise<string[]> {
  const lines = (await git(top, ['ls-tree', '-r', '-z', '--full-tree', commit, '--', path])).bytes.toString('utf8').split('\0');
  return lines.filter((line) => PLAIN.test(line)).map((line) => line.replace(PLAIN, ''));
}

/**
 * Copies files and folders as they were at a revision into a folder of its own, for what reads them by their paths.
 *
 * @param names paths of the working tree
 * @param beside path of a file of the repository
 * @throws Fault where the revision lacks one of them
 */
export async function treeAtRevision(revision: string, names: readonly string[], beside: string): Promise<OldTree> {
  const folder = dirname(resolve(beside));
  const commit = await commitOf(revision, folder);
  const top = realpathSync((await git(folder, ['rev-parse', '--show-toplevel'])).bytes.toString('utf8').replace(/\r?\n$/, ''));
  const within = (path: string) => relative(top, join(realpathSync(folder), relative(folder, resolve(path))));
  const isOutside = (path: string) => within(path).split(sep)[0] === '..';
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'kplan-revision-'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  try {
    for (const name of names.filter((path) => !isOutside(path))) {
      const files = await filesBelow(top, commit, within(name).split(sep).join('/'));
      if (files.length === 0 || files.length > MOST_FILES)
        throw new Fault(
          files.length === 0 ? 'missing' : 'unsupported',
          files.length === 0 ? 'the file cannot be read there' : 'too many files',
          {
            where: '--git',
            value: `${revision}:${name}`,
            allowed: files.length === 0 ? 'a revision that has all files which the scenario names' : `at most ${MOST_FILES} files`,
          },
        );
      for (const file of files) {
        const target = join(root, file);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, (await git(top, blobWords(commit, file))).bytes);
      }
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { root, placed: (path) => (isOutside(path) ? path : join(root, within(path))), remove };
}
