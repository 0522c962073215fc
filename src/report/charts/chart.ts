import type { Config, TopLevelSpec } from 'vega-lite';
import { SVG_MARK } from '../mark.ts';
import { PALETTE } from './palette.ts';

/** A Vega-Lite 6 specification as plain JSON, `$schema` and `usermeta` first. */
export interface VegaLiteSpec {
  readonly $schema: string;
  readonly usermeta: { readonly kplan: string };
  readonly [key: string]: unknown;
}

/** The look of all charts: white paper and dark words, readable whatever the page around it. */
const LOOK: Config = {
  background: PALETTE.paper,
  font: 'Helvetica, Arial, "Liberation Sans", sans-serif',
  autosize: { type: 'none' },
  view: { stroke: null },
  mark: { color: PALETTE.words },
  title: {
    anchor: 'start',
    frame: 'group',
    fontSize: 16,
    lineHeight: 20,
    subtitleFontSize: 12,
    subtitleLineHeight: 17,
    subtitlePadding: 8,
    offset: 30,
    color: PALETTE.words,
    subtitleColor: PALETTE.quiet,
  },
  axis: {
    labelColor: PALETTE.quiet,
    titleColor: PALETTE.words,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    gridColor: PALETTE.grid,
    domainColor: PALETTE.axis,
    tickColor: PALETTE.axis,
    titlePadding: 10,
  },
};

/** What ends a script or a line inside another file, as JSON may write it too. */
const OUTBREAK = /[<\u2028\u2029]/g;

/** A specification as the JSON of a `.vl.json` file, with the look of kplan's charts; it may stand inside a page. */
export function renderVegaLite(spec: VegaLiteSpec): string {
  const json = JSON.stringify({ ...spec, config: LOOK }, null, 2);
  return `${json.replace(OUTBREAK, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** Turns every warning into an error: a chart that Vega doubts is not shown. */
function strictLogger() {
  const refuse = (...messages: readonly unknown[]): never => {
    throw new Error(`chart: ${messages.map(String).join(' ')}`);
  };
  const logger = {
    level: (level?: number) => (level === undefined ? 2 : logger),
    error: refuse,
    warn: refuse,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

/** Vega counts clip paths over the whole process; one picture counts its own from 1. */
function ownIds(svg: string): string {
  const numbers = new Map<string, number>();
  return svg.replace(/(?<=id="clip|url\(#clip)\d+/g, (id) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    return String(numbers.get(id));
  });
}

/**
 * Draws a specification as SVG. Loads Vega on first use; the same specification gives the same text. Expressions
 * are interpreted, never compiled, so that a page may forbid scripts that make scripts.
 *
 * @param spec inline data only: nothing is fetched
 * @returns a whole SVG file that carries the mark of kplan
 */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  const [{ compile }, vega, { expressionInterpreter }] = await Promise.all([
    import('vega-lite'),
    import('vega'),
    import('vega-interpreter'),
  ]);
  const logger = strictLogger() as never;
  const compiled = compile({ ...spec, config: LOOK } as unknown as TopLevelSpec, { logger });
  const refused = () => Promise.reject(new Error('chart: nothing is loaded'));
  const view = new vega.View(vega.parse(compiled.spec, undefined, { ast: true }), {
    renderer: 'none',
    expr: expressionInterpreter,
    logger,
    loader: { load: refused, sanitize: refused, http: refused, file: refused } as never,
  });
  try {
    return `${SVG_MARK}${spec.usermeta.kplan} -->\n${ownIds(await view.toSVG())}\n`;
  } finally {
    view.finalize();
  }
}
