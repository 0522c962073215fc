import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DeployAnswer } from '../../src/report/schema/deploy.ts';
import { cliRun } from '../support/cliRun.ts';
import { launchLine, lineDifferences } from '../support/launchLine.ts';
import { LINES, NOT_EXPRESSED, WHY } from './publishedLines.ts';

/** The line of the first node, with the variables before it and what gathers nodes left out. */
function printedLine({ environment, commands }: DeployAnswer): string {
  const variables = environment.map(({ name, value }) => `${name}=${value}`);
  const text = commands[0]?.text.replace(/^ray start.*\n/, '') ?? '';
  return [...variables, text].join(' ');
}

/** `+ --host 0.0.0.0` as `+ --host`. */
function kindOf(difference: string): string {
  return difference.replace(/^([+-] [^\s=]+).*$/s, '$1');
}

describe('published launch lines', () => {
  it.each(LINES)('$name', async ({ engine, line, ask, differences, refused }) => {
    const words = ['deploy', ...ask.split(' '), '--json'];
    if (refused !== undefined) {
      const { code, stdout } = await cliRun(words);
      expect(code).toBe(3);
      const answer = JSON.parse(stdout) as DeployAnswer;
      expect(answer.constraints.map((one) => one.code)).toContain(refused);
      expect(answer.commands).toEqual([]);
    }
    const { code, stdout } = await cliRun(refused === undefined ? words : [...words, '--force']);
    expect(code).toBe(0);
    const printed = printedLine(JSON.parse(stdout) as DeployAnswer);
    expect(lineDifferences(launchLine(line, engine), launchLine(printed, engine))).toEqual([...differences].sort());
  });

  it('differ only where it is said why, and no reason is left over', () => {
    const kinds = new Set(LINES.flatMap(({ differences }) => differences.map(kindOf)));
    expect([...kinds].filter((kind) => WHY[kind] === undefined)).toEqual([]);
    expect(Object.keys(WHY).filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  it('that are not printed stand in the README with why', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    for (const { name, why } of NOT_EXPRESSED) expect(readme).toContain(`| ${name} | ${why} |`);
  });

  it.each(NOT_EXPRESSED.filter(({ ask }) => ask !== null))('$name is refused', async ({ ask }) => {
    const { code, stderr } = await cliRun(['deploy', ...(ask ?? '').split(' ')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is not modelled/);
  });
});
