/**
 * `npm run gallery`: draws the gallery into reports/gallery with what is built. Each line is a command of kplan whose last word is the file;
 * a test draws each of them again and compares.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const GALLERY = 'reports/gallery';

export const COMMANDS = [
  `breakeven --gpu h200 --workload kimi-chat --chart ${GALLERY}/breakeven-h200-kimi-chat.svg`,
  `speed --gpu h200:8 --isl 8192 --osl 1024 --concurrency 1..256 --chart ${GALLERY}/speed-h200-8k-1k.svg`,
  `reuse --gpu h200 --workload agentic-coding --chart ${GALLERY}/reuse-h200-agentic-coding.svg`,
  `size --gpu h200 --dcp 8 --workload agentic-coding --users 40 --ttft-p95 5s --chart ${GALLERY}/size-h200-agentic-coding.svg`,
  `chart tornado -f examples/kimi-8xh200.yaml --out ${GALLERY}/tornado-8xh200.svg`,
  `report -f examples/kimi-8xh200.yaml --for cfo --plain --out ${GALLERY}/8xh200-against-the-api.html`,
  `report -f examples/kimi-16xa100.yaml --for ml --plain --out ${GALLERY}/16xa100.html`,
  `report -f examples/kimi-mi355x.yaml --for sre --plain --out ${GALLERY}/mi355x.html`,
  `report -f examples/owned-cluster-overflow.yaml --for cfo --plain --out ${GALLERY}/owned-servers-with-overflow.html`,
];

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const command of COMMANDS)
    execFileSync('node', ['dist/bin/kplan.js', ...command.split(' '), '--force'], { stdio: ['ignore', 'ignore', 'inherit'] });
