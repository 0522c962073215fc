import { layoutName } from '../../layout/layout.ts';
import type { Dossier } from '../../plan/dossier/dossier.ts';
import type { DossierQuery } from '../../plan/dossier/dossierQuery.ts';
import type { LayoutChoice, WhatIfState } from '../../plan/dossier/whatIf.ts';
import { formatContext } from '../../units/tokens.ts';
import { type Html, html } from './html.ts';

/** A number that a reader may change: a field, and a slider beside it. */
interface NumberControl {
  readonly name: keyof WhatIfState;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** In the field; amounts that are no counts have any number of digits. */
  readonly value: number;
  readonly whole?: true;
  /** What 1 in the field stands for. */
  readonly scale?: number;
}

/** Times the reported value up to which a slider reaches. */
const REACH = 4;
const BILLION = 1e9;
const CONTEXTS = [32, 64, 128, 256].map((k) => k * 1024);

function digits(value: number, count: number): number {
  return Number(value.toPrecision(count));
}

/** What a reader may change, at what the report says. */
function numbersOf({ money: { users } }: DossierQuery, { breakEven }: Dossier, maxLoad: number): NumberControl[] {
  const [best] = breakEven.offers;
  const rent = best?.usdPerGpuHour?.value;
  const volume = breakEven.monthly[0]?.tokensPerMonth;
  const most = (value: number) => digits(value * REACH, 2);
  return [
    { name: 'price', label: 'API prices, times those of the report', min: 0.1, max: 3, value: 1 },
    ...(rent === undefined
      ? []
      : [{ name: 'rent', label: 'Rent, USD per GPU-hour', min: 0.1, max: most(rent), value: digits(rent, 6) } as const]),
    { name: 'load', label: 'Planned use of the capacity, share', min: 0.05, max: 1, value: digits(maxLoad, 4) },
    ...(best
      ? [{ name: 'reuse', label: 'Prefix reuse, share of the input', min: 0, max: 0.99, value: digits(best.reuse.value, 4) } as const]
      : []),
    ...(users === undefined
      ? []
      : [{ name: 'users', label: 'Users', min: 1, max: Math.max(10, most(users)), value: Math.round(users), whole: true } as const]),
    ...(users !== undefined || volume === undefined
      ? []
      : [
          {
            name: 'tokens',
            label: 'Tokens a month, billions',
            min: 0.001,
            max: most(volume / BILLION),
            value: digits(volume / BILLION, 6),
            scale: BILLION,
          } as const,
        ]),
  ];
}

function numberHtml({ name, label, min, max, value, whole, scale = 1 }: NumberControl): Html {
  const bounds = html`min="${min}" max="${max}" step="${whole ? '1' : 'any'}" value="${value}"`;
  return html`<div class="control"><label for="if-${name}">${label}</label><input type="range" data-slider="${name}" aria-label="${label}, as a slider" ${bounds}><input type="number" id="if-${name}" data-control="${name}" data-scale="${scale}" ${bounds}></div>`;
}

function choiceHtml(
  name: keyof WhatIfState,
  label: string,
  reported: string,
  options: readonly { readonly value: string; readonly text: string }[],
): Html {
  const items = options.map(({ value, text }) => html`<option value="${value}">${text}</option>`);
  return html`<div class="control"><label for="if-${name}">${label}</label><select id="if-${name}" data-control="${name}"><option value="">as reported${reported === '' ? null : html`: ${reported}`}</option>${items}</select></div>`;
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
  formatContext(Number(dossier.breakEven.query['contextTokens'] ?? 0)),
  contexts.map((tokens) => ({ value: String(tokens), text: formatContext(tokens) })),
)}
${choiceHtml(
  'layout',
  'Layout',
  dossier.breakEven.offers[0] ? layoutName(dossier.breakEven.offers[0].layout) : '',
  choices.map(({ name }) => ({ value: name, text: name })),
)}
<div class="control buttons"><button type="reset">Reset</button><button type="button" id="recompute" disabled>Recompute what is sampled</button></div>
<p id="whatif-status" role="status"></p>
</form>`;
}
