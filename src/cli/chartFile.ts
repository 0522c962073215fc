import { Fault } from '../faults/fault.ts';
import type { VegaLiteSpec } from '../report/charts/chart.ts';

/** A chart that was asked for. */
export interface ChartFile {
  readonly where: string;
  readonly path: string;
  readonly kind: 'svg' | 'vl.json';
}

/**
 * The chart that a file name asks for.
 *
 * @throws Fault where the name ends in neither `.svg` nor `.vl.json`
 */
export function chartFile(path: string, where = '--chart'): ChartFile {
  const kind = (['vl.json', 'svg'] as const).find((ending) => path.endsWith(`.${ending}`));
  if (kind !== undefined) return { where, path, kind };
  throw new Fault('unsupported', 'the name decides what is drawn', {
    where,
    value: path,
    allowed: 'FILE.svg or FILE.vl.json',
  });
}

/** The content of a chart file. Loads Vega for a picture alone. */
export async function drawn(spec: VegaLiteSpec, kind: ChartFile['kind']): Promise<string> {
  const { renderSvg, renderVegaLite } = await import('../report/charts/chart.ts');
  return kind === 'svg' ? renderSvg(spec) : renderVegaLite(spec);
}
