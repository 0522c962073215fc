import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadCatalog, loadLaunch } from '../../src/catalog/index.ts';
import { deploy } from '../../src/deploy/deploy.ts';
import type { DeployQuery } from '../../src/deploy/deployQuery.ts';
import { Fault } from '../../src/faults/fault.ts';
import type { Catalog } from '../../src/plan/catalog.ts';
import type { DeployAnswer } from '../../src/report/schema/deploy.ts';

const catalog = loadCatalog();
const facts = loadLaunch();

/** Texts that would do something if they were not quoted. */
const HOSTILE = [
  "it's",
  '$(touch pwned)',
  '`touch pwned`',
  '"; touch pwned; "',
  "'; touch pwned; '",
  'a b',
  '$HOME',
  ['$', '{HOME}'].join(''),
  '$$HOME',
  '$(HEAD_IP)',
  '\\',
  '\\n',
  '*',
  '~',
  '#x',
  '!!js',
  '- a',
  'a: b',
  '{a: b}',
  '&x',
  '*x',
  'yes',
  'off',
  '010',
  '1:30',
  '2026-01-01',
  '1e3',
  '0x10',
  'null',
  '…',
  '%s',
  '=x',
  '<(id)',
  '| tee pwned',
  '> pwned',
];

const word = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((parts) => parts.join('')),
);

let folder = '';
let stub = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-hostile-'));
  stub = mkdtempSync(join(tmpdir(), 'kplan-stub-'));
  for (const name of ['vllm', 'sglang', 'ray']) {
    writeFileSync(join(stub, name), '#!/bin/sh\nprintf "%s\\0" "$@"\n');
    chmodSync(join(stub, name), 0o755);
  }
});
afterAll(() => {
  for (const each of [folder, stub]) rmSync(each, { recursive: true });
});

/** The words that a script hands to the server; nothing may appear in the folder in which it runs. */
function wordsRun(script: string, rank = '0'): string[] {
  const env = { PATH: `${stub}:${process.env['PATH']}`, HOME: '/nowhere', HEAD_IP: '10.0.0.1', NODE_RANK: rank };
  const out = execFileSync('sh', ['-s'], { input: script, cwd: folder, env, encoding: 'utf8' });
  expect(readdirSync(folder)).toEqual([]);
  return out.split('\0').slice(0, -1);
}

function contentOf({ files }: DeployAnswer, name: string): string {
  return files.find((one) => one.name === name)?.content ?? '';
}

/** Compose's and Kubernetes' own escapes undone; a lone dollar would be read as a variable. */
function undone(text: string): string {
  expect(text.replaceAll('$$', '')).not.toContain('$');
  return text.replaceAll('$$', '$');
}

/** The catalog with another repository of the model. */
function withRepository(repository: string): Catalog {
  return {
    ...catalog,
    models: catalog.models.map((model) =>
      model.id === 'kimi-k2.7-code' ? { ...model, checkpoints: model.checkpoints.map((one) => ({ ...one, repository })) } : model,
    ),
  };
}

function answerTo(query: Partial<DeployQuery>, of: Catalog = catalog, gpu = 'h200:8', engine = 'vllm'): DeployAnswer | null {
  try {
    return deploy({ plan: { kind: 'gpu', query: { gpu: [gpu], engine } }, ...query }, of, facts).answer;
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return null;
  }
}

function valueAfter(words: readonly string[], flag: string): string | undefined {
  const joined = words.find((one) => one.startsWith(`${flag}=`));
  return joined === undefined ? words[words.indexOf(flag) + 1] : joined.slice(flag.length + 1);
}

/** Words of all containers in a parsed file. */
function containerWords(answer: DeployAnswer): string[][] {
  const { services } = parse(contentOf(answer, 'compose.yaml')) as {
    services: Record<string, { entrypoint: string[]; command: string[] }>;
  };
  const workload = parseAllDocuments(contentOf(answer, 'kubernetes.yaml'))
    .map((one) => one.toJS())
    .find(({ kind }) => kind === 'Deployment');
  const ofCompose = Object.values(services).map(({ entrypoint, command }) => [...entrypoint, ...command].map(undone));
  for (const name of ['compose.yaml', 'kubernetes.yaml']) {
    const read = (version: '1.1' | '1.2') => parseAllDocuments(contentOf(answer, name), { version }).map((one) => one.toJS());
    expect(read('1.1')).toEqual(read('1.2'));
  }
  return [...ofCompose, workload.spec.template.spec.containers[0].command.map(undone)];
}

