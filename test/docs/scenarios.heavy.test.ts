import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readScenario } from '../../src/scenario/scenario.ts';
import { scenarioSchema } from '../../src/scenario/scenarioSchema.ts';
import { cliRun } from '../support/cliRun.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../../examples/${name}.yaml`, import.meta.url));

const EXAMPLES: readonly [name: string, commands: readonly string[]][] = [
  ['team-40-developers', ['cost', 'breakeven', 'fit']],
  ['platform-200-developers', ['size', 'breakeven']],
  ['owned-cluster-overflow', ['hybrid']],
];

describe.each(EXAMPLES)('examples/%s.yaml', (name, commands) => {
  it('is of the schema, has a name and uncertain numbers', async () => {
    const path = pathOf(name);
    expect(scenarioSchema().safeParse(parse(readFileSync(path, 'utf8'))).success).toBe(true);
    const { name: title, uncertainty } = await readScenario(path);
    expect(title).toBeTruthy();
    expect(Object.keys(uncertainty.derived).length).toBeGreaterThan(0);
  });

  it.each(commands)('kplan %s answers it', async (command) => {
    const run = await cliRun([command, '-f', pathOf(name)]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it('is answered by the commands that it names, and by no others', () => {
    const named = [...readFileSync(pathOf(name), 'utf8').matchAll(/^# {3}kplan (\w+) -f examples\/([\w-]+)\.yaml$/gm)];
    expect(named.every(([, command, file]) => commands.includes(command ?? '') && file === name)).toBe(true);
    expect(named.length).toBeGreaterThan(0);
  });
});
