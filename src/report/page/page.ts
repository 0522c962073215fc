import { createHash } from 'node:crypto';
import type { Dossier } from '../../plan/dossier/dossier.ts';
import { fleetKey, priceKey } from '../../plan/dossier/whatIf.ts';
import { type Figure, renamedSubject, wholeText } from '../../plan/figures/figure.ts';
import { fleetLineName, tariffName } from '../breakEvenTables.ts';
import type { VegaLiteSpec } from '../charts/chart.ts';
import { chartTable } from '../charts/chartData.ts';
import type { Table } from '../table.ts';
import { answerTables, derivedAnswers } from './answerTables.ts';
import { blocksHtml, openTable } from './blocksHtml.ts';
import { chartInPage } from './chartInPage.ts';
import { derivationsHtml, type Linked, linkedTerms } from './derivations.ts';
import { Html, html, scriptJson } from './html.ts';
import type { PageInputs } from './inputs.ts';
import { INPUTS_ID } from './inputsId.ts';
import { type KeyFigure, keyFigures } from './keyFigures.ts';
import { LOADER, type PackedScript, SCRIPT_ID } from './pageScript.ts';
import { type PageChart, type PageSection, pageSections } from './pageSections.ts';
import { pageStyle } from './pageStyle.ts';
import { provenanceBlocks, provenanceOf } from './provenance.ts';

/** What a page lets its reader change: the controls, and what is said before anything is. */
export interface PageWhatIf {
  readonly controls: Html;
  readonly figures: readonly Figure[];
  /** The script that brings the page to life. */
  readonly script: PackedScript;
}

const SAMPLED: ReadonlySet<string> = new Set(['tornado', 'cash-flow', 'hybrid', 'day']);

function policyHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Rows of the numbers behind a chart up to which all are shown. */
const MOST_ROWS = 48;

/** The numbers behind a chart, thinned out where a line has very many. */
function behind(spec: VegaLiteSpec): Table {
  const table = chartTable(spec);
  const step = Math.ceil(table.rows.length / MOST_ROWS);
  return { ...table, rows: table.rows.filter((_, at) => at % step === 0 || at === table.rows.length - 1) };
}

async function chartHtml(chart: PageChart): Promise<Html> {
  const stale = SAMPLED.has(chart.id)
    ? html`<p class="stale-note">Sampled for what was reported: recompute it for what you changed.</p>`
    : null;
  return html`<figure class="chart" id="chart-${chart.id}" data-chart="${chart.id}"${SAMPLED.has(chart.id) ? html` data-sampled` : null}>${stale}<div class="paper" tabindex="0" role="region" aria-label="Chart ${chart.id}">${new Html(await chartInPage(chart))}</div><details><summary>Numbers behind this chart</summary>${openTable(`Chart ${chart.id}`, behind(chart.spec), () => null)}</details></figure>`;
}

async function sectionHtml({ id, title, charts, blocks }: PageSection, linked: Linked): Promise<Html> {
  const figures: Html[] = [];
  for (const chart of charts) figures.push(await chartHtml(chart));
  return html`<section id="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${title}</h2>${figures}${blocksHtml(blocks, linked)}</section>`;
}

function cardsHtml(figures: readonly KeyFigure[], linked: Linked): Html {
  const cards = figures.map(({ label, of, value, band, number, unit }) => {
    const place = number === null ? null : linked(number, unit);
    const said = place === null ? html`${value}` : html`<a href="#${place}">${value}</a>`;
    return html`<li><span class="label">${label}</span><span class="value">${said}</span>${band === '' ? null : html`<span class="band">${band}</span>`}${of === '' ? null : html`<span class="of">${of}</span>`}</li>`;
  });
  return html`<section id="figures" aria-labelledby="h-figures"><h2 id="h-figures">In short</h2><ul class="cards">${cards}</ul></section>`;
}

