import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { EMIT_TARGETS, type EmitFor, type EmitTarget, emitted } from '../../src/calibration/emit/emit.ts';
import * as keyLines from '../../src/calibration/emit/keyLines.ts';
import * as loopback from '../../src/calibration/emit/loopback.ts';
import { quoted } from '../../src/calibration/emit/quoted.ts';
import { AGENTIC_SHAPE, conversationTurn } from '../../src/calibration/ladder/conversation.ts';
import { ladderOf } from '../../src/calibration/ladder/ladder.ts';
import type { LadderShape } from '../../src/calibration/ladder/step.ts';
import { NOTHING_SAID } from '../../src/calibration/probe/endpointFacts.ts';
import { checkExample, docExamples } from '../support/docExamples.ts';

const FRESH: LadderShape = { name: '1024x256', inputTokens: 1024, outputTokens: 256, sharedInput: 0 };
const REUSED: LadderShape = { ...FRESH, name: '1024x256@0.75', sharedInput: 0.75 };
const AGENTIC: LadderShape = { ...FRESH, ...conversationTurn(AGENTIC_SHAPE, 7), name: 'agentic', conversation: AGENTIC_SHAPE };
/** Places 0 fresh, 1 reused, 2 agentic, 3 fresh, 4 open. */
const { steps } = ladderOf({ maxConcurrency: 2, shapes: [FRESH, REUSED, AGENTIC] }, NOTHING_SAID);

const TO = { url: 'http://gpu:8000', model: 'm/x', keyEnv: null, fullLength: true };

function linesOf(target: EmitTarget, of: Partial<EmitFor> = {}): string[] {
  return emitted(target, steps, { ...TO, ...of }).split('\n');
}

/** The script that a Job runs. */
function jobScript(lines: readonly string[]): string[] {
  const text = lines.at(-2)?.replace(/^ +- /, '') ?? '';
  return (JSON.parse(text) as string).split('\n');
}

const SCRIPTS = EMIT_TARGETS.filter((target) => target !== 'k8s-job');
const commandsOf = (lines: readonly string[]) => lines.filter((line) => /^(vllm|python3|guidellm|aiperf) /.test(line));
const leftOutOf = (lines: readonly string[]) => lines.filter((line) => line.startsWith('# left out: '));

it.each(docExamples('calibration/emit'))('$file: $expression', (example) => {
  checkExample(example, { emitted, quoted, ...keyLines, ...loopback, steps });
});

