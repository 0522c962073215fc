import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { csvTable } from '../report/csvTable.ts';
import { blocksHtml } from '../report/page/blocksHtml.ts';
import { renderMarkdown, renderText } from '../report/renderReport.ts';
import type { Block, Report } from '../report/report.ts';
import type { Table } from '../report/table.ts';
import { type Answer, formsOf } from './answerForms.ts';
import { cellHtml } from './cellHtml.ts';
import { DISPLAY, dollarsKept, type ElementMaker, elementOf, type MediaBundle } from './display.ts';

export interface ShownOptions {
  /** Columns of plain text, at least 40; 100 where none are given. */
  readonly width?: number;
}

const LEAST_WIDTH = 40;

/** What can be shown: a report, and the table of its CSV, which is made when it is asked for. */
export interface Showable {
  readonly report: Report;
  readonly table: () => Table;
}

function titleOf(block: Block): string[] {
  return 'title' in block ? [block.title] : [];
}

/** An answer in every form that a notebook takes; each form is made when it is asked for. */
export class Shown {
  readonly #showable: Showable;
  readonly #width: number;

  constructor(showable: Showable, { width = 100 }: ShownOptions = {}) {
    if (!Number.isInteger(width) || width < LEAST_WIDTH) {
      throw new Fault('invalid', 'not a width of text', {
        where: 'width',
        value: width,
        allowed: `a whole number of columns from ${LEAST_WIDTH}`,
      });
    }
    this.#showable = showable;
    this.#width = width;
  }

  /** Titles of the lists and tables, by which `only` finds them. */
  get titles(): readonly string[] {
    return this.#showable.report.blocks.flatMap(titleOf);
  }

  /** As a terminal shows it. */
  get text(): string {
    return renderText(this.#showable.report, { width: this.#width });
  }

  /** As `--markdown` prints it. */
  get markdown(): string {
    return renderMarkdown(this.#showable.report);
  }

  /** A part of a page with its own style; text in it is escaped. */
  get html(): string {
    return cellHtml(blocksHtml(this.#showable.report.blocks, () => null));
  }

  /** As `--csv` prints it, whatever part is shown. */
  get csv(): string {
    return csvTable(this.#showable.table(), this.#showable.report.schema);
  }

  /**
   * Some lists and tables of the answer, in its order.
   *
   * @param beginnings how their titles begin, in any case
   * @throws Fault `unknown` where no title begins so; it names the nearest
   */
  only(...beginnings: readonly string[]): Shown {
    const { report, table } = this.#showable;
    const begins = (title: string, beginning: string) => title.toLowerCase().startsWith(beginning.toLowerCase());
    for (const beginning of beginnings) {
      if (this.titles.some((title) => begins(title, beginning))) continue;
      throw new Fault('unknown', 'no list and no table is called so', {
        where: 'title',
        value: beginning,
        allowed: 'the beginning of one of `titles`',
        nearest: nearestNames(beginning, this.titles),
      });
    }
    const blocks = report.blocks.filter((block) => titleOf(block).some((title) => beginnings.some((one) => begins(title, one))));
    return new Shown({ report: { ...report, blocks }, table }, { width: this.#width });
  }

  /** The sentence that answers, without lists and tables. */
  brief(): Shown {
    const { report, table } = this.#showable;
    return new Shown(
      { report: { ...report, blocks: report.blocks.filter(({ kind }) => kind === 'answer') }, table },
      { width: this.#width },
    );
  }

  /** As an element, for Observable: `shown(answer).element(document)`. */
  element<E extends { innerHTML: string }>(document: ElementMaker<E>): E {
    return elementOf(document, this.html);
  }

  /** As the kernel of Deno asks for it. */
  [DISPLAY](): MediaBundle {
    return { 'text/plain': this.text, 'text/markdown': dollarsKept(this.markdown), 'text/html': this.html };
  }
}

/**
 * An answer of the library, or of `--json` once parsed, for a cell of a notebook: the tables of its report, as Jupyter (Deno) and
 * Observable show them.
 *
 * @param answer what `breakEven`, `fit` or another question returned
 * @param options how wide plain text is
 * @throws Fault `unknown` where it is no answer that can be shown, `invalid` for a width that is none
 * @example shown(answer).titles[0] // 'Verdicts'
 */
export function shown<A extends Answer>(answer: A, options: ShownOptions = {}): Shown {
  const { report, table } = formsOf(answer);
  return new Shown({ report: report(answer), table: () => table(answer) }, options);
}
