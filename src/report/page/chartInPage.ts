import { renderSvg } from '../charts/chart.ts';
import type { PageChart } from './pageSections.ts';
import { svgInPage } from './svgInPage.ts';

/**
 * A chart as a part of a page, drawn from its specification.
 *
 * @returns an SVG element
 */
export async function chartInPage({ id, spec }: PageChart): Promise<string> {
  return svgInPage(await renderSvg(spec), id, String(spec['description'] ?? ''));
}
