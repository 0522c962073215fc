import { renderSvg, renderVegaLite, type VegaLiteSpec } from '../report/charts/chart.ts';
import { chartTable } from '../report/charts/chartData.ts';
import { csvTable } from '../report/csvTable.ts';
import { Html } from '../report/page/html.ts';
import { svgInPage } from '../report/page/svgInPage.ts';
import { inert } from '../report/plainText.ts';
import { cellHtml } from './cellHtml.ts';
import { DISPLAY, type ElementMaker, elementOf, type MediaBundle } from './display.ts';

/** The type of a specification of the major version that charts are written in. */
const VEGA_LITE = 'application/vnd.vegalite.v6+json';

function linesOf(value: unknown): string[] {
  const lines = Array.isArray(value) ? value : [value];
  return lines.flatMap((line) => (typeof line === 'string' ? [inert(line)] : []));
}

/** The finding of a chart, and the lines under it. */
function wordsOf({ title }: VegaLiteSpec): { readonly finding: string; readonly under: readonly string[] } {
  const { text, subtitle } = (typeof title === 'object' && title !== null ? title : { text: title }) as Readonly<Record<string, unknown>>;
  return { finding: linesOf(text).join(' '), under: linesOf(subtitle) };
}

/** A short name of a text (FNV-1a), so that what is inside two pictures of one page keeps apart. */
function tagOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `chart-${(hash >>> 0).toString(16)}`;
}

/** A chart in every form that a notebook takes; drawn when it is asked for. */
export class ShownChart {
  readonly spec: VegaLiteSpec;

  constructor(spec: VegaLiteSpec) {
    this.spec = spec;
  }

  /** The finding and the lines under it. */
  get text(): string {
    const { finding, under } = wordsOf(this.spec);
    return `${[finding, ...under].join('\n')}\n`;
  }

  /** The data behind the picture. */
  get csv(): string {
    return csvTable(chartTable(this.spec), this.spec.usermeta.kplan);
  }

  /** The specification with the look of kplan's charts, for other programs. */
  get vegaLite(): object {
    return JSON.parse(renderVegaLite(this.spec)) as object;
  }

  /** One picture with its description; loads Vega on first use. */
  async svg(): Promise<string> {
    const { finding } = wordsOf(this.spec);
    const file = await renderSvg(this.spec);
    return svgInPage(file, tagOf(file), inert(String(this.spec['description'] ?? finding)));
  }

  /** The picture as a part of a page. */
  async html(): Promise<string> {
    return cellHtml(new Html(await this.svg()));
  }

  /** As an element, for Observable: `await chart(spec).element(document)`. */
  async element<E extends { innerHTML: string }>(document: ElementMaker<E>): Promise<E> {
    return elementOf(document, await this.html());
  }

  /** As the kernel of Deno asks for it. */
  async [DISPLAY](): Promise<MediaBundle> {
    return { 'text/plain': this.text, 'image/svg+xml': await this.svg(), [VEGA_LITE]: this.vegaLite };
  }
}

/**
 * A chart for a cell of a notebook: a picture, and its specification for notebooks that know Vega-Lite 6.
 *
 * @param spec what `breakEvenChart` or another chart made of an answer
 * @example chart(toyChart).csv // 'kplanSchema,series,tokens,usd\r\nkplan/chart@1,list price,1,2\r\nkplan/chart@1,list price,3,4\r\n'
 */
export function chart(spec: VegaLiteSpec): ShownChart {
  return new ShownChart(spec);
}
