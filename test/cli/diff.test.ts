import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

describe('kplan diff of scenarios in all parts', () => {
  const base = (more = '', users = 40) => scenario(users, more);
  const pair = async (name: string, from: string, to: string, ...words: string[]) =>
    cliRun(['diff', file(`${name}-a.yaml`, from), file(`${name}-b.yaml`, to), ...words]);
  const said = (text: string) => text.replace(/\s+/g, ' ');

  it('takes sequences and requests in flight to fit and speed', async () => {
    const many = base().replace('preset:', 'sequences: 50, preset:');
    const { code, stdout } = await pair('sequences', base(), many, '--for', 'ml', '--fail-on', 'verdict');
    expect(code).toBe(3);
    expect(said(stdout)).toMatch(/^Verdict on 8×H200 141GB SXM TP8 int4 fits → does not fit/);
    const flown = await pair('concurrency', base(), base().replace('preset:', 'concurrency: 3, preset:'), '--for', 'ml', '--json');
    expect(diffSchema.parse(JSON.parse(flown.stdout)).lone.length).toBeGreaterThan(0);
  });

  it('says what shapes nothing here', async () => {
    const { stdout } = await pair('finished', base(), base().replace('preset:', 'finished: 0.5, preset:'), '--for', 'cfo');
    expect(said(stdout)).toMatch(
      /^Nothing that is compared changes: all \d+ figures are the same; workload.finished shapes none of these answers\./,
    );
    const cfo = await pair('unread', base(), base().replace('preset:', 'sequences: 50, preset:'), '--for', 'cfo');
    expect(said(cfo.stdout)).toContain('workload.sequences shapes none of these answers');
  });

  it('names variables that nothing compared is made of, and waits', async () => {
    const shared = (share: string) => `kplan: 1
variables: { seats: 300, share: ${share}, active: =seats * share }
model: kimi-k2.7-code
candidates: [h200:8]
workload: { preset: agentic-coding, users: =seats, busiestHour: { conversations: =round(active) } }
`;
    const { stdout } = await pair('share', shared('0.3'), shared('0.4'), '--for', 'cfo');
    expect(said(stdout)).toMatch(/^Nothing that is compared changes: .*; variables.share shapes none of these answers\./);
    const waits = (months: string) => base(`time: { months: 24, wait: [${months}] }\n`);
    expect(said((await pair('wait', waits('6'), waits('12'), '--for', 'cfo')).stdout)).toContain('time.wait shapes none of these answers');
  });

  it('counts the months to come, and refuses what `breakeven` refuses', async () => {
    const months = (trend: string) => base(`time: { months: 24, apiTrend: ${trend} }\n`);
    const { stdout } = await pair('trend', months('0%/year'), months('-50%/year'), '--for', 'cfo', '--json');
    expect(diffSchema.parse(JSON.parse(stdout)).figures.map(({ code }) => code)).toContain('saved');
    const wrong = base('time: { months: 12, wait: [6, 12] }\n');
    expect(await pair('months', base(), wrong, '--for', 'cfo')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('months-b.yaml:8:31 time.wait[1]'),
    });
  });

  it('refuses a condition on what the audience does not read', async () => {
    const { code, stderr } = await pair('deaf', base(), base('', 80), '--for', 'cfo', '--fail-on', 'ttft>+5%');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--fail-on: none of these answers has the figure ttft') });
  });

  it('reads a scenario that is written as JSON', async () => {
    const json = (users: number) =>
      JSON.stringify({ kplan: 1, model: 'kimi-k2.7-code', candidates: ['h200:8'], workload: { preset: 'agentic-coding', users } });
    const run = await cliRun(['diff', file('s1.json', json(40)), file('s2.json', json(80)), '--for', 'cfo']);
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Costs \$/) });
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
    ['[]', /bad.json/],
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

  it('reads the files that the scenario names as they were', async () => {
    const hours = repository('with-hours');
    const day = (tokens: string) => writeFileSync(join(hours, 'load/hours.csv'), `tokens\n${`${tokens}\n`.repeat(24)}`);
    mkdirSync(join(hours, 'load'));
    day('1e8');
    writeFileSync(join(hours, 'kplan.yaml'), scenario(40).replace('preset:', 'hourly: ./load/hours.csv, preset:'));
    git(hours, 'add', '.');
    git(hours, 'commit', '--quiet', '-m', 'Hours of our own');
    day('9e8');
    const { stdout, stderr } = await cliRun(['diff', '--git', 'HEAD', join(hours, 'kplan.yaml'), '--for', 'cfo', '--json']);
    expect(stderr).toBe('');
    const answer = diffSchema.parse(JSON.parse(stdout));
    expect(answer.inputs).toMatchObject([{ name: 'workload.hourly (contents)', before: expect.stringMatching(/^sha256 /) }]);
    const cost = answer.figures.find(({ of, code }) => of === 'kplan/hybrid@1' && code === 'cost');
    expect(cost?.relative?.value).toBeGreaterThan(1);
    expect(stdout).not.toContain('kplan-revision-');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('kplan-revision-'))).toEqual([]);
  });

  it('finds them by whole paths, and reads those outside the repository as they are', async () => {
    const paths = repository('paths');
    const hours = (tokens: string) => `tokens\n${`${tokens}\n`.repeat(24)}`;
    const named = (path: string) => scenario(40).replace('preset:', `hourly: ${path}, preset:`);
    writeFileSync(join(paths, 'inside.csv'), hours('1e8'));
    file('outside.csv', hours('2e8'));
    writeFileSync(join(paths, 'whole.yaml'), named(join(paths, 'inside.csv')));
    writeFileSync(join(paths, 'beyond.yaml'), named('../outside.csv'));
    git(paths, 'add', '.');
    git(paths, 'commit', '--quiet', '-m', 'Hours by whole paths');
    writeFileSync(join(paths, 'inside.csv'), hours('9e8'));
    const run = async (name: string) => {
      const { stdout, stderr } = await cliRun(['diff', '--git', 'HEAD', join(paths, name), '--for', 'cfo', '--json']);
      return { answer: diffSchema.parse(JSON.parse(stdout)), stderr };
    };
    expect((await run('whole.yaml')).answer.figures.length).toBeGreaterThan(0);
    const beyond = await run('beyond.yaml');
    expect(beyond.answer.figures).toEqual([]);
    expect(beyond.stderr).toContain('is read as it is now: it lies outside the repository');
  });

  it('says which of them the revision lacks or has wrong, at the file', async () => {
    const lacks = repository('lacks-hours');
    writeFileSync(join(lacks, 'kplan.yaml'), scenario(40).replace('preset:', 'hourly: ./hours.csv, preset:'));
    git(lacks, 'commit', '--quiet', '-am', 'Hours that nobody has');
    const run = () => cliRun(['diff', '--git', 'HEAD', join(lacks, 'kplan.yaml'), '--for', 'cfo']);
    expect((await run()).stderr).toMatch(/--git: the file cannot be read there .*hours\.csv/);
    writeFileSync(join(lacks, 'hours.csv'), 'nothing\n1\n');
    git(lacks, 'add', '.');
    git(lacks, 'commit', '--quiet', '-m', 'Wrong hours');
    const { stderr } = await run();
    expect(stderr).toMatch(/hours\.csv/);
    expect(stderr).not.toContain('kplan-revision-');
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
    writeFileSync(
      command,
      `#!/bin/sh\nprintf '%s\\n' "$@" > '${words}'\n[ "$1" = diff ] && printf 'comment\\n' > comment.md\nexit ${code}\n`,
    );
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

  it('tells of a plan that is new or gone, and leaves no comment of before', () => {
    const comment = join(at, 'comment.md');
    writeFileSync(join(at, 'new.yaml'), scenario(40));
    const fresh = asked(0, 'main', 'new.yaml', 'comment.md', 'verdict');
    expect(fresh.words.slice(0, 3)).toEqual(['breakeven', '--markdown', '--file=new.yaml']);
    expect(fresh).toMatchObject({
      exit: 0,
      summary: expect.stringMatching(/^<!-- written by kplan: kplan\/diff@1 -->\n\n\*\*The plan is new/),
    });
    expect(asked(0, 'main', 'gone.yaml', 'comment.md').summary).toContain('The plan is gone');
    asked(2, 'main', 'kplan.yaml', 'other.md');
    writeFileSync(comment, '<!-- written by kplan: kplan/diff@1 -->\nof before');
    expect(asked(2, 'nowhere', 'kplan.yaml', 'comment.md').exit).toBe(2);
    expect(readFileSync(comment, 'utf8')).not.toContain('of before');
  });

  it('leaves no half of a comment where the new plan is wrong', () => {
    const comment = join(at, 'half.md');
    writeFileSync(join(at, 'wrong.yaml'), 'kplan: 1\n');
    expect(asked(2, 'main', 'wrong.yaml', 'half.md')).toMatchObject({ exit: 2, summary: '' });
    expect(existsSync(comment)).toBe(false);
  });

  it('ends where the comments cannot be listed', () => {
    const bin = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(join(bin, 'gh'), `#!/bin/sh\necho "$*" >> '${join(bin, 'log')}'\ncase "$*" in *--jq*) exit 1;; esac\n`);
    chmodSync(join(bin, 'gh'), 0o755);
    const env = { PATH: `${bin}:${process.env['PATH']}`, GITHUB_REPOSITORY: 'o/r' };
    const run = () => execFileSync('sh', [join(root, 'examples/github-actions/kplan-comment.sh'), '7', 'c.md'], { env, stdio: 'pipe' });
    expect(run).toThrow();
    expect(readFileSync(join(bin, 'log'), 'utf8').trimEnd().split('\n')).toHaveLength(1);
  });

  it('asks strictly where it is told so', () => {
    process.env['STRICT'] = '1';
    const { words: said } = asked(0, 'main', 'kplan.yaml', 'comment.md', 'cost>+5%');
    delete process.env['STRICT'];
    expect(said).toContain('--strict');
  });

  it.each([
    ['', ['pr', 'comment', '7', '--body-file', 'c.md']],
    ['11\n12', ['api', '--method', 'PATCH', 'repos/o/r/issues/comments/12', '--field', 'body=@c.md']],
  ])('replaces its own comment alone (%j)', (ids, last) => {
    const bin = mkdtempSync(join(folder, 'bin-'));
    const log = join(bin, 'log');
    writeFileSync(join(bin, 'gh'), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\ncase "$*" in *--jq*) printf '${ids}\\n';; esac\n`);
    chmodSync(join(bin, 'gh'), 0o755);
    const env = { PATH: `${bin}:${process.env['PATH']}`, GITHUB_REPOSITORY: 'o/r' };
    execFileSync('sh', [join(root, 'examples/github-actions/kplan-comment.sh'), '7', 'c.md'], { env, stdio: 'pipe' });
    const [asks = '', does] = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect(asks).toContain('repos/o/r/issues/7/comments');
    expect(asks).toContain('startswith("<!-- written by kplan: kplan/diff@1 -->")');
    expect(does).toBe(last.join(' '));
  });

  it('keeps every word whole, and hands errors on without a comment', () => {
    writeFileSync(join(at, 'a b;c.yaml'), scenario(40));
    git(at, 'add', '.');
    git(at, 'commit', '--quiet', '-m', 'A name of its own');
    const { words: said } = asked(0, 'HEAD', 'a b;c.yaml', 'comment.md', 'cost>+5% $(x)', '--strict');
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
