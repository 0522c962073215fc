import { FIXED_SPACE, inert, widthOf, wrap } from '../plainText.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PALETTE } from './palette.ts';

/** Size of the plot in pixels, without titles and labels; of several plots, of all of them and what lies between. */
export interface Frame {
  readonly width: number;
  readonly height: number;
}

/** A part of a chart: data, a mark and its encoding. */
export type Layer = Readonly<Record<string, unknown>>;

/** A plot as wide as a phone has no room at its sides. */
const NARROW = 520;
/** Width of a character of words of 12 pixels, and of a title of 16 in bold. */
export const CHARACTER = 6.3;
const TITLE_CHARACTER = 8.4;
const LONGEST_TITLE = 100;
const LONGEST_LINE = 146;
const MARGIN = 14;
const KEY_LINE = 17;
/** Pixels that the sample of a line takes before its name. */
const KEY_SAMPLE = 28;
const SUBTITLE_LINE = 17;
const TITLE_LINE = 20;
/** Pixels between the words on top and all that stands above the plot. */
const OFFSET = 18;
/** Pixels that the title of an upright axis takes above the plot. */
const ABOVE = 26;

/** A plot as wide as a phone. */
export const PHONE: Frame = { width: 340, height: 260 };

/** Whether names stand above the plot instead of at its side. */
export function isNarrow({ width }: Frame): boolean {
  return width < NARROW;
}

/** Pixels that the longest of some lines of 12 pixels takes. */
export function pixelsOf(lines: readonly string[]): number {
  return Math.ceil(CHARACTER * Math.max(0, ...lines.flatMap((line) => line.split('\n')).map(widthOf)));
}

/** A name in its colour, with a sample of its line. */
export interface KeyRow {
  readonly text: string;
  readonly colour: string;
  readonly dash?: readonly number[];
}

/** What stands around a plot. */
export interface SheetParts {
  /** The title, and the name of the chart for those who cannot see it. */
  readonly finding: string;
  /** What is compared, what the marks mean, of which day the facts are. */
  readonly under: readonly string[];
  /** Names above the plot, on a narrow one. */
  readonly key?: readonly KeyRow[];
  readonly frame: Frame;
  /** Pixels beside the plot. */
  readonly left: number;
  readonly right: number;
  /** Pixels that axis titles and labels take above the plot, beside the key. */
  readonly above?: number;
  readonly below?: number;
  /** How the frame is divided, where it is. */
  readonly plots?: Plots;
}

/** Lines of at most so many pixels of text. */
function linesOf(text: string, width: number, character: number, most: number): string[] {
  return wrap(text.replaceAll(' · ', `${FIXED_SPACE}· `), Math.min(most, Math.floor(width / character))).map((line) =>
    line.replaceAll(FIXED_SPACE, ' '),
  );
}

/** Everything of a specification but its layers: the finding as title, the lines under it, and room for the labels. */
export function sheet({ finding, under, key = [], frame, left, right, above = ABOVE, below = 58, plots }: SheetParts): VegaLiteSpec {
  const width = left + frame.width + right - 2 * MARGIN;
  const title = linesOf(finding, width, TITLE_CHARACTER, LONGEST_TITLE);
  const subtitles = under.flatMap((line) => linesOf(line, width, CHARACTER - 0.2, LONGEST_LINE));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    usermeta: { kplan: 'kplan/chart@1' },
    description: inert(finding).replaceAll(FIXED_SPACE, ' '),
    title: { text: title, subtitle: subtitles, offset: OFFSET, dx: MARGIN - left },
    padding: {
      left,
      top: MARGIN + OFFSET + above + keyHeight(key) + TITLE_LINE * title.length + SUBTITLE_LINE * subtitles.length,
      right: right + (plots?.right ?? 0),
      bottom: below + (plots?.below ?? 0),
    },
  };
}

function keyLines(key: readonly KeyRow[]): number {
  return key.reduce((sum, { text }) => sum + text.split('\n').length, 0);
}

function keyHeight(key: readonly KeyRow[]): number {
  return key.length === 0 ? 0 : KEY_LINE * keyLines(key) + 4;
}