describe('a ladder for a load generator', () => {
  it.each([
    ['vllm-bench', '--seed', ['1', '2', '4']],
    ['sglang-bench', '--seed', ['1', '2', '4']],
    ['guidellm', '--seed kind=static,value=', ['1', '2', '4']],
    ['aiperf', '--random-seed', ['1', '2', '4']],
  ] as const)('draws new prompts for each step of %s', (target, option, seeds) => {
    const found = commandsOf(linesOf(target)).map((line) => new RegExp(` ${option} ?(\\d+)`).exec(line)?.[1]);
    expect(found).toEqual(seeds);
  });

  it('shares the beginning of prompts in sglang', () => {
    const [fresh = '', reused = ''] = commandsOf(linesOf('sglang-bench'));
    expect(fresh).toContain('--dataset-name random --random-input-len 1024 --random-output-len 256 --random-range-ratio 1 ');
    const prompts = steps[1]?.requests;
    expect(reused).toContain(
      `--dataset-name generated-shared-prefix --gsp-num-groups 1 --gsp-prompts-per-group ${prompts} --gsp-system-prompt-len 768 --gsp-question-len 256 --gsp-output-len 256 --num-prompts ${prompts} `,
    );
    expect(reused).not.toContain('--random-');
  });

  it.each(EMIT_TARGETS)('says which steps %s leaves out', (target) => {
    const lines = linesOf(target);
    const said = leftOutOf(lines).join('\n');
    expect(said).toMatch(/step 3, agentic with 1 in flight: conversations/);
    expect(said).toMatch(/step 5, 1024x256 at 0\.7 of the rate found: its rate depends/);
    const commands = commandsOf(target === 'k8s-job' ? jobScript(lines) : lines);
    expect(commands.length + leftOutOf(lines).length).toBe(steps.length);
  });

  it('keeps a comment to its line', () => {
    const [step] = ladderOf({ shapes: [{ ...AGENTIC, name: 'a\ntouch /tmp/x' }], openShare: 0, maxConcurrency: 1 }, NOTHING_SAID).steps;
    const text = emitted('vllm-bench', step ? [step] : [], TO);
    expect(text).not.toMatch(/^touch/m);
    expect(text).toContain('# left out: step 1, a_touch_tmp_x ');
  });

  it('tells GuideLLM of a shared beginning', () => {
    const [, reused = ''] = commandsOf(linesOf('guidellm'));
    expect(reused).toContain('"prompt_tokens":256,"output_tokens":256,"prefix_tokens":768,"prefix_count":1');
  });

  it('has AIPerf draw as many prompts as it sends', () => {
    const lines = commandsOf(linesOf('aiperf'));
    expect(lines).toHaveLength(3);
    for (const [at, place] of [0, 1, 3].entries())
      expect(lines[at]).toContain(` --request-count ${steps[place]?.requests} --num-dataset-entries ${steps[place]?.requests} `);
  });

  it.each(EMIT_TARGETS)('asks for no answers of full length in %s where no own engine is known to answer', (target) => {
    const asks = (fullLength: boolean) => linesOf(target, { fullLength }).join('\n');
    const argument = /--ignore-eos|ignore_eos:true/;
    expect(argument.test(asks(true))).toBe(!['sglang-bench', 'guidellm'].includes(target));
    expect(asks(false)).not.toMatch(argument);
    expect(asks(false).includes('--disable-ignore-eos')).toBe(target === 'sglang-bench');
    expect(asks(false)).toMatch(target === 'guidellm' ? /^# GuideLLM sends ignore_eos/m : /^# no ignore_eos, as nothing says/m);
  });

  it.each(SCRIPTS)('is a script that shells take: %s', (target) => {
    const text = emitted(target, steps, { ...TO, keyEnv: 'MYKEY' });
    expect(text.startsWith('#!/bin/sh\n')).toBe(true);
    for (const shell of ['sh', 'bash']) execFileSync(shell, ['-n'], { input: text });
  });
});

describe('the key', () => {
  it.each(['vllm-bench', 'sglang-bench'] as const)('is handed to %s by the name of its variable, before the steps', (target) => {
    const lines = linesOf(target, { keyEnv: 'MYKEY' });
    const at = lines.indexOf('export OPENAI_API_KEY="$MYKEY"');
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(lines.indexOf(commandsOf(lines)[0] ?? ''));
    expect(linesOf(target).join()).not.toContain('export');
  });

  it('comes to a Job from its secret, where the variable is not set', () => {
    const lines = linesOf('k8s-job', { keyEnv: 'MYKEY' });
    expect(lines.join()).toContain('key: "MYKEY"');
    expect(jobScript(lines).join()).not.toContain('MYKEY');
  });

  it.each(EMIT_TARGETS)('is refused for %s where its variable cannot be called so, and not repeated', (target) => {
    for (const keyEnv of ['X"; touch /tmp/x; "', 'sk-secret', '1A', '', 'A\nB']) {
      const run = () => emitted(target, steps, { ...TO, keyEnv });
      expect(run).toThrow(expect.objectContaining({ code: 'invalid', details: expect.objectContaining({ where: '--key-env' }) }));
      expect(run).not.toThrow(/sk-secret|touch/);
    }
  });
});

describe('a Job', () => {
  const OWN = /^# the address is the pod's own/;

  it.each(['http://localhost:8000', 'http://127.0.0.1:8000', 'http://127.1.2.3', 'http://[::1]:8000'])('says that %s is its own', (url) => {
    expect(linesOf('k8s-job', { url })[0]).toMatch(OWN);
  });

  it('says nothing of other addresses, nor do scripts', () => {
    for (const url of ['http://gpu:8000', 'http://127.example.com', 'http://10.0.0.1'])
      expect(linesOf('k8s-job', { url }).join('\n')).not.toContain('own loopback');
    expect(linesOf('vllm-bench', { url: 'http://localhost:8000' }).join('\n')).not.toContain('own loopback');
  });
});
