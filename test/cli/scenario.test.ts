import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Term } from '../../src/evidence/term.ts';
import type { ErrorDocument } from '../../src/report/errorDocument.ts';
import { cliRun } from '../support/cliRun.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-f-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const json = async (words: readonly string[]) => JSON.parse((await cliRun([...words, '--json'])).stdout);
/** An answer of options that carries the name of the file `team`. */
const named = async (options: string) => {
  const answer = await json(options.split(' '));
  return { ...answer, query: { ...answer.query, name: 'team' } };
};
const errorOf = async (words: readonly string[]) => ((await json(words)) as ErrorDocument).error;

const TEAM = `kplan: 1
name: team
variables: { developers: 40, share: 0.6..0.9 }
candidates: [h200:8]
workload:
  preset: agentic-coding
  users: =developers * 2
  ctx: 128k
levels: { ttft: { p95: 5s } }
fleet: { purchase: [on-demand], maxLoad: 0.9, stopIdle: true }
`;

describe('an answer from a file is that of the same options', () => {
  const options = 'breakeven --gpu h200:8 --workload agentic-coding --users 80 --ctx 128k --purchase on-demand --max-load 0.9 --stop-idle';

  it('breakeven', async () => {
    expect(await json(['breakeven', '-f', file('team.yaml', TEAM)])).toEqual(await named(options));
  });

  it.each(['fit', 'speed', 'size', 'cost', 'hybrid', 'reuse', 'advise'])('%s takes what it knows of it', async (command) => {
    const run = await cliRun([command, '-f', file('team.yaml', TEAM.replace('developers * 2', 'developers / 8')), '--json']);
    expect(run.code).toBe(0);
    expect(String(JSON.parse(run.stdout).query.gpu)).toMatch(/^h200-sxm(:8)?$/);
  });

  it('what is typed beats the file', async () => {
    const typed = ['breakeven', '-f', file('team.yaml', TEAM), '--users', '10', '--max-load', '0.5'];
    expect(await json(typed)).toEqual(await named(options.replace('--users 80', '--users 10').replace('0.9', '0.5')));
    const volume = ['breakeven', '--tokens-per-month', '3e9', '--file', file('team.yaml', TEAM)];
    expect(await json(volume)).toEqual(await named(options.replace('--users 80', '--tokens-per-month 3e9')));
  });

  it.each(['reconcile', 'data', 'import prices'])('%s takes none', async (command) => {
    expect(await errorOf([...command.split(' '), '-f', 'x.yaml', 'y'])).toMatchObject({ code: 'unknown' });
  });
});

