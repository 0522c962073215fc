import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { focused, type WhatIfState, whatIf } from '../../src/plan/dossier/whatIf.ts';
import { wholeText } from '../../src/plan/figures/figure.ts';
import { inputsOf, type PageInputs } from '../../src/report/page/inputs.ts';
import { chromiumPath } from '../support/chromium.ts';
import { pageOf, TEAM } from '../support/reportPages.ts';

const path = chromiumPath();
const folder = mkdtempSync(join(tmpdir(), 'kplan-page-'));
const file = join(folder, 'report.html');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const WIDTHS = [1280, 390];

let browser: Browser;
let inputs: PageInputs;

/** What went wrong in a page, and what it asked of anybody. */
interface Watched {
  readonly page: Page;
  readonly errors: string[];
  readonly requests: string[];
}

async function open(
  width: number,
  more: { hash?: string; colorScheme?: 'light' | 'dark'; javaScriptEnabled?: boolean } = {},
): Promise<Watched> {
  const { hash = '', ...options } = more;
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...options });
  const page = await context.newPage();
  const [errors, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${pathToFileURL(file).href}${hash}`);
  if (options.javaScriptEnabled !== false) await page.waitForSelector('#whatif:not([hidden])');
  return { page, errors, requests: requests.filter((url) => url.replace(/#.*/, '') !== pathToFileURL(file).href) };
}

async function close({ page, errors, requests }: Watched): Promise<void> {
  await page.context().close();
  expect(errors).toEqual([]);
  expect(requests).toEqual([]);
}

/** The figures that the library gives for a state. */
function expected(state: WhatIfState): [string, string][] {
  const { figures } = whatIf(focused(inputs.query, inputs.gpu), inputs.facts, state, inputs.layouts);
  return figures.map((one) => [`${one.code}|${one.subject}`, wholeText(one)]);
}

async function shown(page: Page): Promise<[string, string][]> {
  return page.$$eval('#live tr[data-figure]', (rows) =>
    rows.map((row): [string, string] => [row.getAttribute('data-figure') ?? '', row.querySelector('.now')?.textContent ?? '']),
  );
}

/** Moves a control as a reader does. */
async function set(page: Page, name: string, value: string): Promise<void> {
  await page.$eval(
    `[data-control="${name}"]`,
    (control, to) => {
      (control as HTMLInputElement).value = to;
      control.dispatchEvent(new Event('input', { bubbles: true }));
    },
    value,
  );
}

async function picture(page: Page, chart: string): Promise<string> {
  return page.$eval(`#chart-${chart} .paper`, (paper) => paper.innerHTML);
}

