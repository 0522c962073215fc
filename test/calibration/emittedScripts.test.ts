import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EMIT_TARGETS, type EmitFor, type EmitTarget, emitted } from '../../src/calibration/emit/emit.ts';
import { ladderOf } from '../../src/calibration/ladder/ladder.ts';
import { NOTHING_SAID } from '../../src/calibration/probe/endpointFacts.ts';

const folder = mkdtempSync(join(tmpdir(), 'kplan-emit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FRESH = { name: '1024x256', inputTokens: 1024, outputTokens: 256, sharedInput: 0 };
const REUSED = { ...FRESH, name: '1024x256@0.75', sharedInput: 0.75 };
const ladder = ladderOf({ maxConcurrency: 2, shapes: [FRESH, REUSED] }, NOTHING_SAID).steps;
const [first] = ladder;
/** A step under a rate that was found beforehand. */
const steps = [
  ...ladder.filter(({ load }) => load.kind === 'concurrency'),
  ...(first ? [{ ...first, place: ladder.length, load: { kind: 'rate', requestsPerSecond: 1.5 } as const }] : []),
];

/** What would be run if a name or an address got out of its quotes. */
const ESCAPES = `a'b"c$(touch OWNED)\`touch OWNED\`;touch OWNED #\\`;
const HOSTILE: EmitFor = {
  url: `http://gpu:8000/${ESCAPES}`,
  model: `k2 ${ESCAPES}\ntouch OWNED\n, x=1`,
  keyEnv: 'MYKEY',
  fullLength: true,
};
const KEY = `sk-$HOME-'x'; touch OWNED`;
const TOOLS = ['vllm', 'python3', 'guidellm', 'aiperf'] as const;

interface Call {
  readonly argv: readonly string[];
  readonly key: string;
}

/** Stands for every load generator: notes its words and the key that it sees, and writes the result that it is asked for. */
function stub(fails: boolean): string {
  return [
    '#!/bin/sh',
    `printf '%s\\0' "\${OPENAI_API_KEY:-}" "\${0##*/}" "$@" >> calls`,
    `printf '\\001\\0' >> calls`,
    'before=',
    'for word in "$@"; do',
    '  if [ "$before" = --result-filename ]; then echo "{\\"of\\":\\"$word\\"}" > "$word"; fi',
    '  before=$word',
    'done',
    `exit ${fails ? 3 : 0}`,
    '',
  ].join('\n');
}

/** Runs what was emitted, as a file or as the command of a Job, with stand-ins for the load generators. */
function run(target: EmitTarget, of: EmitFor, { shell = 'sh', fails = false } = {}) {
  const place = mkdtempSync(join(folder, `${target}-`));
  const bin = join(place, 'bin');
  mkdirSync(bin);
  for (const tool of TOOLS) writeFileSync(join(bin, tool), stub(fails), { mode: 0o755 });
  const text = emitted(target, steps, of);
  const env = { PATH: `${bin}:/usr/bin:/bin`, MYKEY: KEY, ...(target === 'k8s-job' ? { OPENAI_API_KEY: KEY } : {}) };
  const [file, ...words] = target === 'k8s-job' ? parse(text).spec.template.spec.containers[0].command : [shell, 'script.sh'];
  writeFileSync(join(place, 'script.sh'), text);
  let output = '';
  let status = 0;
  try {
    output = execFileSync(file, words, { cwd: place, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    status = (error as { status: number }).status;
  }
  const calls = readFileSync(join(place, 'calls'), 'utf8')
    .split('\u0001\0')
    .slice(0, -1)
    .map((call): Call => {
      const [key = '', ...argv] = call.split('\0').slice(0, -1);
      return { key, argv };
    });
  return { calls, output, status, owned: existsSync(join(place, 'OWNED')) };
}

function wordAfter(argv: readonly string[], option: string): string | undefined {
  return argv[argv.indexOf(option) + 1];
}

/** The key that a load generator was handed. */
function keySeen(target: EmitTarget, { argv, key }: Call): string | undefined {
  if (target === 'aiperf') return wordAfter(argv, '--api-key');
  return target === 'guidellm' ? JSON.parse(wordAfter(argv, '--backend') ?? '{}').api_key : key;
}

const AT: Readonly<Record<EmitTarget, (argv: readonly string[]) => unknown>> = {
  'vllm-bench': (argv) => [wordAfter(argv, '--base-url'), wordAfter(argv, '--model')],
  'sglang-bench': (argv) => [wordAfter(argv, '--base-url'), wordAfter(argv, '--model')],
  guidellm: (argv) => {
    const { target, model } = JSON.parse(wordAfter(argv, '--backend') ?? '{}');
    return [target, model];
  },
  aiperf: (argv) => [wordAfter(argv, '--url'), wordAfter(argv, '--model')],
  'k8s-job': (argv) => [wordAfter(argv, '--base-url'), wordAfter(argv, '--model')],
};

const HEADS: Readonly<Record<EmitTarget, readonly string[]>> = {
  'vllm-bench': ['vllm', 'bench', 'serve'],
  'sglang-bench': ['python3', '-m', 'sglang.bench_serving'],
  guidellm: ['guidellm', 'run'],
  aiperf: ['aiperf', 'profile'],
  'k8s-job': ['vllm', 'bench', 'serve'],
};

/** How the load of a step is said: in flight, or per second. */
const LOADS: Readonly<Record<EmitTarget, (argv: readonly string[]) => (string | undefined)[]>> = {
  'vllm-bench': inFlightOr('--max-concurrency'),
  'sglang-bench': inFlightOr('--max-concurrency'),
  guidellm: (argv) => [wordAfter(argv, '--profile')],
  aiperf: inFlightOr('--concurrency'),
  'k8s-job': inFlightOr('--max-concurrency'),
};

function inFlightOr(inFlight: string) {
  return (argv: readonly string[]) => (argv.includes(inFlight) ? [wordAfter(argv, inFlight)] : ['rate', wordAfter(argv, '--request-rate')]);
}

describe.each(EMIT_TARGETS)('what is emitted for %s, run', (target) => {
  it.each(['sh', 'bash'])('calls the load generator once for each step, in their order (%s)', (shell) => {
    const { calls, status } = run(target, { url: 'http://gpu:8000', model: 'm/x', keyEnv: null, fullLength: true }, { shell });
    expect(status).toBe(0);
    expect(calls.map(({ argv }) => argv.slice(0, HEADS[target].length))).toEqual(steps.map(() => HEADS[target]));
    const loads = target === 'guidellm' ? ['kind=concurrent,streams=1', 'kind=concurrent,streams=2'] : ['1', '2'];
    const found = calls.map(({ argv }) => LOADS[target](argv).join(' '));
    expect(new Set(found.slice(0, -1))).toEqual(new Set(loads));
    expect(found.at(-1)).toBe(target === 'guidellm' ? 'kind=poisson,rate=1.5' : 'rate 1.5');
    expect(calls.flatMap(({ argv }) => AT[target](argv))).toEqual(steps.flatMap(() => ['http://gpu:8000', 'm/x']));
  });

  it('hands on a name and an address as they are, and runs nothing of them', () => {
    const { calls, status, owned } = run(target, HOSTILE);
    expect([status, owned]).toEqual([0, false]);
    expect(calls.map(({ argv }) => AT[target](argv))).toEqual(steps.map(() => [HOSTILE.url, HOSTILE.model]));
  });

  it('hands on the key, whatever a shell would make of it', () => {
    const { calls, owned } = run(target, { ...HOSTILE, model: 'm/x' });
    expect(owned).toBe(false);
    expect(calls.map((call) => keySeen(target, call))).toEqual(steps.map(() => KEY));
  });

  it('reads the key from its file when it runs, or says that it has none', () => {
    const keyFile = join(folder, `k'e"y $(touch OWNED) of ${target}`);
    writeFileSync(keyFile, `${KEY}\n`, { mode: 0o600 });
    const of: EmitFor = { url: 'http://gpu:8000', model: 'm/x', keyEnv: null, keyFile, fullLength: true };
    if (target === 'k8s-job') {
      expect(emitted(target, steps, of)).toMatch(/^# no key in this script/m);
      return;
    }
    const { calls, owned, status } = run(target, of);
    expect([owned, status]).toEqual([false, 0]);
    expect(calls.map((call) => keySeen(target, call))).toEqual(steps.map(() => KEY));
    expect(emitted(target, steps, of)).not.toContain(KEY);
    expect(() => emitted(target, steps, { ...of, keyEnv: 'MYKEY' })).toThrow(expect.objectContaining({ code: 'contradiction' }));
  });

  it('ends at a step that fails', () => {
    const { calls, status } = run(target, { ...HOSTILE, model: 'm/x' }, { fails: true });
    expect([calls.length, status]).toEqual([1, 3]);
  });
});

it('shows the results of a Job in its log', () => {
  const { calls, output } = run('k8s-job', { url: 'http://gpu:8000', model: 'm/x', keyEnv: null, fullLength: true });
  const names = calls.map(({ argv }) => wordAfter(argv, '--result-filename') ?? '');
  expect(new Set(names).size).toBe(steps.length);
  for (const name of names) expect(output).toContain(name);
});
