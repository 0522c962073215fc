import type { TariffLine } from '../../plan/api/tariffLine.ts';
import { formatDerivedPrice } from '../../units/money.ts';
import { tariffName } from '../breakEvenTables.ts';
import { inert } from '../plainText.ts';
import { apart } from './chartFrame.ts';
import { PALETTE } from './palette.ts';
import { type Frame, isNarrow, type KeyRow, keyLayers, keyText, type Layer, pixelsOf } from './sheet.ts';

/** Pixels that a label of two lines takes. */
const GAP = 35;
const SIDE = 16;

/** How the lines of tariffs are broken, for those who do not see their colours. */
export const TARIFF_DASHES = { list: [1, 0], 'cheapest-host': [6, 4], asked: [2, 3], other: [2, 3] } as const;

/** The name of a line where it ends, in one or two lines of words. */
export interface EndLabel extends KeyRow {
  /** Where the line ends, in units of the upright axis. */
  readonly value: number;
}

/** Where labels stand: fields of the axes, the right end of one and both ends of the other. */
export interface EndPlace {
  readonly x: string;
  readonly y: string;
  readonly at: number;
  readonly bottom?: number;
  readonly top: number;
}

/** The name of a tariff with its price, at the end of its line. */
export function tariffEnd(tariff: TariffLine, value: number): EndLabel {
  const text = `${inert(tariffName(tariff))}\n${formatDerivedPrice(tariff.usdPerMtok.value)} per Mtok`;
  return { text, value, colour: PALETTE.tariff[tariff.role], dash: TARIFF_DASHES[tariff.role] };
}

/** Pixels at the right of a plot whose lines have these names. */
export function besides(labels: readonly EndLabel[], plot: Frame): number {
  return isNarrow(plot) ? SIDE : SIDE + 10 + pixelsOf(labels.map(({ text }) => text));
}

/** The names as a key for a narrow plot; none for a wide one, where they stand at the lines. */
export function keyOf(labels: readonly EndLabel[], plot: Frame, left: number): KeyRow[] {
  if (!isNarrow(plot)) return [];
  return labels.map(({ text, ...row }) => ({
    ...row,
    text: keyText(text.replace(/\n(?!\()/, ',\n').split('\n'), plot, left, besides(labels, plot)),
  }));
}

/** The names at the right of a plot, moved apart as far as they must. */
export function endLabelLayers(labels: readonly EndLabel[], { x, y, at, bottom = 0, top }: EndPlace, { height }: Frame): Layer[] {
  if (labels.length === 0) return [];
  const range = top - bottom;
  const heights = apart(
    labels.map(({ value }) => value - bottom),
    (GAP / height) * range,
    range,
  );
  return [
    {
      data: { values: labels.map(({ text, colour }, index) => ({ [x]: at, [y]: bottom + (heights[index] ?? 0), text, colour })) },
      mark: { type: 'text', align: 'left', baseline: 'middle', dx: 10, fontSize: 12, lineBreak: '\n', lineHeight: 15 },
      encoding: {
        x: { field: x, type: 'quantitative' },
        y: { field: y, type: 'quantitative' },
        text: { field: 'text' },
        color: { field: 'colour', type: 'nominal', scale: null },
      },
    },
  ];
}

/** The names of lines: at their ends, or as a key above a narrow plot. */
export function lineNames(labels: readonly EndLabel[], place: EndPlace, plot: Frame, left: number): Layer[] {
  return isNarrow(plot) ? keyLayers(keyOf(labels, plot, left), left) : endLabelLayers(labels, place, plot);
}
