import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

/** Real logs of public repositories; they are not part of the repository. */
const LOGS = fileURLToPath(new URL('../shared/logs/', root));

/** The log that a command reads, where it reads one. */
function logOf(command: string): string | undefined {
  return /\s(\S+\.log)\b/.exec(command)?.[1];
}

/** Files that a command writes go to a folder of their own. */
function elsewhere(command: string, folder: string): string {
  return command.replace(/--(out|focus) (\S+)/g, (_, option: string, file: string) => `--${option} ${join(folder, file)}`);
}

/** Runs a command line as at a prompt of 120 columns; whichever stream it wrote to counts. */
async function shown(command: string): Promise<string> {
  const out: string[] = [];
  const err: string[] = [];
  await runCli(command.split(' '), { write: (text) => out.push(text), warn: (text) => err.push(text), width: 120, color: false });
  return (out.join('') || err.join('')).replace(/[ \t]+$/gm, '');
}

const pages = ['costs', 'size', 'plan'].map((page) => readFileSync(new URL(`reports/${page}.md`, root), 'utf8')).join('\n');

describe('the README and the pages on costs, size and plans show what the commands print', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kplan-readme-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  for (const [, command = '', output = ''] of `${readme}\n${pages}`.matchAll(/```console\n\$ npx kplan (.*)\n([\s\S]*?)\n```/g)) {
    const log = logOf(command);
    it.skipIf(log && !existsSync(LOGS + log))(`$ kplan ${command}`, async () => {
      const text = await shown(elsewhere(log ? command.replace(log, LOGS + log) : command, folder));
      let from = 0;
      for (const part of output.split(/^…$/m).map((piece) => piece.replace(/^\n|\n$/g, ''))) {
        const at = text.indexOf(part, from);
        expect(at, `not in the output, or out of order:\n${part}`).toBeGreaterThanOrEqual(0);
        from = at + part.length;
      }
    });
  }

  it('quotes the examples word for word', () => {
    const blocks = [...readme.matchAll(/```js\n([\s\S]*?)\n```/g)].map(([, code]) => code);
    expect(blocks).toEqual(
      ['examples/fit.mjs', 'examples/break-even.mjs'].map((file) => readFileSync(new URL(file, root), 'utf8').trimEnd()),
    );
  });

  it('links to files and headings that exist', () => {
    const targets = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !/^https?:/.test(target) && !existsSync(new URL(target, root)))).toEqual([]);
  });
});
