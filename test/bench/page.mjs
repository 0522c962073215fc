/** The page of a report: CPU from scenario to HTML, its size, and how soon it answers a reader in Chromium. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const RUNS = 3;
const CPU_AIM = 3;
const SIZE_AIM = 1.5;
const FIGURES_AIM = 50;
const CHARTS_AIM = 300;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const verdict = (value, aim) => (value <= aim ? 'met' : 'missed');

function cpuSeconds(words) {
  const preload = fileURLToPath(new URL('./reportCpu.cjs', import.meta.url));
  const command = ['--require', preload, join(root, 'dist/bin/kplan.js'), ...words];
  const { output, stderr, status } = spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return Number(output[3]) / 1e6;
}

async function inBrowser(file) {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'chromium'))
    .find((each) => existsSync(each));
  if (!path) return null;
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('#whatif:not([hidden])');
  const times = await page.evaluate(async () => {
    const slider = document.querySelector('[data-control="rent"]');
    const chart = document.querySelector('#chart-break-even .paper');
    const found = [];
    for (let turn = 0; turn < 9; turn++) {
      const before = chart.innerHTML;
      const start = performance.now();
      slider.value = String(1 + turn / 4);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      const figures = performance.now() - start;
      while (chart.innerHTML === before) await new Promise((next) => setTimeout(next, 5));
      found.push({ figures, charts: performance.now() - start });
      await new Promise((next) => setTimeout(next, 1500));
    }
    return found.slice(2);
  });
  await browser.close();
  return { figures: median(times.map(({ figures }) => figures)), charts: median(times.map(({ charts }) => charts)) };
}

/** Measures pages of an example scenario. */
export async function page() {
  const folder = mkdtempSync(join(tmpdir(), 'kplan-bench-page-'));
  for (const [audience, scenario] of [
    ['cfo', 'kimi-8xh200'],
    ['all', 'kimi-8xh200'],
    ['sre', 'kimi-mi355x'],
  ]) {
    const file = join(folder, `${audience}.html`);
    const words = ['report', '-f', `examples/${scenario}.yaml`, '--for', audience, '--out', file];
    const cpu = median(Array.from({ length: RUNS }, () => cpuSeconds(words)));
    const megabytes = statSync(file).size / 1e6;
    console.log(
      `page for ${audience}, ${scenario}: CPU ${cpu.toFixed(2)} s  aim ${CPU_AIM}: ${verdict(cpu, CPU_AIM)}   ${megabytes.toFixed(2)} MB  aim ${SIZE_AIM}: ${verdict(megabytes, SIZE_AIM)}`,
    );
  }
  const times = await inBrowser(join(folder, 'all.html'));
  if (times)
    console.log(
      `what-if in the page: figures ${times.figures.toFixed(0)} ms  aim ${FIGURES_AIM}: ${verdict(times.figures, FIGURES_AIM)}   first chart ${times.charts.toFixed(0)} ms  aim ${CHARTS_AIM}: ${verdict(times.charts, CHARTS_AIM)}`,
    );
  rmSync(folder, { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await page();
