import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { diffSchema } from '../../src/report/schema/diff.ts';
import { cliRun } from '../support/cliRun.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kplan-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

const scenario = (users: number, more = '') => `kplan: 1
variables:
  people: ${users}
model: kimi-k2.7-code
candidates: [h200:8]
deployment: { tp: 8 }
workload: { preset: agentic-coding, users: =people }
${more}`;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const old = file('old.yaml', scenario(40));
const more = file('more.yaml', scenario(80));

async function plan(name: string, words: string): Promise<string> {
  const path = join(folder, name);
  const { code } = await cliRun([...words.split(' '), '--json', '--out', path]);
  expect(code).toBe(0);
  return path;
}

describe('kplan diff of scenarios', () => {
  it('says inputs with their places, and figures with the bands of their change', async () => {
    const { code, stdout } = await cliRun(['diff', old, more, '--for', 'cfo', '--json']);
    expect(code).toBe(0);
    const answer = diffSchema.parse(JSON.parse(stdout));
    expect(answer.inputs).toEqual([
      { name: 'variables.people', before: '40', after: '80', beforeAt: `${old}:3:11`, afterAt: `${more}:3:11` },
    ]);
    expect(answer.figures.find((each) => each.code === 'cost')).toMatchObject({ of: 'kplan/breakeven@1', kinship: 'same', real: true });
    expect(answer.facts.same).toBe(true);
  });

  it('answers for those who read it', async () => {
    const kinds = async (audience: string) => {
      const { stdout } = await cliRun(['diff', old, more, '--for', audience, '--csv']);
      return [...new Set([...stdout.matchAll(/^kplan\/diff@1,([^,]+),/gm)].map(([, of]) => of))];
    };
    expect(await kinds('cfo')).toEqual(['kplan/breakeven@1']);
    const run = await cliRun(['diff', old, more, '--for', 'everyone']);
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toContain('--for');
  });

  it('exits with 3 where a condition holds, and says which', async () => {
    const run = await cliRun(['diff', old, more, '--for', 'cfo', '--fail-on', 'replicas<-1', '--fail-on', 'cost>+5%']);
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/^kplan: --fail-on cost>\+5%: own GPUs \(h200-sxm\/median\) \+\d+ %\n$/);
    expect(run.stdout).toContain('cost>+5%: FAILED by own GPUs');
    expect(run.stdout).toContain('replicas<-1: passed');
    const passed = await cliRun(['diff', old, old, '--for', 'cfo', '--fail-on', 'verdict', '--fail-on', 'cost>+0']);
    expect(passed).toMatchObject({ code: 0, stderr: '' });
    const unknown = await cliRun(['diff', old, more, '--fail-on', 'cosst>+5%']);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.stderr).toContain('did you mean cost?');
  });

  it('keeps names of others inert in a comment', async () => {
    const hostile = "'@everyone #12 https://evil.example <img src=x> | **b**\u202e `c`'";
    const inputs = file('inputs.yaml', scenario(40, `budget: ${hostile}\n`));
    const shown = await cliRun(['diff', old, inputs, '--for', 'cfo', '--markdown']);
    expect(shown.code).toBe(0);
    expect(shown.stdout).not.toMatch(/@everyone|#12|https:\/\/evil|<img|\*\*b\*\*|\u202e|`c`/);
    expect(shown.stdout).toContain('everyone');
  });

  it('takes two files, or one and a revision', async () => {
    for (const words of [[], [old], [old, more, old], ['--git', 'main', old, more]]) {
      const run = await cliRun(['diff', ...words]);
      expect(run).toMatchObject({ code: 2, stdout: '' });
    }
    expect((await cliRun(['diff', old, join(folder, 'absent.yaml')])).stderr).toContain('missing');
    const elsewhere = file('elsewhere.yaml', scenario(40, 'fleet: { provider: nowhere }\n'));
    expect((await cliRun(['diff', old, elsewhere])).stderr).toContain(`${elsewhere}:8:20 fleet.provider`);
    const broken = file('broken.yaml', scenario(40).replace('users', 'usres'));
    expect((await cliRun(['diff', old, broken])).stderr).toContain(`${broken}:7:37 workload.usres`);
  });
});

