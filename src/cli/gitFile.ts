import { basename, dirname } from 'node:path';
import { Fault } from '../faults/fault.ts';
import { blobWords, commitOf, git } from './gitRun.ts';

/**
 * A file as it was at a revision.
 *
 * @param revision as the user typed it
 * @param path of the file in the working tree
 * @throws Fault where there is no git, revision or file
 */
export async function fileAtRevision(revision: string, path: string): Promise<Uint8Array> {
  const folder = dirname(path);
  const commit = await commitOf(revision, folder);
  const shown = await git(folder, blobWords(commit, `./${basename(path)}`));
  if (shown.ok) return shown.bytes;
  throw new Fault('missing', 'the file cannot be read there', {
    where: '--git',
    value: `${revision}:${path}: ${shown.complaint}`,
    allowed: 'a revision that has the file',
  });
}