describe('hostile words are inert', () => {
  it('as the served name, in scripts and manifests', () => {
    fc.assert(
      fc.property(word, (servedName) => {
        const answer = answerTo({ servedName });
        if (!answer) return;
        expect(valueAfter(wordsRun(contentOf(answer, 'launch.sh')), '--served-model-name')).toBe(servedName);
        for (const words of containerWords(answer)) expect(valueAfter(words, '--served-model-name')).toBe(servedName);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('as the repository of a model in the catalog', () => {
    fc.assert(
      fc.property(word, (name) => {
        const repository = `${name}/${name}`;
        const answer = answerTo({}, withRepository(repository));
        fc.pre(answer?.written === true);
        expect(wordsRun(contentOf(answer, 'launch.sh')).slice(0, 2)).toEqual(['serve', repository]);
        for (const words of containerWords(answer)) expect(words.slice(0, 3)).toEqual(['vllm', 'serve', repository]);
      }),
      { numRuns: 60, seed: 8 },
    );
  });

  it('as paths, images, addresses and drafts, on every node', () => {
    fc.assert(
      fc.property(word, word, word, (path, host, image) => {
        const answer = answerTo({ modelPath: path, host, image }, catalog, 'a100-80:16');
        if (!answer) return;
        for (const rank of ['0', '1']) {
          const words = wordsRun(contentOf(answer, 'launch.sh'), rank);
          expect(words.slice(0, 2)).toEqual(['serve', path]);
          expect(valueAfter(words, '--host')).toBe(host);
          expect(valueAfter(words, '--node-rank')).toBe(rank);
          expect(valueAfter(words, '--master-addr')).toBe('10.0.0.1');
        }
      }),
      { numRuns: 40, seed: 9 },
    );
  });

  it('in the scripts of several nodes in containers', () => {
    for (const servedName of HOSTILE) {
      const answer = answerTo({ servedName }, catalog, 'a100-80:16');
      const set = parseAllDocuments(contentOf(answer as DeployAnswer, 'kubernetes.yaml'))
        .map((one) => one.toJS())
        .find(({ kind }) => kind === 'LeaderWorkerSet');
      const script = undone(set.spec.leaderWorkerTemplate.workerTemplate.spec.containers[0].command[2]);
      const words = wordsRun(`LWS_LEADER_ADDRESS=leader; LWS_WORKER_INDEX=1\n${script}`);
      expect(valueAfter(words, '--served-model-name')).toBe(servedName);
      expect(valueAfter(words, '--master-addr')).toBe('leader');
      expect(valueAfter(words, '--node-rank')).toBe('1');
    }
  });

  it('in the settings of clients', () => {
    fc.assert(
      fc.property(word, word, (servedName, url) => {
        const answer = answerTo({ servedName, url });
        if (!answer) return;
        const script = `${contentOf(answer, 'clients.sh')}\nprintf '%s\\0' "$ANTHROPIC_MODEL" "$ANTHROPIC_BASE_URL"\n`;
        const env = { PATH: process.env['PATH'] ?? '', KPLAN_CLIENT: 'deployment-anthropic' };
        const [model, base] = execFileSync('sh', ['-s'], { input: script, cwd: folder, env, encoding: 'utf8' }).split('\0');
        expect(model).toBe(servedName);
        expect(base).toBe(url.replace(/\/(v1\/?)?$/, ''));
        expect(readdirSync(folder)).toEqual([]);
      }),
      { numRuns: 40, seed: 10 },
    );
  });

  it.each([
    ['a\nb', 'served name'],
    ['a\u001b[31m', 'escape'],
    ['a\u202eb', 'direction'],
    ['', 'nothing'],
  ])('refuses %j', (servedName) => {
    expect(() => deploy({ plan: { kind: 'gpu', query: { gpu: ['h200:8'] } }, servedName }, catalog, facts)).toThrow(/--served-name/);
  });

  it('refuses a model that reads as a flag', () => {
    expect(() => deploy({ plan: { kind: 'gpu', query: { gpu: ['h200:8'] } }, modelPath: '--api-key=x' }, catalog, facts)).toThrow(
      /begins with a dash/,
    );
  });
});