describe('kplan diff of plans', () => {
  it('compares answers that were printed', async () => {
    const before = await plan('fit-a.json', 'fit --gpu h200:8 --ctx 128k --sequences 4');
    const after = await plan('fit-b.json', 'fit --gpu h200:8 --ctx 256k --sequences 4');
    const run = await cliRun(['diff', before, after, '--fail-on', 'verdict']);
    expect(run.code).toBe(3);
    expect(run.stdout).toMatch(/fits\s+does not fit/);
    expect(run.stdout).toContain('contextTokens');
  });

  it('says that facts changed too', async () => {
    const words = 'breakeven --gpu h200:8 --workload agentic-coding --users 400';
    const before = await plan('be-a.json', `${words} --as-of 2026-09-01`);
    const after = await plan('be-b.json', words);
    const { stdout } = await cliRun(['diff', before, after]);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/Facts changed too \(as of 2026-09-01 before and 2026-\d\d-\d\d after/);
  });

  it('compares a plan with a scenario where both answer the same question', async () => {
    const before = await plan('be-c.json', `breakeven -f ${old}`);
    const { code, stdout } = await cliRun(['diff', before, more, '--for', 'cfo', '--json']);
    expect(code).toBe(0);
    expect(diffSchema.parse(JSON.parse(stdout)).inputs).toContainEqual(
      expect.objectContaining({ name: 'users', before: '40', after: '80' }),
    );
    const other = await plan('cost.json', `cost -f ${old}`);
    expect((await cliRun(['diff', other, more, '--for', 'cfo'])).stderr).toContain('answers to different questions');
  });

  it.each([
    ['{"schema":"kplan/fit@1"}', /not as kplan writes it/],
    ['{"schema":"kplan/error@1"}', /no answer with figures/],
    ['{"schema":"kplan/fit@1",', /does not end/],
    [`{"schema":${'['.repeat(1e5)}`, /nested deeper/],
    ['{"schema":"kplan/fit@1","x":}', /not JSON/],
    ['[]', /no answer with figures/],
  ])('refuses %.40s', async (text, message) => {
    const run = await cliRun(['diff', file('bad.json', text), more]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
  });
});

function git(at: string, ...words: string[]): string {
  const who = ['-c', 'user.name=Planner', '-c', 'user.email=planner@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, ...words], { cwd: at, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A repository whose branch `main` has a scenario that the working tree changes. */
function repository(name: string): string {
  const at = join(folder, name);
  mkdirSync(at);
  git(at, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(at, 'kplan.yaml'), scenario(40));
  git(at, 'add', '.');
  git(at, 'commit', '--quiet', '-m', 'Plan for 40');
  git(at, 'checkout', '--quiet', '-b', 'more');
  writeFileSync(join(at, 'kplan.yaml'), scenario(80));
  git(at, 'add', '.');
  git(at, 'commit', '--quiet', '-m', 'Plan for 80');
  return at;
}

describe('kplan diff --git', () => {
  const at = repository('with-main');
  const path = join(at, 'kplan.yaml');

  it('compares with the file as it was', async () => {
    const { code, stdout } = await cliRun(['diff', '--git', 'main', path, '--for', 'cfo', '--json']);
    expect(code).toBe(0);
    const { before, after, inputs } = diffSchema.parse(JSON.parse(stdout));
    expect({ before, after }).toEqual({ before: `main:${path}`, after: path });
    expect(inputs).toEqual([
      { name: 'variables.people', before: '40', after: '80', beforeAt: `main:${path}:3:11`, afterAt: `${path}:3:11` },
    ]);
  });

  it.each(['--output=x', '-x', 'main:kplan.yaml', 'main..more', 'a b', '$(touch x)', '@{-1}', 'main\n', '', ':/Plan'])(
    'refuses the revision %j',
    async (revision) => {
      const run = await cliRun(['diff', `--git=${revision}`, path, '--for', 'cfo']);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toContain('--git');
      expect(git(at, 'status', '--porcelain')).toBe('');
    },
  );

  it.each(['fix#12', 'füge/80%', 'a+b,c=d'])('knows the branch %s', async (branch) => {
    git(at, 'branch', '--quiet', branch, 'main');
    const { code, stdout } = await cliRun(['diff', '--git', branch, path, '--for', 'cfo', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ before: `${branch}:${path}` });
  });

  it('says which revision or file is not there', async () => {
    expect((await cliRun(['diff', '--git', 'mian', path])).stderr).toContain('no such revision here');
    writeFileSync(join(at, 'new.yaml'), scenario(40));
    expect((await cliRun(['diff', '--git', 'main', join(at, 'new.yaml')])).stderr).toContain('the file cannot be read there');
    rmSync(join(at, 'new.yaml'));
  });

  it('says which files are not those of the revision', async () => {
    const hours = repository('with-hours');
    writeFileSync(join(hours, 'hours.csv'), `tokens\n${'1e8\n'.repeat(24)}`);
    writeFileSync(join(hours, 'kplan.yaml'), scenario(40).replace('preset:', 'hourly: ./hours.csv, preset:'));
    git(hours, 'commit', '--quiet', '-am', 'Hours of our own');
    const { stdout, stderr } = await cliRun(['diff', '--git', 'HEAD', join(hours, 'kplan.yaml'), '--for', 'cfo', '--json']);
    const note = `workload.hourly of HEAD:${join(hours, 'kplan.yaml')} is read from the working tree`;
    expect(stderr).toBe(`kplan: ${note}\n`);
    const answer = diffSchema.parse(JSON.parse(stdout));
    expect(answer.warnings).toEqual([note]);
    expect(answer.unchanged).toBeGreaterThan(0);
  });

  it('places a fault of the older file at its revision', async () => {
    const bad = repository('bad-before');
    writeFileSync(join(bad, 'kplan.yaml'), scenario(40).replace('users', 'usres'));
    git(bad, 'commit', '--quiet', '-am', 'Broken');
    writeFileSync(join(bad, 'kplan.yaml'), scenario(80));
    const { stderr } = await cliRun(['diff', '--git', 'HEAD', join(bad, 'kplan.yaml')]);
    expect(stderr).toContain(`HEAD:${join(bad, 'kplan.yaml')}:7:37 workload.usres`);
  });
});

describe('the example for GitHub Actions', () => {
  const script = join(root, 'examples/github-actions/kplan-diff.sh');
  const at = repository('actions');
  // Runs the sources as the command, with the words that it gets.
  const command = join(folder, 'kplan');
  const words = join(folder, 'words.txt');

  /** What the script asks of kplan, with kplan played by a recorder that exits as told. */
  function asked(code: number, ...rest: string[]): { exit: number; words: string[]; summary: string } {
    writeFileSync(command, `#!/bin/sh\nprintf '%s\\n' "$@" > '${words}'\nprintf 'comment\\n' > comment.md\nexit ${code}\n`);
    chmodSync(command, 0o755);
    const summary = file('summary.md', '');
    let exit = 0;
    try {
      execFileSync('sh', [script, ...rest], {
        cwd: at,
        env: { ...process.env, KPLAN: command, GITHUB_STEP_SUMMARY: summary },
        stdio: 'pipe',
      });
    } catch (error) {
      exit = (error as { status: number }).status;
    }
    return { exit, words: readFileSync(words, 'utf8').trimEnd().split('\n'), summary: readFileSync(summary, 'utf8') };
  }

  it('asks what it says, in a repository with two commits of a scenario', async () => {
    const { exit, words: said, summary } = asked(3, 'main', 'kplan.yaml', 'comment.md', 'cost>+5%', 'verdict');
    expect({ exit, summary }).toEqual({ exit: 3, summary: 'comment\n' });
    const here = process.cwd();
    const comment = join(folder, 'comment.md');
    const placed = said.map((word) => (word === 'kplan.yaml' ? join(at, word) : word.replace('comment.md', comment)));
    expect(placed).toContain('--fail-on=cost>+5%');
    const run = await cliRun([...placed.slice(0, 1), '--for=cfo', ...placed.slice(1)]);
    expect(process.cwd()).toBe(here);
    expect(run.code).toBe(3);
    const text = readFileSync(comment, 'utf8');
    expect(text).toMatch(/^<!-- written by kplan: kplan\/diff@1 -->\n\n\*\*Costs \\?\$[\d,]+ more a month/);
    expect(text).toContain('FAILED by own GPUs');
  });

  it('keeps every word whole, and hands errors on without a comment', () => {
    const { words: said } = asked(0, 'main', 'a b;c.yaml', 'comment.md', 'cost>+5% $(x)', '--strict');
    expect(said.slice(-4)).toEqual(['--fail-on=cost>+5% $(x)', '--fail-on=--strict', '--', 'a b;c.yaml']);
    expect(asked(2, 'main', 'kplan.yaml', 'comment.md')).toMatchObject({ exit: 2, summary: '' });
  });

  it('is run by its workflow, which puts nothing of others into a script', () => {
    const workflow = readFileSync(join(root, 'examples/github-actions/kplan-diff.yml'), 'utf8');
    const { jobs } = parse(workflow) as { jobs: { diff: { steps: { run?: string }[] } } };
    const runs = jobs.diff.steps.flatMap(({ run }) => run ?? []);
    expect(runs.some((run) => run.startsWith('sh .github/kplan-diff.sh "$BASE"'))).toBe(true);
    expect(runs.filter((run) => run.includes('${{'))).toEqual([]);
  });
});

describe('the comment on the platform without decode context parallelism', () => {
  it('is the golden one', async () => {
    const [from, to] = ['examples/platform-200-developers.yaml', 'examples/platform-tp8.yaml'];
    const { code, stdout } = await cliRun(['diff', from, to, '--for', 'ml', '--markdown', '--fail-on', 'cost>+5%', '--fail-on', 'verdict']);
    expect(code).toBe(3);
    const golden = join(root, 'test/scenarios/diff/platform-tp8/comment.md');
    if (process.env['KPLAN_GOLDEN'] === 'write') writeFileSync(golden, stdout);
    expect(stdout).toBe(readFileSync(golden, 'utf8'));
  });
});