describe.skipIf(path === null)('a report in a browser', () => {
  beforeAll(async () => {
    const page = await pageOf(TEAM);
    inputs = inputsOf(page, file);
    writeFileSync(file, page);
    browser = await chromium.launch({ executablePath: path ?? '', args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(WIDTHS)('answers each control as the library does, %i wide', async (width) => {
    const watched = await open(width);
    const { page } = watched;
    const states: [string, string, WhatIfState][] = [
      ['price', '2', { price: 2 }],
      ['rent', '2.5', { rent: 2.5 }],
      ['load', '0.5', { load: 0.5 }],
      ['reuse', '0.9', { reuse: 0.9 }],
      ['users', '120', { users: 120 }],
      ['context', '262144', { context: 262_144 }],
      ['layout', inputs.layouts[0]?.name ?? '', { layout: inputs.layouts[0]?.name ?? '' }],
    ];
    for (const [name, value, state] of states) {
      await page.click('#controls button[type=reset]');
      await page.waitForFunction(() => document.querySelectorAll('#live .changed').length === 0);
      await set(page, name, value);
      const known = new Map(expected(state));
      const now = await shown(page);
      for (const [figure, text] of now) expect(text, `${name} ${value}: ${figure}`).toBe(known.get(figure));
      expect(now.length).toBe(known.size);
    }
    await close(watched);
  });

  it('draws charts anew, marks what is sampled until it is computed again, and forgets all at a reset', async () => {
    const watched = await open(1280);
    const { page } = watched;
    const [before, sampled] = [await picture(page, 'break-even'), await picture(page, 'tornado')];
    await set(page, 'rent', '1.5');
    await page.waitForFunction((first) => document.querySelector('#chart-break-even .paper')?.innerHTML !== first, before);
    expect(await page.$eval('#chart-tornado', (figure) => figure.classList.contains('stale'))).toBe(true);
    expect(await picture(page, 'tornado')).toBe(sampled);
    expect(await page.isVisible('#chart-tornado .stale-note')).toBe(true);
    await page.click('#recompute');
    await page.waitForFunction((first) => document.querySelector('#chart-tornado .paper')?.innerHTML !== first, sampled, {
      timeout: 30_000,
    });
    await page.waitForFunction(() => document.querySelectorAll('figure.stale').length === 0, undefined, { timeout: 30_000 });
    await page.click('#controls button[type=reset]');
    await page.waitForFunction((first) => document.querySelector('#chart-break-even .paper')?.innerHTML === first, before);
    expect(await picture(page, 'tornado')).toBe(sampled);
    expect(new URL(page.url()).hash).toBe('');
    await close(watched);
  });

  it('keeps the state in its address', async () => {
    const first = await open(1280);
    await set(first.page, 'users', '120');
    await set(first.page, 'reuse', '0.9');
    const { hash } = new URL(first.page.url());
    expect(hash).toBe('#reuse=0.9&users=120');
    await close(first);
    const again = await open(1280, { hash });
    expect(await again.page.inputValue('#if-users')).toBe('120');
    expect(await again.page.inputValue('[data-control="reuse"]')).toBe('0.9');
    expect(new Map(await shown(again.page))).toEqual(new Map(expected({ users: 120, reuse: 0.9 })));
    await close(again);
  });

  it('takes the keyboard: a field and its slider follow each other', async () => {
    const watched = await open(1280);
    const { page } = watched;
    await page.fill('#if-rent', '3.25');
    expect(await page.inputValue('[data-slider="rent"]')).toBe('3.25');
    await page.focus('[data-slider="rent"]');
    await page.keyboard.press('ArrowRight');
    const rent = Number(await page.inputValue('#if-rent'));
    expect(rent).toBeGreaterThan(3.25);
    expect(new Map(await shown(page))).toEqual(new Map(expected({ rent })));
    await close(watched);
  });

  it('says what is not allowed, and keeps the figures of before', async () => {
    const watched = await open(1280);
    const { page } = watched;
    for (const value of ['1e9', '-1', '']) {
      await page.fill('#if-rent', value);
      expect(await page.textContent('#whatif-status')).toMatch(/^Rent, USD per GPU-hour: 0\.1 to [\d.]+ are allowed/);
      expect(await page.locator('#live .changed').count()).toBe(0);
    }
    await close(watched);
  });

  it('a link within the page keeps the choice in the address', async () => {
    const watched = await open(1280, { hash: '#rent=2' });
    const { page } = watched;
    await page.click('nav a[href="#sources"]');
    expect(new URL(page.url()).hash).toBe('#rent=2');
    expect(await page.$eval('#sources', (part) => part.getBoundingClientRect().top)).toBeLessThan(200);
    await close(watched);
  });

  it('shows what was reported after a change that was taken back at once', async () => {
    const watched = await open(1280);
    const { page } = watched;
    const before = await shown(page);
    const drawn = await picture(page, 'break-even');
    for (const value of ['2', '3', await page.$eval('#if-rent', (field) => (field as HTMLInputElement).defaultValue)])
      await page.fill('#if-rent', value);
    await page.waitForTimeout(1500);
    expect(await shown(page)).toEqual(before);
    expect(await picture(page, 'break-even')).toBe(drawn);
    await close(watched);
  });

  it('stands without scripts', async () => {
    const watched = await open(390, { javaScriptEnabled: false });
    const { page } = watched;
    expect(await page.isVisible('#whatif')).toBe(false);
    expect(await page.locator('figure.chart svg').count()).toBeGreaterThan(7);
    expect(await page.isVisible('.answer')).toBe(true);
    await close(watched);
  });

  it.each(WIDTHS)('does not scroll sideways as a whole, %i wide', async (width) => {
    const watched = await open(width);
    await watched.page.waitForTimeout(500);
    expect(await watched.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await close(watched);
  });

  it.each(['light', 'dark'] as const)('has no serious flaw that axe finds, %s', async (colorScheme) => {
    const watched = await open(1280, { colorScheme });
    const { page } = watched;
    await page.$$eval('details', (all) => {
      for (const one of all) (one as HTMLDetailsElement).open = true;
    });
    await page.evaluate(`${await readFile(AXE, 'utf8')};0`);
    const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
      violations: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[];
    };
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const found = serious.map(({ id, nodes }) => `${id}: ${nodes.length}× ${nodes[0]?.html.slice(0, 160)}`);
    expect(found).toEqual([]);
    await close(watched);
  });
});
