import { Fault } from '../faults/fault.ts';
import type { VegaLiteSpec } from '../report/charts/chart.ts';
import type { PngOptions } from '../report/charts/png.ts';

/** What a chart file may hold: a picture of lines or of pixels, its specification, or its data. */
const KINDS = ['vl.json', 'svg', 'png', 'csv'] as const;

/** A chart that was asked for. */
export interface ChartFile {
  readonly where: string;
  readonly path: string;
  readonly kind: (typeof KINDS)[number];
}

/**
 * The chart that a file name asks for.
 *
 * @throws Fault where the name ends in none of the endings that charts have
 */
export function chartFile(path: string, where = '--chart'): ChartFile {
  const kind = KINDS.find((ending) => path.endsWith(`.${ending}`));
  if (kind !== undefined) return { where, path, kind };
  throw new Fault('unsupported', 'the name decides what is drawn', {
    where,
    value: path,
    allowed: 'FILE.svg, FILE.png, FILE.vl.json or FILE.csv',
  });
}

/** The content of a chart file. Loads Vega for a picture alone. */
export async function drawn(spec: VegaLiteSpec, kind: ChartFile['kind'], options: PngOptions = {}): Promise<string | Uint8Array> {
  if (kind === 'png') {
    const { renderPng } = await import('../report/charts/png.ts');
    return renderPng(spec, options);
  }
  if (kind === 'csv') {
    const [{ chartTable }, { csvTable }] = await Promise.all([import('../report/charts/chartData.ts'), import('../report/csvTable.ts')]);
    return csvTable(chartTable(spec), spec.usermeta.kplan);
  }
  const [{ renderSvg, renderVegaLite }, { darkened }] = await Promise.all([
    import('../report/charts/chart.ts'),
    import('../report/charts/palette.ts'),
  ]);
  if (kind === 'vl.json') return renderVegaLite(spec);
  const svg = await renderSvg(spec);
  return options.dark ? darkened(svg) : svg;
}
