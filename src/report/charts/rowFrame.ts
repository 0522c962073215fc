import { wrap } from '../plainText.ts';
import { PALETTE } from './palette.ts';
import { type Frame, haloed, isNarrow, type Layer, pixelsOf } from './sheet.ts';

/** Ends of a horizontal axis in its unit. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Words that stand to the left or to the right of a value. */
export interface SideText {
  readonly at: number;
  readonly text: string;
  readonly side: 'left' | 'right';
}

const ROUNDS = 24;
const GAP = 12;
const LINE = 14;
/** Characters of a name at the left. */
const LONGEST = 44;

/** Widens a span until the words beside its values have room in a plot so many pixels wide. */
export function roomFor(texts: readonly SideText[], { from, to }: Span, width: number): Span {
  let span = { from, to };
  for (let round = 0; round < ROUNDS; round++) {
    const perPixel = (span.to - span.from) / width;
    const ends = texts.map(({ at, text, side }) => at + (side === 'left' ? -1 : 1) * (pixelsOf([text]) + GAP) * perPixel);
    span = { from: Math.min(from, ...ends), to: Math.max(to, ...ends) };
  }
  return span;
}

/** The place of rows one below the other: the top of each at its number, from 0. */
export const rowAt = { field: 'row', type: 'quantitative' } as const;

/** An upright axis of rows without any line of its own. */
export function rowScale(rows: number): Layer {
  return { ...rowAt, scale: { domain: [0, rows], nice: false, reverse: true }, axis: null };
}

/** The name of a row; its parts stand one below the other where there is room. */
export interface RowName {
  readonly text: string;
  readonly colour?: string;
}

/** Rows one below the other with their names. */
export interface Rows {
  readonly frame: Frame;
  readonly narrow: boolean;
  /** Pixels that the names take at the left. */
  readonly left: number;
  readonly names: readonly Layer[];
}

/**
 * Lays out rows: names at the left of a wide plot, above their bars on a narrow one.
 *
 * @param plot its width counts; the height follows from the rows
 * @param height of a row in pixels
 */
export function rowsIn(plot: Frame, names: readonly RowName[], height: { readonly wide: number; readonly narrow: number }): Rows {
  const narrow = isNarrow(plot);
  const pixels = narrow ? height.narrow : height.wide;
  const texts = names.map(({ text }) => (narrow ? [text.replace('\n', ', ')] : text.split('\n').flatMap((part) => wrap(part, LONGEST))));
  const left = narrow ? 16 : 24 + pixelsOf(texts.flat());
  const values = texts.map((lines, row) => ({
    row: row + (narrow ? 0.18 : 0.5) - ((lines.length - 1) * LINE) / 2 / pixels,
    text: lines.join('\n'),
    colour: names[row]?.colour ?? PALETTE.words,
  }));
  return {
    narrow,
    left,
    frame: { width: plot.width, height: names.length * pixels },
    names: haloed(
      values,
      { align: narrow ? 'left' : 'right', baseline: 'middle', lineBreak: '\n', lineHeight: LINE },
      {
        x: { value: narrow ? 14 - left : -10 },
        y: rowAt,
        text: { field: 'text' },
        color: { field: 'colour', type: 'nominal', scale: null },
      },
    ),
  };
}
