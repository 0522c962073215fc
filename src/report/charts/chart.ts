import type { Config, TopLevelSpec } from 'vega-lite';
import { SVG_MARK } from '../mark.ts';

/** A Vega-Lite 6 specification as plain JSON, `$schema` and `usermeta` first. */
export interface VegaLiteSpec {
  readonly $schema: string;
  readonly usermeta: { readonly kplan: string };
  readonly [key: string]: unknown;
}

/** Colour of words and points. */
export const WORDS = '#1f2328';

/** White around words, so that lines behind them leave them readable. */
export const HALO = { stroke: '#ffffff', strokeWidth: 4, strokeJoin: 'round', color: '#ffffff' } as const;

/** The look of all charts: white paper and dark words, readable whatever the page around it. */
const LOOK: Config = {
  background: '#ffffff',
  font: 'Helvetica, Arial, "Liberation Sans", sans-serif',
  autosize: { type: 'none' },
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    fontSize: 16,
    lineHeight: 20,
    subtitleFontSize: 12,
    subtitleLineHeight: 17,
    subtitlePadding: 8,
    offset: 30,
    color: WORDS,
    subtitleColor: '#57606a',
  },
  axis: {
    labelColor: '#57606a',
    titleColor: WORDS,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    gridColor: '#eaeef2',
    domainColor: '#8c959f',
    tickColor: '#8c959f',
    titlePadding: 10,
  },
};

/** A specification as the JSON of a `.vl.json` file, with the look of kplan's charts. */
export function renderVegaLite(spec: VegaLiteSpec): string {
  return `${JSON.stringify({ ...spec, config: LOOK }, null, 2)}\n`;
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
 * Draws a specification as SVG. Loads Vega on first use; the same specification gives the same text.
 *
 * @param spec inline data only: nothing is fetched
 * @returns a whole SVG file that carries the mark of kplan
 */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  const [{ compile }, vega] = await Promise.all([import('vega-lite'), import('vega')]);
  const logger = strictLogger() as never;
  const compiled = compile({ ...spec, config: LOOK } as unknown as TopLevelSpec, { logger });
  const refused = () => Promise.reject(new Error('chart: nothing is loaded'));
  const view = new vega.View(vega.parse(compiled.spec), {
    renderer: 'none',
    logger,
    loader: { load: refused, sanitize: refused, http: refused, file: refused } as never,
  });
  try {
    return `${SVG_MARK}${spec.usermeta.kplan} -->\n${ownIds(await view.toSVG())}\n`;
  } finally {
    view.finalize();
  }
}
