import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { Fault } from '../../../src/faults/fault.ts';
import { dossier } from '../../../src/plan/dossier/dossier.ts';
import type { DossierQuery } from '../../../src/plan/dossier/dossierQuery.ts';
import { isMarked } from '../../../src/report/mark.ts';
import { derivedAnswers } from '../../../src/report/page/answerTables.ts';
import { linkedTerms } from '../../../src/report/page/derivations.ts';
import { escaped, html, scriptJson } from '../../../src/report/page/html.ts';
import { inputsOf } from '../../../src/report/page/inputs.ts';
import { verifiedPage } from '../../../src/report/page/reportPage.ts';
import { pageOf, TEAM } from '../../support/reportPages.ts';

const MOST_BYTES = 1_500_000;
const CFO: DossierQuery = { ...TEAM, audience: 'cfo' };
let page = '';
let brief = '';

beforeAll(async () => {
  page = await pageOf(TEAM);
  brief = await pageOf(CFO);
});

/** The policy of a page. */
function policy(text: string): string {
  return /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1]?.replaceAll('&#39;', "'") ?? '';
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

describe('a page', () => {
  it('is small, marked, and the same each time', async () => {
    expect(Buffer.byteLength(page)).toBeLessThan(MOST_BYTES);
    expect(isMarked(page)).toBe(true);
    expect(await pageOf(CFO)).toBe(brief);
  });

  it('allows its own style and scripts alone, and nothing from elsewhere', () => {
    const rules = policy(page);
    expect(rules).toMatch(/^default-src 'none'; /);
    expect(rules).not.toContain('unsafe');
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const [, loader = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
    expect(rules).toContain(`style-src ${hash(style)}`);
    expect(rules).toContain(`script-src ${hash(loader)}`);
    expect(page.match(/<script(?! type="(?:application\/json|text\/plain)")/g)).toHaveLength(1);
    expect(page).not.toMatch(/<[^>]+\s(?:on[a-z]+|style)=/i);
    expect(page).not.toMatch(/(?:src|href)="(?!#)/);
  });

  it('stands without scripts: charts, tables behind them, derivations and sources', () => {
    for (const id of ['break-even', 'unit-cost', 'cost', 'tornado', 'cash-flow', 'day', 'speed', 'memory', 'fit-map'])
      expect(page, id).toMatch(new RegExp(`data-chart="${id}"[\\s\\S]*?<svg[\\s\\S]*?</svg>[\\s\\S]*?Numbers behind this chart`));
    expect(page).toMatch(/<section id="whatif"[^>]*hidden>/);
    expect(page.match(/<tr id="b-/g)?.length).toBeGreaterThan(80);
    expect(page).toContain('Sources and their age on 2026-');
  });

  it('every link within it leads somewhere', () => {
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(200);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
    expect(ids.size).toBe([...page.matchAll(/ id="([^"]+)"/g)].length);
  });

  it('numbers lead to a derivation of the same value', () => {
    const answers = dossier(CFO, loadCatalog());
    const derived = derivedAnswers(answers);
    const linked = linkedTerms(derived);
    const terms = new Map(answers.breakEven.terms.map(({ id, value }) => [`b-${id}`, value]));
    const numbers = answers.breakEven.monthly.flatMap(({ selfHostUsd, apiUsd }) => [selfHostUsd, ...Object.values(apiUsd)]);
    expect(numbers.length).toBeGreaterThan(2);
    for (const { value } of numbers) expect(terms.get(linked(value, 'USD/month') ?? '')).toBeCloseTo(value, 1);
    expect(linked(numbers[0]?.value ?? 0, 'tokens')).toBeNull();
    expect(linked(32_768, 'context, tokens')).toBeNull();
    expect(linked(Number.NaN, 'USD')).toBeNull();
    expect(brief).toContain(`<a href="#${linked(numbers[0]?.value ?? 0, 'USD')}">`);
  });
});

describe('verifying a page', () => {
  it('finds the same answers and the same page', async () => {
    const inputs = inputsOf(brief, 'p.html');
    expect(await verifiedPage(brief, inputs, inputs.query, '0.1.0')).toMatchObject({ answers: true, page: true, madeBy: '0.1.0' });
    expect(await verifiedPage(brief, inputs, inputs.query, '0.2.0')).toMatchObject({ answers: true, page: null });
  });

  it('finds a number that was changed in the page, and one that was changed in its inputs', async () => {
    const inputs = inputsOf(brief, 'p.html');
    const [amount = ''] = /\$[\d,]{5,}/.exec(brief) ?? [];
    expect(await verifiedPage(brief.replace(amount, '$1,234'), inputs, inputs.query, '0.1.0')).toMatchObject({
      answers: true,
      page: false,
    });
    const dearer = { ...inputs, facts: { ...inputs.facts, offers: inputs.facts.offers.map((offer) => ({ ...offer, usdPerGpuHour: 9 })) } };
    expect(await verifiedPage(brief, dearer, inputs.query, '0.1.0')).toMatchObject({ answers: false });
  });

  it.each([
    ['no page', 'the file carries no inputs'],
    ['<script type="application/json" id="kplan-inputs">{</script>', 'no JSON'],
    ['<script type="application/json" id="kplan-inputs">{"schema":"kplan/fit@1"}</script>', 'not those of a report'],
    ['<script type="application/json" id="kplan-inputs">null</script>', 'not those of a report'],
  ])('refuses %s', (text, reason) => {
    expect(() => inputsOf(text, 'p.html')).toThrow(Fault);
    expect(() => inputsOf(text, 'p.html')).toThrow(reason);
  });
});

describe('text that nobody may trust', () => {
  const HOSTILE = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"' \u2028\u001b[31m javascript:alert(3) {{datum.x}}`;

  it('means only itself in a page, its inputs and its charts', async () => {
    const catalog = loadCatalog();
    const tariffs = catalog.tariffs.map((tariff) => (tariff.model === 'kimi-k2.7-code' ? { ...tariff, providerName: HOSTILE } : tariff));
    const gpus = catalog.gpus.map((gpu) => (gpu.id === 'h200-sxm' ? { ...gpu, name: `H200 ${HOSTILE}` } : gpu));
    const query: DossierQuery = { ...TEAM, audience: 'cfo', money: { ...TEAM.money, name: HOSTILE } };
    const hostile = await pageOf(query, { ...catalog, tariffs, gpus });
    expect(hostile).not.toMatch(/<img|<script>alert|onerror=alert\(2\)>(?!&quot;)/);
    expect(hostile.match(/<script/g)).toHaveLength(3);
    for (const sign of ['\u2028', '\u001b']) expect(hostile).not.toContain(sign);
    expect(inputsOf(hostile, 'p.html').query.money.name).toBe(HOSTILE);
  });

  it('is escaped where it stands', () => {
    expect(escaped(' <a href="x">\u001b')).toBe(' &lt;a href=&quot;x&quot;&gt; ');
    expect(html`<b title="${'"'}">${'<i>'}${html`<i>`}${[html`1`, html`2`]}${null}${3}</b>`.text).toBe(
      '<b title="&quot;">&lt;i&gt;<i>123</b>',
    );
    expect(JSON.parse(scriptJson({ a: '</script>\u2029&' }))).toEqual({ a: '</script>\u2029&' });
    expect(scriptJson('</script><!--')).not.toContain('<');
  });
});