/** The words of a key row in as many lines as its sheet asks: broken at its parts first. */
export function keyText(parts: readonly string[], frame: Frame, left: number, right: number): string {
  const most = Math.floor((left + frame.width + right - 2 * MARGIN - KEY_SAMPLE) / CHARACTER);
  const whole = parts.join(' ');
  return widthOf(whole) <= most ? whole : parts.flatMap((part) => wrap(part, most)).join('\n');
}

/** The names of a key, above the plot and its axis title. */
export function keyLayers(key: readonly KeyRow[], left: number, above = ABOVE): Layer[] {
  return key.flatMap(({ text, colour, dash = [1, 0] }, index) => {
    const y = { value: -above - 12 - KEY_LINE * (keyLines(key.slice(index)) - 1) };
    const from = MARGIN - left;
    return [
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: colour, strokeWidth: 2.5, strokeDash: dash },
        encoding: { x: { value: from }, x2: { value: from + 22 }, y },
      },
      {
        data: { values: [{}] },
        mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 12, color: colour, lineBreak: '\n', lineHeight: KEY_LINE },
        encoding: { x: { value: from + KEY_SAMPLE }, y, text: { value: text } },
      },
    ];
  });
}

/** Plots side by side, on a narrow sheet one above the other. */
export interface Plots {
  /** Of each plot. */
  readonly frame: Frame;
  /** To be merged into the specification. */
  readonly concat: (plots: readonly Layer[]) => Readonly<Record<string, unknown>>;
  /** Pixels that concatenated plots add to the padding, for without automatic size one direction has no size. */
  readonly right: number;
  readonly below: number;
}

/**
 * Plots of the same size one above the other.
 *
 * @param gap pixels between two of them, for the labels of the axes
 */
export function stacked(frame: Frame, count: number, gap: number): Plots {
  const below = count * frame.height + (count - 1) * gap;
  return { frame, concat: (vconcat) => ({ spacing: gap, bounds: 'flush', vconcat }), right: 0, below };
}

/**
 * Divides a frame among several plots.
 *
 * @param gaps pixels between two of them, for the labels of the axes
 */
export function plotsIn(frame: Frame, count: number, { aside, below: under }: { readonly aside: number; readonly below: number }): Plots {
  const gaps = (count - 1) * aside;
  if (isNarrow(frame)) return stacked(frame, count, under);
  const plot = { width: Math.floor((frame.width - gaps) / count), height: frame.height };
  return { frame: plot, concat: (hconcat) => ({ spacing: aside, bounds: 'flush', hconcat }), right: count * plot.width + gaps, below: 0 };
}

const DIGITS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]] as const;

/** Round numbers between two ends of a logarithmic axis, no fewer than asked where there are. */
export function powersIn(from: number, to: number, least: number): number[] {
  const powers = DIGITS.map((digits) =>
    Array.from({ length: 24 }, (_, place) => digits.map((digit) => digit * 10 ** (place - 6)))
      .flat()
      .filter((power) => power >= from && power <= to),
  );
  return powers.find(({ length }) => length >= least) ?? powers.at(-1) ?? [];
}

/** A number on an axis, with a sign before it: `$1.2M`, `3.4B`, `-$20K`. */
export function axisText(prefix = ''): string {
  const size = "replace(replace(format(abs(datum.value), '~s'), 'k', 'K'), 'G', 'B')";
  return `(datum.value < 0 ? '-' : '') + '${prefix}' + ${size}`;
}

/** Both axes of a plot, on a mark at one corner that is not seen. */
export function axesAt(corner: Layer, encoding: Layer): Layer {
  return { data: { values: [corner] }, mark: { type: 'point', opacity: 0 }, encoding };
}

/** An upright axis whose title lies above it. */
export function topTitle(title: string, left: number, up = 10): Layer {
  return { title, titleAngle: 0, titleAlign: 'left', titleBaseline: 'bottom', titleX: MARGIN - left, titleY: -up };
}

/** Words on a halo of paper, so that lines behind them leave them readable. */
export function haloed(values: readonly unknown[], mark: Layer, encoding: Layer): Layer[] {
  const text = { type: 'text', fontSize: 12, ...mark };
  const { color: _, ...plain } = encoding;
  const halo = { stroke: PALETTE.paper, strokeWidth: 4, strokeJoin: 'round', color: PALETTE.paper };
  return values.length === 0
    ? []
    : [
        { data: { values }, mark: { ...text, ...halo }, encoding: plain },
        { data: { values }, mark: text, encoding },
      ];
}
