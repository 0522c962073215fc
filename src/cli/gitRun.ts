import { execFile } from 'node:child_process';
import { Fault } from '../faults/fault.ts';

/** A branch, tag, commit or a relation to one: `main`, `fix#12`, `HEAD~2`, `origin/main`; what git keeps for options, paths and patterns is none. */
const REVISION = /^(?![-^~])[^\p{C}\p{Z}:?*[\\]{1,250}$/u;
const MOST_BYTES = 64 * 2 ** 20;
const MOST_MS = 30_000;

/** What git printed. */
export interface GitRun {
  readonly ok: boolean;
  readonly bytes: Buffer;
  readonly complaint: string;
}

/** Runs git without a shell, pager or filters that a repository may name. */
export function git(folder: string, words: readonly string[]): Promise<GitRun> {
  const env = { ...process.env, GIT_LITERAL_PATHSPECS: '1' };
  const options = { cwd: folder, env, encoding: 'buffer', maxBuffer: MOST_BYTES, timeout: MOST_MS, windowsHide: true } as const;
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
 * The commit that a revision names.
 *
 * @param revision as the user typed it; what could be an option of git, a path or a range is refused
 * @param folder of the repository
 * @throws Fault where there is no git or no such revision
 */
export async function commitOf(revision: string, folder: string): Promise<string> {
  if (!REVISION.test(revision) || revision.includes('..') || revision.includes('@{')) {
    throw new Fault('invalid', 'not a revision', {
      where: '--git',
      value: revision,
      allowed: 'a branch, tag or commit, such as main or HEAD~1',
    });
  }
  const found = await git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  const commit = found.bytes.toString('utf8').trim();
  if (found.ok && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw new Fault('unknown', 'no such revision here', {
    where: '--git',
    value: revision,
    allowed: 'a branch, tag or commit of the repository that the file is in; a shallow clone lacks most of them',
  });
}

/** Contents of a blob as they were committed, whatever filters a repository names. */
export function blobWords(commit: string, path: string): string[] {
  return ['show', '--no-textconv', '--no-ext-diff', '--end-of-options', `${commit}:${path}`];
}
