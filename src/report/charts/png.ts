import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../faults/fault.ts';
import { renderSvg, type VegaLiteSpec } from './chart.ts';
import { darkened } from './palette.ts';
import { markedPng } from './pngMark.ts';

export interface PngOptions {
  /** Pixels of the picture for each of the chart; 1 where none is asked. */
  readonly scale?: number;
  /** For dark paper. */
  readonly dark?: boolean;
}

/** Beside the command line, beside the library, and in dist/ where this file runs from src/. */
const PLACES = ['../fonts/', '../../fonts/', '../../../dist/fonts/'];
const FONTS = ['Arimo_400Regular.ttf', 'Arimo_700Bold.ttf'];

/** The shipped fonts, so that no picture depends on what a machine has. */
function fontFiles(): string[] {
  const folder = PLACES.map((place) => new URL(place, import.meta.url)).find((place) => existsSync(new URL(FONTS[0] ?? '', place)));
  if (!folder) throw new Fault('missing', 'no fonts for pictures', { where: 'dist/fonts', allowed: 'run `npm run build` first' });
  return FONTS.map((name) => fileURLToPath(new URL(name, folder)));
}

/**
 * Draws a specification as PNG, with the fonts of this package alone. Loads Vega and resvg on first use; the same specification gives the
 * same bytes.
 *
 * @param spec inline data only: nothing is fetched
 * @returns a whole PNG file that carries the mark of kplan
 * @throws Fault `missing` where the package was not built and so has no fonts
 */
export async function renderPng(spec: VegaLiteSpec, { scale = 1, dark = false }: PngOptions = {}): Promise<Buffer> {
  const [svg, { Resvg }] = await Promise.all([renderSvg(spec), import('@resvg/resvg-js')]);
  const picture = new Resvg(dark ? darkened(svg) : svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontFiles: fontFiles(), loadSystemFonts: false, defaultFontFamily: 'Arimo', sansSerifFamily: 'Arimo' },
  });
  return markedPng(picture.render().asPng(), spec.usermeta.kplan);
}
