import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { DeployAnswer } from '../../src/report/schema/deploy.ts';
import { cliRun } from '../support/cliRun.ts';

const folder = mkdtempSync(join(tmpdir(), 'kplan-outside-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isThere = (program: string) => spawnSync(program, ['--version']).status === 0;

const PLANS = [
  '--gpu h200:8 --replicas 3',
  '--gpu mi355x:8 --mm-encoder data --model-path /models/kimi',
  '--gpu h100:16 --tp 8 --pp 2',
  '--gpu h100:24 --tp 8 --pp 3 --force',
  '--engine sglang --gpu h200:16 --tp 16',
  '--engine vllm@0.11.0 --model kimi-k2-instruct --gpu h200:16 --tp 16',
  '--gpu h200:16 --tp 1 --attention-dp 16 --ep 16',
  '--engine llama.cpp --gpu rtx-4090:2 --ram 512GB --format ud-q2_k_xl',
] as const;

/** A file of a plan, on disk. */
async function written(plan: string, name: string): Promise<string> {
  const { stdout } = await cliRun(['deploy', ...plan.split(' '), '--json']);
  const content = (JSON.parse(stdout) as DeployAnswer).files.find((file) => file.name === name)?.content ?? '';
  expect(content).not.toBe('');
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe.skipIf(!isThere('shellcheck'))('scripts before ShellCheck', () => {
  const flaws = (path: string) => spawnSync('shellcheck', ['--shell=sh', '--exclude=SC2317', path], { encoding: 'utf8' }).stdout;

  it.each(PLANS)('%s', async (plan) => {
    for (const name of ['launch.sh', 'clients.sh']) expect(flaws(await written(plan, name))).toBe('');
  });

  it.each(['kplan-diff.sh', 'kplan-comment.sh'])('%s of the example', (name) => {
    expect(flaws(fileURLToPath(new URL(`../../examples/github-actions/${name}`, import.meta.url)))).toBe('');
  });
});

describe.skipIf(!isThere('docker-compose'))('files before Compose', () => {
  /** What Compose makes of a file; its first generation knows no name of the project. */
  function config(path: string, words: readonly string[], env: Readonly<Record<string, string>>) {
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^name: .*\n/m, ''));
    return spawnSync('docker-compose', ['-f', path, ...words, 'config'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
    });
  }

  it.each(PLANS)('%s', async (plan) => {
    const path = await written(plan, 'compose.yaml');
    const several = readFileSync(path, 'utf8').includes('profiles:');
    const env = several ? { HEAD_IP: '10.0.0.1' } : {};
    for (const profile of several ? ['head', 'worker'] : [null])
      expect(config(path, profile === null ? [] : ['--profile', profile], env)).toMatchObject({ status: 0, stderr: '' });
    if (several) expect(config(path, ['--profile', 'head'], {}).stderr).toContain('address of the first node');
  });
});
