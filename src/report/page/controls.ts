import type { Dossier } from '../../plan/dossier/dossier.ts';
import type { DossierQuery } from '../../plan/dossier/dossierQuery.ts';
import type { LayoutChoice, WhatIfState } from '../../plan/dossier/whatIf.ts';
import { formatContext } from '../../units/tokens.ts';
import { type Html, html } from './html.ts';

/** A number that a reader may change: a slider and a field of the same value. */
interface NumberControl {
  readonly name: keyof WhatIfState;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
}

/** Times the reported value up to which a slider reaches. */
const REACH = 4;
const CONTEXTS = [32, 64, 128, 256].map((k) => k * 1024);

/** Three digits, so that a slider can stand at what was reported. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** What a reader may change, at what the report says. */
function numbersOf(query: DossierQuery, { breakEven }: Dossier, maxLoad: number): NumberControl[] {
  const [best] = breakEven.offers;
  const rent = best?.usdPerGpuHour?.value;
  const volume = breakEven.monthly[0]?.tokensPerMonth;
  const { users } = query.money;
  return [
    { name: 'price', label: 'API prices, times those of the report', min: 0.1, max: 3, step: 0.05, value: 1 },
    ...(rent === undefined
      ? []
      : [
          {
            name: 'rent',
            label: 'Rent, USD per GPU-hour',
            min: 0.1,
            max: rounded(rent * REACH),
            step: 0.01,
            value: rounded(rent),
          } as const,
        ]),
    { name: 'load', label: 'Planned use of the capacity, share', min: 0.05, max: 1, step: 0.01, value: rounded(maxLoad) },
    ...(best
      ? [
          {
            name: 'reuse',
            label: 'Prefix reuse, share of the input',
            min: 0,
            max: 0.99,
            step: 0.01,
            value: rounded(best.reuse.value),
          } as const,
        ]
      : []),
    ...(users === undefined
      ? []
      : [
          {
            name: 'users',
            label: 'Users',
            min: 1,
            max: Math.max(10, Math.round(users * REACH)),
            step: 1,
            value: Math.round(users),
          } as const,
        ]),
    ...(users !== undefined || volume === undefined
      ? []
      : [{ name: 'tokens', label: 'Tokens a month', min: 1, max: rounded(volume * REACH), step: 1, value: Math.round(volume) } as const]),
  ];
}

function numberHtml({ name, label, min, max, step, value }: NumberControl): Html {
  const bounds = html`min="${min}" max="${max}" step="${step}" value="${value}"`;
  return html`<div class="control"><label for="if-${name}">${label}</label><input type="range" id="if-${name}" data-control="${name}" ${bounds}><input type="number" data-field="${name}" aria-label="${label}, as a number" ${bounds}></div>`;
}

function choiceHtml(name: keyof WhatIfState, label: string, options: readonly { readonly value: string; readonly text: string }[]): Html {
  const items = options.map(({ value, text }) => html`<option value="${value}">${text}</option>`);
  return html`<div class="control"><label for="if-${name}">${label}</label><select id="if-${name}" data-control="${name}"><option value="">as reported</option>${items}</select></div>`;
}

/** The controls of a page, which its script brings to life; without scripts they stay hidden. */
export function controlsHtml(
  query: DossierQuery,
  dossier: Dossier,
  choices: readonly LayoutChoice[],
  maxLoad: number,
  longest: number,
): Html {
  const contexts = [...new Set([...CONTEXTS.filter((tokens) => tokens < longest), longest])];
  return html`<form id="controls" aria-label="What if">
${numbersOf(query, dossier, maxLoad).map(numberHtml)}
${choiceHtml(
  'context',
  'Context that must fit',
  contexts.map((tokens) => ({ value: String(tokens), text: formatContext(tokens) })),
)}
${choiceHtml(
  'layout',
  'Layout',
  choices.map(({ name }) => ({ value: name, text: name })),
)}
<div class="control buttons"><button type="reset">Reset</button><button type="button" id="recompute" disabled>Recompute what is sampled</button></div>
<p id="whatif-status" role="status"></p>
</form>`;
}
