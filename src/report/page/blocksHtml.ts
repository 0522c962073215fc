import type { Block } from '../report.ts';
import { type Cell, type Column, cellText, columnTitle, type Table } from '../table.ts';
import type { Linked } from './derivations.ts';
import { type Html, html } from './html.ts';

function numberOf(cell: Cell): number | null {
  if (typeof cell === 'number') return cell;
  return cell !== null && typeof cell === 'object' ? cell.value : null;
}

function isNumeric({ align }: Column): boolean {
  return align === 'right';
}

function cellHtml(cell: Cell, column: Column, linked: Linked): Html {
  const value = numberOf(cell);
  const place = value === null ? null : linked(value, columnTitle(column));
  const text = cellText(cell, column);
  return place === null ? html`${text}` : html`<a href="#${place}">${text}</a>`;
}

/** A table with its caption, that scrolls sideways where it is too wide. */
export function openTable(title: string, { columns, rows }: Table, linked: Linked): Html {
  const head = columns.map((column) => html`<th scope="col"${isNumeric(column) ? NUMERIC : null}>${columnTitle(column)}</th>`);
  const body = rows.flatMap(({ cells, note }) => [
    html`<tr>${columns.map((column, at) => {
      const inner = cellHtml(cells[at] ?? null, column, linked);
      if (at === 0) return html`<th scope="row"${isNumeric(column) ? NUMERIC : null}>${inner}</th>`;
      return html`<td${isNumeric(column) ? NUMERIC : null}>${inner}</td>`;
    })}</tr>`,
    ...(note === undefined ? [] : [html`<tr class="note"><td colspan="${columns.length}">${note}</td></tr>`]),
  ]);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table><caption>${title}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Rows up to which a table stands open. */
const OPEN_ROWS = 12;

/** A table as `openTable` makes it, folded where it is long. */
function tableHtml(title: string, table: Table, linked: Linked): Html {
  const whole = openTable(title, table, linked);
  return table.rows.length > OPEN_ROWS ? html`<details><summary>${title} (${table.rows.length} rows)</summary>${whole}</details>` : whole;
}

const NUMERIC = html` class="n"`;

function blockHtml(block: Block, linked: Linked): Html {
  switch (block.kind) {
    case 'answer':
      return html`<p class="answer">${block.text}</p>`;
    case 'text':
      return html`<p>${block.text}</p>`;
    case 'outline':
      return html`<ul>${block.items.map(({ depth, text }) => html`<li class="d${Math.min(depth, 4)}">${text}</li>`)}</ul>`;
    case 'code':
      return html`<h4>${block.title}</h4><pre>${block.text.split('\n').map((line) => html`${line}\n`)}</pre>`;
    case 'list':
      return html`<h4>${block.title}</h4><ul>${block.items.map((item) => html`<li>${item}</li>`)}</ul>`;
    case 'table':
      return tableHtml(block.title, block.table, linked);
  }
}

/** Blocks of a report as markup; numbers lead to their derivations. */
export function blocksHtml(blocks: readonly Block[], linked: Linked): Html {
  return html`${blocks.map((block) => blockHtml(block, linked))}`;
}