describe('faults stand where the file says it', () => {
  it.each([
    ['candidates: [h200, h10O]\nworkload: { preset: kimi-chat }', '2:20 candidates[1]', 'unknown', 'h10O'],
    ['candidates: h10O\nworkload: { preset: kimi-chat }', '2:13 candidates', 'unknown', 'h10O'],
    ['candidates: [h200:8]\nworkload:\n  preset: agentic-coding\n  users: -3', '5:10 workload.users', 'invalid', '-3'],
    ['candidates: [h200:8]\nworkload: { preset: kimi-chatt }', '3:21 workload.preset', 'unknown', 'kimi-chatt'],
    ['candidates: [h200:8]\nworkload: { preset: kimi-chat, reuse: 1.5 }', '3:39 workload.reuse', 'invalid', '1.5'],
    [
      'candidates: [h200:8]\nworkload: { preset: kimi-chat, users: "=3 - 5", requestsPerUserHour: 3 }',
      '3:39 workload.users',
      'invalid',
      '-2',
    ],
    [
      'candidates: [h200:8]\nworkload: { preset: kimi-chat }\nownership: { capex: 3 }\nfleet: { purchase: [spot] }',
      '5:21 fleet.purchase[0]',
      'contradiction',
      'spot',
    ],
    ['candidates: [h200:8]\nworkload: { preset: kimi-chat }\nfacts: { catalog: nowhere }', '4:19 facts.catalog', 'missing', null],
  ])('%s', async (lines, where, code, value) => {
    const path = file('wrong.yaml', `kplan: 1\n${lines}\n`);
    const error = await errorOf(['breakeven', '-f', path]);
    expect(error).toMatchObject({ code, where: `${path}:${where}` });
    if (value !== null) expect(error.value).toBe(value);
  });

  it('a word of the command line stands at its option', async () => {
    const path = file('team.yaml', TEAM);
    expect(await errorOf(['breakeven', '-f', path, '--users', '-3'])).toMatchObject({ where: '--users', value: '-3' });
    expect(await errorOf(['breakeven', '-f', join(folder, 'none.yaml')])).toMatchObject({ code: 'missing' });
    expect(await errorOf(['breakeven', '-f', ''])).toMatchObject({ code: 'missing', where: '--file' });
  });

  it('in one line of plain words', async () => {
    const run = await cliRun(['fit', '-f', file('key.yaml', 'kplan: 1\ncandidate: h200\n')]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(
      /^kplan: unknown .*key\.yaml:2:1 candidate: no such field \(got "candidate"\); allowed: .*; did you mean candidates\?\n$/,
    );
  });
});

describe('ids name the file, and explain reads it again', () => {
  const valueIn = (terms: readonly Term[], id: string) => terms.find((term) => term.id === id)?.value;

  async function idsOf(line: readonly string[], command: string): Promise<string[]> {
    const printed = (await cliRun([...line, '--ids'])).stdout.replace(/\n */g, '');
    return [...printed.matchAll(new RegExp(`${command}/\\S*?file=[^/\\s]+/[\\w./-]+`, 'g'))].map(([id]) => id);
  }

  it('breakeven, with an option beside it', async () => {
    const path = file('team.yaml', TEAM);
    const line = ['breakeven', '-f', path, '--max-load', '0.7'];
    const { terms } = (await json(line)) as { terms: readonly Term[] };
    const id = `breakeven/file=${encodeURIComponent(path)},maxLoad=0.7/${terms.at(-1)?.id}`;
    expect((await idsOf(line, 'breakeven'))[0]).toContain(id.slice(0, id.lastIndexOf('/')));
    const explained = (await json(['explain', id])) as { terms: readonly Term[] };
    expect(explained.terms).toEqual(terms);
  });

  it('breakeven with uncertain numbers', async () => {
    const path = file('unsure.yaml', TEAM.replace('=developers * 2', '=developers * 2 * share').replace('maxLoad: 0.9', 'rent: 2..3'));
    const { terms } = (await json(['breakeven', '-f', path])) as { terms: readonly Term[] };
    const id = `breakeven/file=${encodeURIComponent(path)}/${terms.at(-1)?.id}`;
    expect(((await json(['explain', id])) as { terms: readonly Term[] }).terms).toEqual(terms);
  });

  it('a switch of an id counts', async () => {
    const line = 'breakeven --gpu h200:8 --workload agentic-coding --users 80 --stop-idle'.split(' ');
    const { terms } = (await json(line)) as { terms: readonly Term[] };
    const id = `breakeven/gpu=h200%3A8,stopIdle=true,users=80,workload=agentic-coding/${terms.at(-1)?.id}`;
    expect(((await json(['explain', id])) as { terms: readonly Term[] }).terms).toEqual(terms);
  });

  it('fit', async () => {
    const path = file('fit.yaml', 'kplan: 1\ncandidates: [h200:8]\ndeployment: { utilization: 0.85, tp: 8 }\nworkload: { ctx: 64k }\n');
    const { results } = (await json(['fit', '-f', path])) as { results: readonly { key: string; kvTokens: { value: number } }[] };
    const [first] = results;
    const id = `fit/file=${encodeURIComponent(path)}/${first?.key}/kvTokens`;
    const { terms } = (await json(['explain', id])) as { terms: readonly Term[] };
    expect(valueIn(terms, 'kvTokens')).toBe(first?.kvTokens.value);
    expect((await cliRun(['fit', '-f', path, '--ids'])).stdout.replace(/\n */g, '')).toContain(id.slice(0, id.lastIndexOf('/')));
  });

  it('cost, and a fault of the file', async () => {
    const path = file('cost.yaml', TEAM);
    const { terms } = (await json(['cost', '-f', path])) as { terms: readonly Term[] };
    const id = `cost/file=${encodeURIComponent(path)}/${terms.at(-1)?.id}`;
    expect(((await json(['explain', id])) as { terms: readonly Term[] }).terms).toEqual(terms);
    file('cost.yaml', TEAM.replace('agentic-coding', 'nothing'));
    expect(await errorOf(['explain', id])).toMatchObject({ where: `${path}:6:11 workload.preset` });
  });
});
