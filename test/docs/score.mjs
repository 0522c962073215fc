/** `npm run docs:score`: writes the score of the shipped start-up logs between its marks in the README. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const command = ['score', 'memory', 'data/measurements/startup-logs.csv', '--markdown'];
const printed = execFileSync(process.execPath, [bin.kplan, ...command], { cwd: fileURLToPath(root), encoding: 'utf8' });

/** Answer, table and counts; what follows them explains single rows. */
const [score] = printed.match(/^\*\*[\s\S]*?\n### [\s\S]*?(?=\n\n### )/m) ?? [];
if (score === undefined) throw new Error('kplan score memory prints no answer with a table');

const readme = new URL('README.md', root);
const text = readFileSync(readme, 'utf8');
const marked = /(<!-- score:begin\b.*-->\n)[\s\S]*?(<!-- score:end -->)/;
if (!marked.test(text)) throw new Error('the README has no marks score:begin and score:end');
writeFileSync(
  readme,
  text.replace(marked, (_, begin, end) => `${begin}${score}\n${end}`),
);
