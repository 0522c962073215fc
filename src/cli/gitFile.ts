import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { Fault } from '../faults/fault.ts';

/** A branch, tag, commit or a relation to one: `main`, `fix#12`, `HEAD~2`, `origin/main`; what git keeps for options, paths and patterns is none. */
const REVISION = /^(?![-^~])[^\p{C}\p{Z}:?*[\\]{1,250}$/u;
const MOST_BYTES = 64 * 2 ** 20;
const MOST_MS = 30_000;

interface GitRun {
  readonly ok: boolean;
  readonly bytes: Buffer;
  readonly complaint: string;
}

/** Runs git without a shell, pager or filters that a repository may name. */
function git(folder: string, words: readonly string[]): Promise<GitRun> {
  const options = { cwd: folder, encoding: 'buffer', maxBuffer: MOST_BYTES, timeout: MOST_MS, windowsHide: true } as const;
  return new Promise((resolve, reject) => {
    execFile('git', ['--no-pager', '-c', 'core.fsmonitor=false', ...words], options, (error, stdout, stderr) => {
      if (error && 'code' in error && error.code === 'ENOENT') {
        reject(new Fault('missing', 'git cannot be run', { where: '--git', allowed: 'git on the PATH, and a folder that exists' }));
        return;
      }
      resolve({ ok: error === null, bytes: stdout, complaint: stderr.toString('utf8').split('\n')[0] ?? '' });
    });
  });
}

/**
 * A file as it was at a revision.
 *
 * @param revision as the user typed it; what could be an option of git, a path or a range is refused
 * @param path of the file in the working tree
 * @throws Fault where there is no git, revision or file
 */
export async function fileAtRevision(revision: string, path: string): Promise<Uint8Array> {
  if (!REVISION.test(revision) || revision.includes('..') || revision.includes('@{')) {
    throw new Fault('invalid', 'not a revision', {
      where: '--git',
      value: revision,
      allowed: 'a branch, tag or commit, such as main or HEAD~1',
    });
  }
  const folder = dirname(path);
  const found = await git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  const commit = found.bytes.toString('utf8').trim();
  if (!found.ok || !/^[0-9a-f]{40,64}$/.test(commit)) {
    throw new Fault('unknown', 'no such revision here', {
      where: '--git',
      value: revision,
      allowed: 'a branch, tag or commit of the repository that the file is in; a shallow clone lacks most of them',
    });
  }
  const shown = await git(folder, ['show', '--no-textconv', '--no-ext-diff', '--end-of-options', `${commit}:./${basename(path)}`]);
  if (!shown.ok)
    throw new Fault('missing', 'the file cannot be read there', {
      where: '--git',
      value: `${revision}:${path}: ${shown.complaint}`,
      allowed: 'a revision that has the file',
    });
  return shown.bytes;
}