/** The figures that follow a reader's changes. */
function liveHtml(figures: readonly Figure[], name: (subject: string) => string): Html {
  const rows = figures.map((one) => {
    const { code, subject, label } = one;
    const said = wholeText(one);
    return html`<tr data-figure="${code}|${subject}"><th scope="row">${label}</th><td>${name(subject)}</td><td class="n">${said}</td><td class="n now">${said}</td></tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Figures at what you chose"><table id="live"><caption>Figures without sampling, as reported and at what you chose</caption><thead><tr><th scope="col">figure</th><th scope="col">of</th><th scope="col" class="n">reported</th><th scope="col" class="n">now</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function whatIfHtml({ controls, figures }: PageWhatIf, name: (subject: string) => string): Html {
  return html`<section id="whatif" aria-labelledby="h-whatif" data-live hidden><h2 id="h-whatif">What if?</h2>${controls}${liveHtml(figures, name)}</section>`;
}

function scriptsHtml({ packed }: PackedScript): Html {
  return html`<script type="text/plain" id="${SCRIPT_ID}">${new Html(packed)}</script>
<script>${new Html(LOADER)}</script>`;
}

function navHtml(sections: readonly PageSection[], live: boolean): Html {
  const links = [
    { id: 'figures', title: 'In short' },
    ...(live ? [{ id: 'whatif', title: 'What if?' }] : []),
    ...sections,
    { id: 'tables', title: 'Tables' },
    { id: 'terms', title: 'Derivations' },
    { id: 'sources', title: 'Sources' },
  ];
  return html`<nav aria-label="Parts of the report"><ul>${links.map(({ id, title }) => html`<li${id === 'whatif' ? html` data-live hidden` : null}><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

/** The first sentence of an answer, and what follows it. */
function headline(answer: string): [first: string, rest: string] {
  const end = /[.!?](?= [A-Z])/.exec(answer);
  return end ? [answer.slice(0, end.index + 1), answer.slice(end.index + 2)] : [answer, ''];
}

/**
 * A dossier as one page that needs nothing beside it: the answer first, then figures, charts with the numbers behind them, all tables,
 * derivations and sources. Without scripts all of it stands; with them the reader changes the question.
 *
 * @param dossier the answers
 * @param inputs what they were computed from, to be carried
 * @param whatIf what the reader may change; null leaves the script out
 * @returns HTML that is the same, byte by byte, for the same answers
 */
export async function renderPage(dossier: Dossier, inputs: PageInputs, whatIf: PageWhatIf | null): Promise<string> {
  const { breakEven, name, audience, missing } = dossier;
  const style = pageStyle();
  const derived = derivedAnswers(dossier);
  const linked = linkedTerms(derived);
  const provenance = provenanceOf(dossier);
  const sections = pageSections(dossier);
  const cards = keyFigures(dossier);
  const parts: Html[] = [];
  for (const section of sections) parts.push(await sectionHtml(section, linked));
  const names = new Map([
    ...breakEven.offers.map((each) => [fleetKey(each), fleetLineName(each)] as const),
    ...breakEven.tariffs.map((each) => [priceKey(each), tariffName(each, breakEven.query['model'])] as const),
  ]);
  const subjectName = (subject: string) => renamedSubject(subject, (key) => names.get(key) ?? key);
  const policy = [
    "default-src 'none'",
    `style-src ${policyHash(style)}`,
    `script-src ${whatIf ? `${policyHash(LOADER)} 'sha256-${whatIf.script.hash}'` : "'none'"}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const [first, rest] = headline(breakEven.answer);
  const title = name ?? `${String(breakEven.query['model'] ?? 'model')}: host or API?`;
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="kplan ${inputs.version}">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<header><h1>${title}</h1><p class="answer">${first}</p>${rest === '' ? null : html`<p>${rest}</p>`}<p class="lead">Facts as of ${provenance.asOf}; bands hold 80 % of cases. Numbers that are underlined lead to how they are made.</p></header>
${navHtml(sections, whatIf !== null)}
<main>
${cards.length === 0 ? null : cardsHtml(cards, linked)}
${whatIf && whatIfHtml(whatIf, subjectName)}
${parts}
<section id="tables" aria-labelledby="h-tables"><h2 id="h-tables">All tables</h2>${answerTables(dossier).map(
    ({ command, blocks }) =>
      html`<details><summary>What <code>kplan ${command}</code> says</summary>${blocksHtml(blocks, linked)}</details>`,
  )}</section>
<section id="terms" aria-labelledby="h-terms"><h2 id="h-terms">How each number is made</h2><details><summary>${derived.reduce((sum, { terms }) => sum + terms.length, 0)} derivations</summary>${derivationsHtml(derived, provenance.sources)}</details></section>
<section id="sources" aria-labelledby="h-sources"><h2 id="h-sources">Sources, assumptions and their age</h2>${blocksHtml(provenanceBlocks(provenance, missing), linked)}</section>
</main>
<footer><p>Made by kplan ${inputs.version} for ${audience}. This file carries its inputs: <code>kplan report --verify FILE</code> computes its answers again and compares.</p></footer>
<script type="application/json" id="${INPUTS_ID}">${new Html(scriptJson(inputs))}</script>
${whatIf && scriptsHtml(whatIf.script)}
</body>
</html>
`;
  return `<!doctype html>\n<!-- written by kplan: ${dossier.schema} -->\n${page.text}`;
}
