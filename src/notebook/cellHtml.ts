import { Html, html } from '../report/page/html.ts';

/** Borrows ink and paper from the notebook, light or dark. */
const STYLE = new Html(
  [
    '.kplan .answer{font-size:1.2em;font-weight:600;line-height:1.35}',
    '.kplan h4{margin:1em 0 .25em}',
    '.kplan .scroll{overflow-x:auto;margin:.75em 0}',
    '.kplan table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:0}',
    '.kplan caption{text-align:left;font-weight:600;padding:.25em 0;color:inherit}',
    '.kplan th,.kplan td{text-align:left;vertical-align:top;padding:.25em .75em .25em 0;border-bottom:1px solid #8886;max-width:none}',
    '.kplan tbody th{font-weight:400;min-width:9em}',
    '.kplan th.n,.kplan td.n{text-align:right;min-width:0}',
    '.kplan td.n{white-space:nowrap}',
    '.kplan summary{cursor:pointer}',
    '.kplan svg{max-width:100%;height:auto}',
  ].join(''),
);

/**
 * Markup as the output of a cell: with its own style, and closed to the formulas that a notebook looks for between two dollar signs.
 *
 * @param inner markup in which untrusted text is escaped
 */
export function cellHtml(inner: Html): string {
  return html`<div class="kplan tex2jax_ignore mathjax_ignore"><style>${STYLE}</style>${inner}</div>`.text;
}
