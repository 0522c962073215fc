/// <reference lib="dom" />
import type { Dossier } from '../../../plan/dossier/dossier.ts';
import type { Frame } from '../../charts/sheet.ts';
import { chartInPage } from '../chartInPage.ts';
import { pageSections } from '../pageSections.ts';

/** From this width of the window on charts are drawn as in the report. */
export const WIDE = '(min-width: 44rem)';
/** Room beside the plot of a narrow chart, for its labels. */
const LABELS = 96;
const LEAST = 220;

/** The charts of a page: what they showed at first, and how they are drawn anew. */
export class ChartsInPage {
  readonly #figures = new Map<string, HTMLElement>();
  readonly #first = new Map<string, string>();
  /** Counts what was asked for, so that only the latest is shown. */
  #turn = 0;

  constructor(page: Document) {
    for (const figure of page.querySelectorAll<HTMLElement>('figure[data-chart]')) {
      const id = figure.dataset['chart'] ?? '';
      this.#figures.set(id, figure);
      this.#first.set(id, figure.querySelector('.paper')?.innerHTML ?? '');
    }
  }

  /** Marks charts of samples as being of another question, or not. */
  markStale(stale: boolean): void {
    for (const figure of this.#figures.values()) figure.classList.toggle('stale', stale && 'sampled' in figure.dataset);
  }

  /** Shows the charts of the report again. */
  restore(): void {
    this.#turn++;
    for (const [id, figure] of this.#figures) this.#show(figure, this.#first.get(id) ?? '', false);
  }

  /**
   * Draws charts of other answers; one that these have nothing for stays as it is.
   *
   * @param sampled whether charts of samples are drawn too
   */
  async draw(dossier: Dossier, sampled: boolean): Promise<void> {
    const turn = ++this.#turn;
    const frame = this.#frame;
    const charts = pageSections(dossier, frame).flatMap((section) => section.charts);
    for (const chart of charts.toSorted((a, b) => this.#away(a.id) - this.#away(b.id))) {
      const figure = this.#figures.get(chart.id);
      if (!figure || (!sampled && 'sampled' in figure.dataset)) continue;
      const svg = await chartInPage(chart);
      // The page answers its reader between two charts.
      await new Promise((next) => setTimeout(next));
      if (turn !== this.#turn) return;
      this.#show(figure, svg, frame !== undefined);
    }
  }

  /** The frame of charts in a narrow window; undefined where the usual one fits. */
  get #frame(): Frame | undefined {
    const [figure] = this.#figures.values();
    if (!figure || window.matchMedia(WIDE).matches) return undefined;
    return { width: Math.max(LEAST, figure.clientWidth - LABELS), height: 300 };
  }

  /** How far a chart is from the middle of the window: what the reader looks at is drawn first. */
  #away(id: string): number {
    const box = this.#figures.get(id)?.getBoundingClientRect();
    return box ? Math.abs((box.top + box.bottom) / 2 - window.innerHeight / 2) : Number.POSITIVE_INFINITY;
  }

  #show(figure: HTMLElement, svg: string, narrow: boolean): void {
    const paper = figure.querySelector('.paper');
    if (paper) paper.innerHTML = svg;
    figure.classList.toggle('narrow', narrow);
  }
}
