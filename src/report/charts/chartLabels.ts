import { widthOf } from '../plainText.ts';
import { type Extent, PLOT } from './chartFrame.ts';
import { CHARACTER, type Frame } from './sheet.ts';

/** A dot of the chart, in units of the axes. */
export interface Dot {
  readonly tokens: number;
  readonly usd: number;
}

/** A dot that wants a label. */
export interface LabelledPoint extends Dot {
  readonly text: string;
}

/** A label with the position of its middle, and the dot that it belongs to where that is not at its side. */
export type PlacedLabel<T extends LabelledPoint> = T & { readonly leader: Dot | null };

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A place in pixels, by its middle. */
export interface Box extends Spot {
  readonly width: number;
  readonly height: number;
}

const HEIGHT = 16;
const DOT = 12;
/** Pixels that an upright line keeps free of labels. */
const LINE = 6;
/** Rows of text from the dot up to which a place is tried. */
const ROWS = [0, 1, 2, 3, 4, 5] as const;

function meet(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
}

function inside({ x, y, width, height }: Box, plot: Frame): boolean {
  return x >= width / 2 && x <= plot.width - width / 2 && y >= height / 2 && y <= plot.height - height / 2;
}

function spotOf({ tokens, usd }: Dot, { lastTokens, lastUsd }: Extent, plot: Frame): Spot {
  return { x: (tokens / lastTokens) * plot.width, y: (1 - usd / lastUsd) * plot.height };
}

function dotBox(spot: Spot): Box {
  return { ...spot, width: DOT, height: DOT };
}

/** Distance from a dot to the edge of a box. */
function distance({ x, y }: Spot, box: Box): number {
  return Math.hypot(Math.max(0, Math.abs(x - box.x) - box.width / 2), Math.max(0, Math.abs(y - box.y) - box.height / 2));
}

/** Places around a dot, nearest first: above to the left, below to the right, the two other corners, above and below, then further away. */
function places({ x, y }: Spot, width: number): (Box & { readonly row: number })[] {
  const aside = width / 2 + 6;
  return ROWS.flatMap((row) => {
    const away = 14 + row * HEIGHT;
    return [
      { x: x - aside, y: y - away },
      { x: x + aside, y: y + away },
      { x: x + aside, y: y - away },
      { x: x - aside, y: y + away },
      { x, y: y - away - 2 },
      { x, y: y + away + 2 },
    ].map((spot) => ({ ...spot, width, height: HEIGHT, row }));
  });
}

/**
 * Finds a free place for the label of each dot, nearer to it than to any other dot; one that cannot stand beside its dot gets a line to
 * it. A label without a place is left out, so the most important dots come first.
 *
 * @param points where the labels belong, most important first
 * @param dots all dots of the chart, which no label may cover
 * @param extent the axes
 * @param plot size of the plot in pixels
 * @param kept places that no label may cover
 * @returns the labels with the position of their middle, in units of the axes
 */
export function placeLabels<T extends LabelledPoint>(
  points: readonly T[],
  dots: readonly Dot[],
  extent: Extent,
  plot: Frame = PLOT,
  kept: readonly Box[] = [],
): PlacedLabel<T>[] {
  const { lastTokens, lastUsd } = extent;
  const pixel = (dot: Dot) => spotOf(dot, extent, plot);
  const spots = [...points, ...dots].map(pixel);
  const taken: Box[] = [...kept, ...spots.map(dotBox)];
  const placed: PlacedLabel<T>[] = [];
  for (const point of points) {
    const own = pixel(point);
    const isFree = (box: Box) => inside(box, plot) && !taken.some((other) => meet(box, other));
    const isNearest = (box: Box) => spots.every((spot) => distance(own, box) <= distance(spot, box));
    const free = places(own, widthOf(point.text) * CHARACTER).filter(isFree);
    const box = free.find(isNearest) ?? free[0];
    if (box === undefined) continue;
    taken.push(box);
    placed.push({
      ...point,
      tokens: (box.x / plot.width) * lastTokens,
      usd: (1 - box.y / plot.height) * lastUsd,
      leader: box.row === 0 && isNearest(box) ? null : { tokens: point.tokens, usd: point.usd },
    });
  }
  return placed;
}

/**
 * An upright line over the whole plot with its label at a side of it, as far up as no dot lies under it.
 *
 * @param tokens where the line stands, in units of the axis
 * @returns both in pixels
 */
export function placeUpright(
  text: string,
  tokens: number,
  dots: readonly Dot[],
  extent: Extent,
  plot: Frame,
): { readonly line: Box; readonly label: Box } {
  const { x } = spotOf({ tokens, usd: 0 }, extent, plot);
  const width = widthOf(text) * CHARACTER;
  const aside = width / 2 + 6;
  const taken = dots.map((dot) => dotBox(spotOf(dot, extent, plot)));
  const rows = Array.from({ length: Math.floor(plot.height / HEIGHT) }, (_, row) => (row + 0.75) * HEIGHT);
  const sides = x + aside + width / 2 <= plot.width ? [x + aside, x - aside] : [x - aside];
  const boxes = rows.flatMap((y) => sides.map((at): Box => ({ x: at, y, width, height: HEIGHT })));
  const free = boxes.find((box) => inside(box, plot) && !taken.some((dot) => meet(box, dot)));
  const [first = { x, y: HEIGHT, width, height: HEIGHT }] = boxes;
  return { line: { x, y: plot.height / 2, width: LINE, height: plot.height }, label: free ?? first };
}
