import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';

const root = new URL('../../', import.meta.url);
const FILE = 'data/measurements/startup-logs.csv';
const readme = readFileSync(new URL('README.md', root), 'utf8');

it('the README holds the score that `npm run docs:score` writes', async () => {
  const out: string[] = [];
  const io = { write: (text: string) => out.push(text), warn: () => undefined, width: 120, color: false };
  expect(await runCli(['score', 'memory', fileURLToPath(new URL(FILE, root)), '--markdown'], io)).toBe(0);
  const [, block] = /<!-- score:begin\b.*-->\n([\s\S]*)\n<!-- score:end -->/.exec(readme) ?? [];
  const printed = out.join('').replaceAll(fileURLToPath(root), '');
  const [answer = ''] = /^\*\*.*$/m.exec(printed) ?? [];
  const [counts = ''] = /^Tokens from printed GiB: .*$/m.exec(printed) ?? [];
  expect(block).toBe(printed.slice(printed.indexOf(answer), printed.indexOf(counts) + counts.length));
});

it('the README holds the table of the page that `npm run docs:accuracy` writes', () => {
  const page = readFileSync(new URL('reports/accuracy.md', root), 'utf8');
  const [, block = ''] = /<!-- speed:begin\b.*-->\n([\s\S]*)\n<!-- speed:end -->/.exec(readme) ?? [];
  expect(block.split('\n').length).toBeGreaterThan(7);
  expect(page).toContain(block);
});

it('the README gives the errors of the overhead that the fit gives', () => {
  const rows = readFileSync(new URL('data/measurements/overhead.csv', root), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const [head = []] = rows;
  const ends = (vendor: string, column: string) => {
    const figures = rows.filter((row) => row[1] === vendor).map((row) => Number(row[head.indexOf(column)]));
    const [low, high] = [Math.min(...figures).toFixed(2), Math.max(...figures).toFixed(2)];
    return low === high ? low : `${low} to ${high}`;
  };
  for (const [vendor, name] of [
    ['nvidia', 'NVIDIA'],
    ['amd', 'AMD'],
  ] as const) {
    expect(readme).toContain(`${name}: median ${ends(vendor, 'cv_median_gib')} GiB, 90 % within ${ends(vendor, 'cv_p90_gib')} GiB`);
  }
});
