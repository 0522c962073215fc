/// <reference lib="dom" />
import { Fault } from '../../../faults/fault.ts';
import { cost } from '../../../plan/cost/cost.ts';
import { type Dossier, dossier, fitPart } from '../../../plan/dossier/dossier.ts';
import { changedFacts, changedQuery, focused, type WhatIf, type WhatIfState, whatIf } from '../../../plan/dossier/whatIf.ts';
import { type Figure, wholeText } from '../../../plan/figures/figure.ts';
import { speed } from '../../../plan/speed/speed.ts';
import type { PageInputs } from '../inputs.ts';
import { INPUTS_ID } from '../inputsId.ts';
import { ChartsInPage, WIDE } from './chartsInPage.ts';
import { ControlsInPage } from './controlsInPage.ts';
import { hashOf, stateOf } from './state.ts';

const NOTHING_TOLD = { assumptions: [], warnings: [] };

function showFigures(figures: readonly Figure[]): void {
  const now = new Map(figures.map((one) => [`${one.code}|${one.subject}`, wholeText(one)]));
  for (const row of document.querySelectorAll<HTMLTableRowElement>('#live tr[data-figure]')) {
    const cell = row.querySelector<HTMLTableCellElement>('.now');
    if (!cell) continue;
    cell.textContent = now.get(row.dataset['figure'] ?? '') ?? 'none';
    cell.classList.toggle('changed', cell.textContent !== cell.previousElementSibling?.textContent);
  }
}

/** The page as it lives: what its reader changes is computed by the library in it. */
class Page {
  readonly #inputs: PageInputs;
  readonly #query: PageInputs['query'];
  readonly #controls: ControlsInPage;
  readonly #charts = new ChartsInPage(document);
  readonly #status = document.getElementById('whatif-status');
  /** Counts what was asked for: an answer that comes late is not shown. */
  #turn = 0;
  readonly #recompute = document.getElementById('recompute') as HTMLButtonElement | null;

  constructor(inputs: PageInputs, form: HTMLFormElement) {
    this.#inputs = inputs;
    this.#query = focused(inputs.query, inputs.gpu);
    this.#controls = new ControlsInPage(form);
    form.addEventListener('input', () => this.#changed());
    form.addEventListener('submit', (event) => event.preventDefault());
    // The controls are reset after their event.
    form.addEventListener('reset', () => setTimeout(() => this.#changed()));
    this.#recompute?.addEventListener('click', () => this.#sampleAnew());
    document.addEventListener('click', (event) => this.#follow(event));
    window.addEventListener('hashchange', () => this.#fromAddress());
  }

  start(): void {
    for (const hidden of document.querySelectorAll('[data-live]')) hidden.removeAttribute('hidden');
    const state = stateOf(location.hash);
    if (Object.keys(state).length > 0) this.#fromAddress();
    // Charts in the form for a narrow window are drawn by the page itself.
    else if (!window.matchMedia(WIDE).matches) this.#sampleAnew('');
  }

  #fromAddress(): void {
    if (location.hash !== '' && !location.hash.includes('=')) return;
    this.#controls.state = stateOf(location.hash);
    this.#show(this.#controls.state);
  }

  #changed(): void {
    const { state, problem } = this.#controls;
    if (problem !== null) {
      this.#say(`${problem}; the figures are those of before.`);
      return;
    }
    history.replaceState(null, '', hashOf(state) || location.pathname + location.search);
    this.#show(state);
  }

  #answer(state: WhatIfState): WhatIf {
    return whatIf(this.#query, this.#inputs.facts, state, this.#inputs.layouts);
  }

  /** Goes to a part of the page without losing what the address says of the choice. */
  #follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    const part = link && document.getElementById((link.getAttribute('href') ?? '').slice(1));
    if (!part || !location.hash.includes('=')) return;
    event.preventDefault();
    for (let around = part.closest('details'); around; around = around.parentElement?.closest('details') ?? null) around.open = true;
    part.scrollIntoView();
  }

  /** The answers of the closed forms as far as charts are drawn of them. */
  #closed(state: WhatIfState, found: WhatIf): Dossier {
    const facts = changedFacts(this.#inputs.facts, state);
    const { money } = changedQuery(this.#query, state, this.#inputs.layouts);
    const has = (id: string) => document.getElementById(`chart-${id}`) !== null;
    return {
      schema: 'kplan/report@1',
      audience: this.#query.audience,
      name: null,
      breakEven: found.breakEven,
      cost: has('cost') ? cost(money, facts) : null,
      hybrid: null,
      size: null,
      speed: has('speed') ? speed(money, facts) : null,
      fit: has('fit-map') || has('memory') ? fitPart(money, money.gpu, facts) : null,
      told: NOTHING_TOLD,
      missing: [],
    };
  }

  #show(state: WhatIfState): void {
    const turn = ++this.#turn;
    const same = Object.keys(state).length === 0;
    let found: WhatIf;
    try {
      found = this.#answer(state);
      showFigures(found.figures);
      this.#say(same ? '' : 'Figures without sampling are those of your choice; charts follow.');
    } catch (error) {
      this.#say(error instanceof Fault ? error.message : String(error));
      return;
    }
    if (this.#recompute) this.#recompute.disabled = same;
    this.#charts.markStale(!same);
    if (same) this.#charts.restore();
    else
      setTimeout(() => {
        if (turn === this.#turn) void this.#charts.draw(this.#closed(state, found), false);
      });
  }

  /** Answers in full, and draws all charts of that. */
  #sampleAnew(said = 'All charts are of your choice; tables and text are those of the report.'): void {
    const { state } = this.#controls;
    const turn = ++this.#turn;
    this.#say('Sampling …');
    setTimeout(async () => {
      if (turn !== this.#turn) return;
      try {
        const answers = dossier(changedQuery(this.#query, state, this.#inputs.layouts), changedFacts(this.#inputs.facts, state));
        await this.#charts.draw(answers, true);
        if (turn !== this.#turn) return;
        this.#charts.markStale(false);
        this.#say(said);
      } catch (error) {
        this.#say(error instanceof Fault ? error.message : String(error));
      }
    }, 20);
  }

  #say(text: string): void {
    if (this.#status) this.#status.textContent = text;
  }
}

const form = document.getElementById('controls');
const data = document.getElementById(INPUTS_ID)?.textContent;
if (form instanceof HTMLFormElement && data) new Page(JSON.parse(data) as PageInputs, form).start();
